"""A copy of an installation in one sealed file, made while it runs, and put back from it.

In the file: the database, as it is at one moment; the secret key; the files of all documents that
the copied database knows. Indexes, means and the encoder are made again. A database of SQLite is
one file in it, one of PostgreSQL a file for each table; each goes back into its own kind.
"""

import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO, Final, cast

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from app.database import get_alembic_config
from app.postgres_copies import (
    CopyImpossible,
    copy_in,
    copy_out,
    has_tables,
    list_storage_keys,
    read_contents,
)
from app.sealed_files import SealBroken, SealedReader, SealedWriter
from app.settings import Settings
from app.vault.storage.port import KEY, FileDamaged, FileMissing, FileStore, read_checked

_MANIFEST: Final = "manifest.json"
_DATABASE: Final = "yinqiao.db"
_SECRET_KEY: Final = "secret_key"  # noqa: S105 (the name of a file)
_DOCUMENTS: Final = "documents/"
_TABLES: Final = "tables/"
_TABLE: Final = re.compile(r"tables/[a-z0-9_]+(?:\.json)?")
_FOR_OWNER: Final = 0o600


class BackupImpossible(Exception):
    """It cannot be made or put back as things are; the message says what to do."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What is in a backup: when it was made, of which schema, and how many files of documents.

    `lost` are keys of files that the database knows and the store did not have, or had damaged.
    """

    made_at: str
    revision: str
    documents: int
    lost: tuple[str, ...] = ()


