"""Files that are sealed as they are written: read, and known to be whole, with the key alone.

After a head of ten bytes and sixteen random ones come pieces: one byte that says whether it is the
last, four with a length, and so many of AES-256-GCM (NIST SP 800-38D). The key of a file is derived
from ours and its random bytes (HKDF, RFC 5869), so that pieces are simply counted. Head, place and
last piece are part of what is sealed: pieces that were swapped, left out or cut off are found.
"""

import os
import struct
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_HEAD: Final = b"YINQIAO-1\n"
_SALT_BYTES: Final = 16
_PIECE_BYTES: Final = 1_048_576
_TAG_BYTES: Final = 16
_FRAME: Final = struct.Struct(">BI")


class SealBroken(Exception):
    """The file was sealed with another key, changed, or cut off."""


class SealedWriter:
    """Seals what is written to it into `file`; whole once it is closed."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        self._file = file
        self._head = _HEAD + os.urandom(_SALT_BYTES)
        self._cipher = _make_cipher(key, self._head)
        self._waiting = bytearray()
        self._count = 0
        file.write(self._head)

    def write(self, content: bytes) -> int:
        """`content` comes next."""
        self._waiting += content
        while len(self._waiting) > _PIECE_BYTES:
            self._put(bytes(self._waiting[:_PIECE_BYTES]), is_last=False)
            del self._waiting[:_PIECE_BYTES]
        return len(content)

    def close(self) -> None:
        """Nothing comes any more. The file below stays open."""
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        about = self._head + bytes([is_last])
        sealed = self._cipher.encrypt(_make_nonce(self._count), piece, about)
        self._count += 1
        self._file.write(_FRAME.pack(is_last, len(sealed)) + sealed)


class SealedReader:
    """Reads what a `SealedWriter` wrote. Raises SealBroken for what it did not, with this key."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        self._file = file
        self._head = file.read(len(_HEAD) + _SALT_BYTES)
        if len(self._head) != len(_HEAD) + _SALT_BYTES or not self._head.startswith(_HEAD):
            raise SealBroken("this is no sealed file")
        self._cipher = _make_cipher(key, self._head)
        self._ready = bytearray()
        self._count = 0
        self._is_over = False

    def read(self, size: int) -> bytes:
        """The next `size` bytes; fewer only at the end. Raises SealBroken."""
        while len(self._ready) < size and not self._is_over:
            self._take()
        content = bytes(self._ready[:size])
        del self._ready[:size]
        return content

    def finish(self) -> None:
        """The rest is read, and known to be whole. Raises SealBroken."""
        while not self._is_over:
            self._take()
        if self._file.read(1):
            raise SealBroken("something was put behind the end")

    def _take(self) -> None:
        frame = self._file.read(_FRAME.size)
        if len(frame) != _FRAME.size:
            raise SealBroken("the file is cut off")
        is_last, length = _FRAME.unpack(frame)
        if length > _PIECE_BYTES + _TAG_BYTES:
            raise SealBroken("the file was changed")
        sealed = self._file.read(length)
        try:
            self._ready += self._cipher.decrypt(
                _make_nonce(self._count), sealed, self._head + bytes([is_last])
            )
        except InvalidTag:
            raise SealBroken("the key is another one, or the file was changed") from None
        self._count += 1
        self._is_over = bool(is_last)


def _make_cipher(key: str, head: bytes) -> AESGCM:
    derived = HKDF(SHA256(), 32, salt=head[len(_HEAD) :], info=b"yinqiao.sealed file")
    return AESGCM(derived.derive(key.encode()))


def _make_nonce(count: int) -> bytes:
    return count.to_bytes(12, "big")
