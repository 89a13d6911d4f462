"""What every store of files can do, and how a file is called in it."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Protocol

# The hash of the bytes, by which a file can be checked without the database, and 64 random bits.
KEY: Final = re.compile(
    r"(?P<folder>[0-9a-f]{2})/(?P<sha256>(?P=folder)[0-9a-f]{62})\.[0-9a-f]{16}"
)


class FileMissing(Exception):
    """The store has no file under this key."""


class FileDamaged(Exception):
    """The bytes under this key are not those that were put there."""


class StoreUnavailable(Exception):
    """The store cannot be reached, is full, or refuses; the message says what it said."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as a store lists it: `size` in bytes, `modified_at` by the store's own clock."""

    key: str
    size: int
    modified_at: datetime


class FileStore(Protocol):
    """Keeps files under keys. A file is there as a whole or not at all."""

    def put(self, key: str, content: bytes) -> None:
        """`content` is there under `key`, also after a crash. Raises StoreUnavailable."""
        ...

    def read(self, key: str) -> bytes:
        """The bytes under `key`. Raises FileMissing, StoreUnavailable."""
        ...

    def remove(self, key: str) -> None:
        """Nothing is there under `key`, whether there was or not. Raises StoreUnavailable."""
        ...

    def list_files(self) -> Iterator[KeptFile]:
        """All that is there, also what an upload that was cut off left. Raises StoreUnavailable."""
        ...


def make_key(content: bytes) -> str:
    """A new key for `content`, which begins with its SHA-256."""
    digest = sha256(content).hexdigest()
    return f"{digest[:2]}/{digest}.{secrets.token_hex(8)}"


def read_checked(store: FileStore, key: str) -> bytes:
    """The bytes under `key`, of which the hash in the key is true.

    Raises FileMissing, FileDamaged, StoreUnavailable, and ValueError for what is no key.
    """
    parts = KEY.fullmatch(key)
    if parts is None:
        raise ValueError(f"{key!r} is no key of a file")
    content = store.read(key)
    if sha256(content).hexdigest() != parts["sha256"]:
        raise FileDamaged(key)
    return content