def make_backup(
    settings: Settings, store: FileStore, target: Path, *, at: datetime
) -> BackupReport:
    """`target` holds all of the installation as it was at one moment, sealed.

    It is there as a whole or not at all. Nobody waits for it. Raises BackupImpossible without a
    key, without a database with our schema, and where `target` exists; StoreUnavailable.
    """
    key = _get_key(settings)
    if target.exists():
        raise BackupImpossible(f"{target} exists: nothing is written over it.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".yinqiao-") as scratch:
        copy, draft = Path(scratch, "database"), Path(scratch, "draft")
        copy.mkdir()
        revision, keys = _copy_database(settings, copy)
        draft.touch(_FOR_OWNER)
        with draft.open("wb") as file:
            sealed = SealedWriter(file, key)
            with tarfile.open(mode="w|", fileobj=cast(BinaryIO, sealed)) as archive:
                manifest = {
                    "made_at": at.isoformat(),
                    "revision": revision,
                    "documents": len(keys),
                    "database": _get_kind(settings),
                    "database_sha256": _hash_files(copy),
                }
                _add(archive, _MANIFEST, json.dumps(manifest).encode())
                _add(archive, _SECRET_KEY, settings.secret_key.encode())
                for file_of_database in _list_files(copy):
                    archive.add(file_of_database, _name_in_archive(file_of_database))
                lost = tuple(_add_documents(archive, store, keys))
            sealed.close()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    return BackupReport(at.isoformat(), revision, len(keys) - len(lost), lost)


def check_backup(settings: Settings, source: Path) -> BackupReport:
    """Everything in `source` could be put back: read, unsealed and compared; nothing is written.

    Raises BackupImpossible.
    """
    with _unpacking(settings, source, store=None) as (report, _secret_key, _database):
        return report


def restore_backup(settings: Settings, store: FileStore, source: Path) -> BackupReport:
    """The installation is what it was when `source` was made. Its processes must not run.

    The files of documents come first, then the secret key, then the database in one step: whoever
    is killed in between begins again. Raises BackupImpossible without the key, where a database
    exists (on PostgreSQL: tables in it), for a file that is not whole, one of the other kind of
    database, and one of a newer release; StoreUnavailable.
    """
    _check_empty(settings)
    with _unpacking(settings, source, store=store) as (report, secret_key, database):
        path = settings.instance_path / _SECRET_KEY
        path.touch(_FOR_OWNER)
        path.write_bytes(secret_key)
        shutil.rmtree(settings.cache_path / "index", ignore_errors=True)
        _put_back(settings, database)
    return report


def _get_key(settings: Settings) -> str:
    if settings.backup_key is None:
        raise BackupImpossible(
            "YINQIAO_BACKUP_KEY is not set: take what `openssl rand -hex 32` prints, and keep it"
            " where the backups are not."
        )
    return settings.backup_key


def _get_kind(settings: Settings) -> str:
    return make_url(settings.database_url).get_backend_name()


def _find_file(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")


def _copy_database(settings: Settings, folder: Path) -> tuple[str, list[str]]:
    """The committed state of one moment is in `folder`, whoever writes meanwhile.

    Gives the schema's revision and the keys of the files that the database knows.
    """
    if _get_kind(settings) != "sqlite":
        try:
            copied = copy_out(settings.database_url, folder)
        except (CopyImpossible, OperationalError) as error:
            raise BackupImpossible(f"The database cannot be copied: {_word(error)}.") from error
        return copied.revision, list_storage_keys(folder, copied)
    source, copy = _find_file(settings), folder / _DATABASE
    if not source.exists():
        raise BackupImpossible(f"There is no database at {source}.")
    # SQLite's own backup.
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(copy)) as written:
        read.backup(written)
        # One file, without a log beside it.
        written.execute("PRAGMA journal_mode = DELETE")
    return _look_into(copy)


def _check_empty(settings: Settings) -> None:
    if _get_kind(settings) != "sqlite":
        try:
            is_there = has_tables(settings.database_url)
        except OperationalError as error:
            raise BackupImpossible("The database does not answer: make an empty one.") from error
        if is_there:
            raise BackupImpossible("There are tables in the database: name an empty one.")
    elif _find_file(settings).exists():
        raise BackupImpossible(
            f"There is a database at {_find_file(settings)}: move it away first."
        )


def _put_back(settings: Settings, folder: Path) -> None:
    if _get_kind(settings) != "sqlite":
        try:
            copy_in(settings.database_url, folder)
        except (CopyImpossible, DBAPIError) as error:
            raise BackupImpossible(f"The database was not filled: {_word(error)}.") from error
        return
    target = _find_file(settings)
    for leftover in ("-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    (folder / _DATABASE).replace(target)


def _inspect(
    settings: Settings, folder: Path, manifest: Mapping[str, str]
) -> tuple[str, list[str]]:
    """The revision and the keys of files of an unpacked database, of the kind that is at hand."""
    if manifest.get("database", "sqlite") != _get_kind(settings):
        raise BackupImpossible(
            f"It is of a database of {manifest.get('database', 'sqlite')}, and"
            " YINQIAO_DATABASE_URL names another kind."
        )
    if _get_kind(settings) == "sqlite":
        return _look_into(folder / _DATABASE)
    copied = read_contents(folder)
    return copied.revision, list_storage_keys(folder, copied)


def _word(error: Exception) -> str:
    # What a driver says may quote rows.
    return str(error) if isinstance(error, CopyImpossible) else "the server refused"


def _look_into(database: Path) -> tuple[str, list[str]]:
    """The schema's revision, and the keys of the files that the database knows."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise BackupImpossible("The database is damaged: PRAGMA integrity_check says where.")
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        rows = connection.execute(
            "SELECT DISTINCT storage_key FROM document_version"
            " WHERE storage_key IS NOT NULL ORDER BY storage_key"
        )
        return str(revision), [key for (key,) in rows]


def _add_documents(archive: tarfile.TarFile, store: FileStore, keys: list[str]) -> Iterator[str]:
    """Gives the keys of files that are not there as they should be."""
    for key in keys:
        try:
            content = read_checked(store, key)
        except (FileMissing, FileDamaged):
            yield key
        else:
            _add(archive, _DOCUMENTS + key, content)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


@contextmanager
def _unpacking(
    settings: Settings, source: Path, *, store: FileStore | None
) -> Iterator[tuple[BackupReport, bytes, Path]]:
    """What is in `source`, all of it checked; files of documents are put into `store`, if given."""
    key = _get_key(settings)
    with tempfile.TemporaryDirectory(dir=settings.instance_path, prefix=".restore-") as scratch:
        database = Path(scratch, "database")
        database.mkdir()
        try:
            with source.open("rb") as file:
                sealed = SealedReader(file, key)
                manifest, secret_key, documents = _unpack(sealed, database, store)
                sealed.finish()
        except FileNotFoundError as error:
            raise BackupImpossible(f"There is no file {source}.") from error
        except (SealBroken, tarfile.TarError, KeyError, ValueError) as error:
            raise BackupImpossible(f"{source} cannot be put back: {error}.") from error
        try:
            revision, keys = _inspect(settings, database, manifest)
        except CopyImpossible as error:
            raise BackupImpossible(f"{source} cannot be put back: {error}.") from error
        if _hash_files(database) != manifest["database_sha256"] or revision != manifest["revision"]:
            raise BackupImpossible(f"{source} cannot be put back: its database is another one.")
        _check_revision(revision)
        lost = tuple(sorted(set(keys) - documents))
        yield (
            BackupReport(manifest["made_at"], revision, len(documents), lost),
            secret_key,
            database,
        )


def _unpack(
    sealed: SealedReader, database: Path, store: FileStore | None
) -> tuple[dict[str, str], bytes, set[str]]:
    manifest: dict[str, str] = {}
    secret_key, documents = b"", set()
    with tarfile.open(mode="r|", fileobj=cast(BinaryIO, sealed)) as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            if content is None:
                raise ValueError(f"{entry.name!r} is no file")
            if entry.name == _DATABASE or _TABLE.fullmatch(entry.name):
                with (database / entry.name.removeprefix(_TABLES)).open("wb") as file:
                    shutil.copyfileobj(content, file)
            elif entry.name == _MANIFEST:
                manifest = json.loads(content.read())
            elif entry.name == _SECRET_KEY:
                secret_key = content.read()
            else:
                documents.add(_keep_document(entry.name, content.read(), store))
    if not (manifest and secret_key and _list_files(database)):
        raise ValueError("something is missing in it")
    return manifest, secret_key, documents


def _keep_document(name: str, content: bytes, store: FileStore | None) -> str:
    key = name.removeprefix(_DOCUMENTS)
    parts = KEY.fullmatch(key)
    if parts is None or sha256(content).hexdigest() != parts["sha256"]:
        raise ValueError(f"{name!r} is not what it was")
    if store is not None:
        store.put(key, content)
    return key


def _check_revision(revision: str) -> None:
    try:
        ScriptDirectory.from_config(get_alembic_config()).get_revision(revision)
    except CommandError as error:
        raise BackupImpossible(
            "It was made by a newer release: install that one, then restore."
        ) from error


def _list_files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def _name_in_archive(path: Path) -> str:
    return _DATABASE if path.name == _DATABASE else _TABLES + path.name


def _hash_files(folder: Path) -> str:
    """SHA-256 of the one file in `folder`; of several, over their names and hashes in order."""
    hashes = []
    for path in _list_files(folder):
        with path.open("rb") as file:
            hashes.append((path.name, file_digest(file, "sha256").hexdigest()))
    if len(hashes) == 1:
        return hashes[0][1]
    return sha256(json.dumps(hashes).encode()).hexdigest()
