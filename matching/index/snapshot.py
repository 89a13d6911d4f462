"""Snapshots of an index on disk: so that a process starts without reading every provider again.

A snapshot is a folder of its own with a manifest. It is written under another name, made durable
and renamed, so that it is there as a whole or not at all. Its name says of which database and at
which revision it is; its manifest has a checksum of every file, and names everything else that its
content depends on. Whatever does not hold is thrown away, and the index is built from the database.

A removal must not be survived by a snapshot that has the removed provider. Whoever applies one
first leaves a mark with its revision and then deletes the older snapshots; whoever writes a
snapshot first renames it and then looks for a mark. So one of both deletes it, whatever the order,
and no lock is held for it.
"""

import fcntl
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from matching.index.rows import Index

log = logging.getLogger(__name__)

# Everything below it counts: what a folder holds may cut, count, centre or store.
_PACKAGE = Path(__file__).parents[1]

_MANIFEST = "manifest.json"
_UNFINISHED = "unfinished-"
_MARK = "removed-"
_READ_AT_ONCE = 1 << 22
_THREADS = 2


class SnapshotInvalid(Exception):
    """A snapshot is not what was written, or not of what is there now; says why."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a snapshot's content depends on besides the database and the revision."""

    encoder: str
    background: str
    program: str

    @classmethod
    def of(cls, encoder: str, background: str) -> "Origin":
        """With the program that is running."""
        return cls(encoder, background, read_program())

    @property
    def short(self) -> str:
        """Sixteen hex digits that tell it from others in a name."""
        return _sum_text(f"{self.encoder} {self.background} {self.program}")[:16]


def list_program_files() -> list[Path]:
    """Every file of `matching` that decides what stands in an index: its code and its tables."""
    return sorted(
        path
        for path in _PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    )


