"""A store in a folder of this machine, for one machine or a disk that several share."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.vault.storage.port import KEY, FileMissing, KeptFile, StoreUnavailable

# Where a file is written before it is whole. Its name there is no key, so nobody can ask for it.
_INCOMING: Final = "incoming"

_NOT_FOR_OTHERS: Final = 0o700
_READ_AND_WRITE: Final = 0o600


class FolderStore:
    """Files below `root`, readable by the user of this process alone.

    A file is written beside its place, brought onto the disk, and then moved there in one step,
    which is brought onto the disk too.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: bytes) -> None:
        """Write, flush, move, flush."""
        place = self._find_place(key)
        with _saying_what_failed():
            for folder in (self._root, self._root / _INCOMING, place.parent):
                folder.mkdir(mode=_NOT_FOR_OTHERS, parents=True, exist_ok=True)
            draft = self._root / _INCOMING / secrets.token_hex(16)
            try:
                _write_through(draft, content)
                draft.replace(place)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
            # The entry in the folder, and the folder's own in the one above.
            _flush_folder(place.parent)
            _flush_folder(self._root)

    def read(self, key: str) -> bytes:
        """Read the whole file."""
        with _saying_what_failed():
            try:
                return self._find_place(key).read_bytes()
            except FileNotFoundError as error:
                raise FileMissing(key) from error

    def remove(self, key: str) -> None:
        """Unlink the file, also one that never became whole."""
        folder, _, name = key.partition("/")
        is_draft = folder == _INCOMING and name.isalnum()
        place = self._root / _INCOMING / name if is_draft else self._find_place(key)
        with _saying_what_failed():
            place.unlink(missing_ok=True)

    def list_files(self) -> Iterator[KeptFile]:
        """Walk the folder; what somebody else laid into it is not ours and not listed."""
        with _saying_what_failed():
            folders = sorted(self._root.iterdir()) if self._root.is_dir() else []
        for folder in folders:
            with _saying_what_failed():
                entries = (
                    sorted(os.scandir(folder), key=lambda each: each.name)
                    if folder.is_dir()
                    else []
                )
            for entry in entries:
                key = f"{folder.name}/{entry.name}"
                if folder.name != _INCOMING and not KEY.fullmatch(key):
                    continue
                # Somebody may be taking it away right now.
                with suppress(FileNotFoundError):
                    facts = entry.stat(follow_symlinks=False)
                    modified = datetime.fromtimestamp(facts.st_mtime, UTC)
                    yield KeptFile(key, facts.st_size, modified)

    def _find_place(self, key: str) -> Path:
        """Where the file is. Raises ValueError for what is no key: it could lead anywhere."""
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a file")
        return self._root / key


def _write_through(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, _READ_AND_WRITE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _saying_what_failed() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"the folder of documents: {error.strerror or error}") from error
