"""A packed encoder of a few kilobytes, laid out as `matching.encoders.bundle_reader` says."""

import struct

import numpy as np
from numpy.typing import NDArray

HIDDEN, LAYERS, HEADS, INNER, POSITIONS, TYPES = 32, 2, 2, 64, 512, 2
PIECES = [
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("\u2581", -2.0),
    ("\u2581器件", -3.0),
    ("器", -4.0),
    ("件", -4.5),
    ("～", -5.0),
    ("~", -5.0),
    ("<mask>", 0.0),
]
NORMALISATION = {"Ａ": "A", "\ufdfa": "صلى"}


def pack_tiny_model() -> bytes:
    """The same bytes at every call: weights count through the sixteen values of a nibble."""
    tensors = [("emb.word", (len(PIECES), HIDDEN)), ("emb.pos", (POSITIONS, HIDDEN))]
    tensors += [("emb.type", (TYPES, HIDDEN)), ("emb.ln.w", (HIDDEN,)), ("emb.ln.b", (HIDDEN,))]
    for layer in range(LAYERS):
        for part, shape in (
            ("q", (HIDDEN, HIDDEN)),
            ("k", (HIDDEN, HIDDEN)),
            ("v", (HIDDEN, HIDDEN)),
            ("ao", (HIDDEN, HIDDEN)),
            ("aln", (HIDDEN,)),
            ("fi", (INNER, HIDDEN)),
            ("fo", (HIDDEN, INNER)),
            ("oln", (HIDDEN,)),
        ):
            tensors += [(f"l{layer}.{part}.w", shape), (f"l{layer}.{part}.b", shape[:1])]
    head = _pack_head()
    packed = [_pack_tensor(name, shape) for name, shape in tensors]
    directory_bytes = 4 + sum(2 + len(name) + 21 for name, _ in tensors)
    offset = len(head) + directory_bytes
    directory = struct.pack("<i", len(tensors))
    for (name, shape), (kind, content) in zip(tensors, packed, strict=True):
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, int(np.prod(shape)), offset, len(content))
        offset += len(content)
    return head + directory + b"".join(content for _, content in packed)


def expected_weights(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """What a 4-bit tensor of `shape` unpacks to: 16 values, each −8…7 halves, over and over."""
    flat = (np.arange(np.prod(shape)) % 16 - 8) * 0.5
    return flat.reshape(shape).astype(np.float32)


def _pack_head() -> bytes:
    sizes = struct.pack("<7i", HIDDEN, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, TYPES)
    head = b"E5S1" + struct.pack("<I", 1) + sizes + struct.pack("<fi", 1e-12, 32)
    blob = b""
    offsets = [0]
    for piece, _ in PIECES:
        blob += piece.encode()
        offsets.append(len(blob))
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    head += struct.pack(f"<{len(offsets)}I", *offsets)
    head += struct.pack(f"<{len(PIECES)}f", *(score for _, score in PIECES))
    head += blob
    entries = b"".join(
        struct.pack(f"<IB{len(after)}I", ord(before), len(after), *map(ord, after))
        for before, after in NORMALISATION.items()
    )
    return head + struct.pack("<iI", len(NORMALISATION), len(entries)) + entries


def _pack_tensor(name: str, shape: tuple[int, ...]) -> tuple[int, bytes]:
    count = int(np.prod(shape))
    if len(shape) == 1 or name in ("emb.pos", "emb.type"):
        return 0, np.linspace(0.5, 1.5, count, dtype="<f4").tobytes()
    # Weight i of a block is nibble i % 16; low nibbles are weights 0–15, high ones 16–31.
    block = struct.pack("<e", 0.5) + bytes(i | i << 4 for i in range(16))
    return 1, block * (count // 32)
