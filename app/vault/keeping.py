"""The way of a file into the store and out of it, around the transaction that knows of it.

The bytes come first and the row after them: whoever is killed in between leaves a file that no
row knows, which is swept away later, and never a row without its file.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.errors import DomainError
from app.vault.contents import PLAIN_TEXTS, CheckedFile, decode_text
from app.vault.errors import FileHasNoText, FileLost, FilesUnavailable, TextTooLong
from app.vault.storage.port import (
    FileDamaged,
    FileMissing,
    FileStore,
    StoreUnavailable,
    make_key,
    read_checked,
)
from app.words.limits import measure_length
from models.canonical import canonical_text
from models.documents import DocumentVersion

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A checked file that is in the store under `key`, and in no row yet."""

    key: str
    file: CheckedFile


@contextmanager
def keeping(store: FileStore, file: CheckedFile) -> Iterator[StoredFile]:
    """Inside, `file` is in the store; write the row and commit there.

    When a rule forbids it inside, the file is taken away again. After any other error nobody
    knows whether the commit happened: the file stays, and is swept away later if it did not.
    Raises FilesUnavailable.
    """
    key = make_key(file.content)
    try:
        store.put(key, file.content)
    except StoreUnavailable as error:
        log.exception("a file could not be stored")
        raise FilesUnavailable from error
    try:
        yield StoredFile(key, file)
    except DomainError:
        remove_files(store, [key])
        raise


def read_file(store: FileStore, version: DocumentVersion) -> bytes:
    """The bytes of `version`, checked against its hash. Raises FileLost, FilesUnavailable."""
    try:
        if version.storage_key is None:
            raise FileMissing(version.sha256)
        return read_checked(store, version.storage_key)
    except StoreUnavailable as error:
        log.exception("a file could not be read")
        raise FilesUnavailable from error
    except (FileMissing, FileDamaged) as error:
        log.critical("the file %s is lost: run yinqiao vault verify", version.storage_key)
        raise FileLost from error


def read_text(store: FileStore, version: DocumentVersion, *, most: int) -> str:
    """The words of `version` as canonical text of at most `most` characters.

    Raises FileHasNoText for a file of another kind or an empty one, TextTooLong, FileLost,
    FilesUnavailable.
    """
    if version.file_type not in PLAIN_TEXTS:
        raise FileHasNoText
    said = decode_text(read_file(store, version))
    text = "" if said is None else canonical_text(said)
    if not text:
        raise FileHasNoText
    if (count := measure_length(text)) > most:
        raise TextTooLong(limit=most, count=count)
    return text


def remove_files(store: FileStore, keys: Iterable[str]) -> int:
    """Take files away of which the database, after its commit, knows nothing any more.

    Returns how many. What cannot be removed now is swept away later.
    """
    removed = 0
    for key in keys:
        try:
            store.remove(key)
        except StoreUnavailable:
            log.exception("a file could not be removed; it is tried again")
        else:
            removed += 1
    return removed