@cache
def read_program() -> str:
    """64 hex digits that name the code of this package and of what cuts its words.

    Whatever changes in how texts are cut, counted, centred or stored, an older snapshot is not
    read by newer code.
    """
    digest = hashlib.blake2b(digest_size=32)
    for path in list_program_files():
        digest.update(str(path.relative_to(_PACKAGE)).encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    for package in ("rjieba", "opencc", "numpy", "faiss-cpu"):
        digest.update(f"{package} {version(package)}\0".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Name:
    """The name of a snapshot's folder: of which database, at which revision, of which origin."""

    path: Path
    identity: str
    revision: int
    origin: str

    @classmethod
    def read(cls, path: Path) -> "_Name | None":
        parts = path.name.split("-")
        if len(parts) != 4 or not parts[1].isdecimal():
            return None
        return cls(path, parts[0], int(parts[1]), parts[2])


class SnapshotFolder:
    """The snapshots in one folder, which processes share; it holds those of one database.

    `read_identity` tells the database of an index from every other one. While it gives "", nothing
    is written or read.
    """

    def __init__(self, folder: Path, read_identity: Callable[[], str]) -> None:
        self._folder = folder
        self.read_identity = read_identity

    def load(self, index: Index, identity: str, origin: Origin, latest: int) -> int | None:
        """Fill the empty `index` from the newest snapshot of this origin; its revision, or None.

        A snapshot of a later revision than `latest` is of a database that was put back to an
        earlier state, and is thrown away, as is one that is not as it was written. After None
        `index` is of no use: it may be half filled.
        """
        newest = self._find_newest(identity, origin)
        if newest is None:
            return None
        try:
            if newest.revision > latest:
                raise SnapshotInvalid("it is of a later revision than the database")
            if newest.revision < self._find_mark(identity):
                raise SnapshotInvalid("it may hold a provider that was removed since")
            _verify(newest, origin)
            index.restore(newest.path)
        except FileNotFoundError as error:
            log.warning("the snapshot %s lacks a file or was replaced: %s", newest.path.name, error)
        except Exception as error:
            # Whatever stands in a file: it must keep no process from building its index.
            log.warning("the snapshot %s is thrown away: %s", newest.path.name, error)
        else:
            return newest.revision
        shutil.rmtree(newest.path, ignore_errors=True)
        return None

    def find_revision(self, identity: str, origin: Origin) -> int | None:
        """The revision of the newest snapshot of this database and origin, sound or not."""
        newest = self._find_newest(identity, origin)
        return None if newest is None else newest.revision

    @contextmanager
    def writing(self, identity: str) -> Iterator["SnapshotWriter | None"]:
        """The one who may write at present; None while another process or thread does."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            for path in self._folder.glob(f"{_UNFINISHED}*"):
                # Of a writer that was killed: a living one would hold the lock.
                shutil.rmtree(path, ignore_errors=True)
            part = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self._folder))
            try:
                yield SnapshotWriter(self, part, identity)
            finally:
                shutil.rmtree(part, ignore_errors=True)

    def clear(self) -> None:
        """No snapshot is left, of whatever database."""
        for name in self._list():
            shutil.rmtree(name.path, ignore_errors=True)

    def forget_before(self, identity: str, revision: int) -> None:
        """No snapshot of this database from before `revision` is left, and none will appear."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._find_mark(identity) < revision:
            # A mark is a name: two that are left at the same time cannot undo each other.
            (self._folder / f"{_MARK}{identity}-{revision:012d}").touch()
            _sync_folder(self._folder)
        for path in self._list_marks(identity):
            if _read_mark(path) < revision:
                path.unlink(missing_ok=True)
        for name in self._list():
            if name.identity == identity and name.revision < revision:
                shutil.rmtree(name.path, ignore_errors=True)

    def publish(self, part: Path, identity: str, revision: int, origin: Origin) -> None:
        """The folder `part` is the snapshot, in place of every other one."""
        target = self._folder / f"{identity}-{revision:012d}-{origin.short}-{os.urandom(4).hex()}"
        part.rename(target)
        _sync_folder(self._folder)
        for name in self._list():
            if name.path != target:
                shutil.rmtree(name.path, ignore_errors=True)
        if self._find_mark(identity) > revision:
            shutil.rmtree(target, ignore_errors=True)

    def _find_newest(self, identity: str, origin: Origin) -> _Name | None:
        own = [
            name
            for name in self._list()
            if identity and (name.identity, name.origin) == (identity, origin.short)
        ]
        return max(own, key=lambda name: name.revision, default=None)

    def _list(self) -> list[_Name]:
        if not self._folder.is_dir():
            return []
        # Nobody of ours leaves links, and what one leads to is not removed with it.
        own = (path for path in self._folder.iterdir() if path.is_dir() and not path.is_symlink())
        found = [_Name.read(path) for path in own]
        return [name for name in found if name is not None]

    def _list_marks(self, identity: str) -> list[Path]:
        return list(self._folder.glob(f"{_MARK}{identity}-*"))

    def _find_mark(self, identity: str) -> int:
        """The revision of the last removal that was applied anywhere; 0 when there was none."""
        return max((_read_mark(path) for path in self._list_marks(identity)), default=0)


class SnapshotWriter:
    """Writes one snapshot: `fill` while the index stands still, `publish` when it may go on."""

    def __init__(self, folder: SnapshotFolder, part: Path, identity: str) -> None:
        self._folder = folder
        self._part = part
        self._identity = identity
        self._revision = 0

    def fill(self, index: Index, revision: int) -> None:
        """The content of `index`, which is at `revision`, is in files that nobody reads yet."""
        index.save(self._part)
        self._revision = revision

    def publish(self, origin: Origin) -> None:
        """What was filled is the snapshot of this database, also after a failure of power."""
        paths = _list_files(self._part)
        with ThreadPoolExecutor(_THREADS) as pool:
            sums = list(pool.map(_sync_and_sum, paths))
        files = {path.name: digest for path, digest in zip(paths, sums, strict=True)}
        body = _word_manifest(files, origin, self._identity, self._revision)
        manifest = self._part / _MANIFEST
        manifest.write_text(json.dumps({"sum": _sum_text(body), "body": body}), encoding="utf-8")
        _sync_and_sum(manifest)
        _sync_folder(self._part)
        self._folder.publish(self._part, self._identity, self._revision, origin)


def _read_mark(path: Path) -> int:
    revision = path.name.rpartition("-")[2]
    return int(revision) if revision.isdecimal() else 0


def _word_manifest(files: dict[str, str], origin: Origin, identity: str, revision: int) -> str:
    return json.dumps(
        {
            "files": files,
            "encoder": origin.encoder,
            "background": origin.background,
            "program": origin.program,
            "identity": identity,
            "revision": revision,
        },
        sort_keys=True,
    )


def _verify(name: _Name, origin: Origin) -> None:
    """Raise SnapshotInvalid unless the snapshot is as it was written, and by this origin."""
    manifest = json.loads((name.path / _MANIFEST).read_text(encoding="utf-8"))
    if not isinstance(manifest, dict) or not isinstance(body := manifest.get("body"), str):
        raise SnapshotInvalid("its manifest cannot be read")
    if manifest.get("sum") != _sum_text(body):
        raise SnapshotInvalid("its manifest has changed")
    files = json.loads(body)["files"]
    if body != _word_manifest(files, origin, name.identity, name.revision):
        raise SnapshotInvalid("its name is not its own")
    if {path.name for path in _list_files(name.path)} != {*files, _MANIFEST}:
        raise SnapshotInvalid("its files are not those that were written")
    # The largest first, so that the threads end together.
    largest = sorted(files, key=lambda file: -(name.path / file).stat().st_size)
    with ThreadPoolExecutor(_THREADS) as pool:
        sums = pool.map(_sum_file, [name.path / file for file in largest])
        for file, digest in zip(largest, sums, strict=True):
            if digest != files[file]:
                raise SnapshotInvalid(f"its file {file} has changed")


def _list_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def _sum_text(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=32).hexdigest()


def _sum_file(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=32)
    with path.open("rb", buffering=0) as file:
        while part := file.read(_READ_AT_ONCE):
            digest.update(part)
    return digest.hexdigest()


def _sync_and_sum(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return _sum_file(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some file systems of networks cannot do this and say so.
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
