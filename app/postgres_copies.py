"""A PostgreSQL database as files of rows, one for each table, and put back from them.

All rows are of one moment: they are read in one transaction that sees what was committed when it
began, while others go on. No program of PostgreSQL is needed, and the files (COPY, in text) go into
any release of it that the schema allows.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final, Literal

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, MetaData, inspect, text

from app.database import upgrade_within
from models.orm import create_engine_for

CONTENTS: Final = "tables.json"
_VERSIONS: Final = "alembic_version"
_READ_BYTES: Final = 1_048_576


class CopyImpossible(Exception):
    """The database cannot be copied or filled as things are; the message says why."""


@dataclass(frozen=True, slots=True)
class TableCopy:
    """One table: its columns in order, how many rows, and the SHA-256 of their file."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    """What was read at one moment: the schema's revision, and each table."""

    revision: str
    tables: tuple[TableCopy, ...]

    def write(self, folder: Path) -> None:
        """Say in `folder` what the files beside it are."""
        written = {"revision": self.revision, "tables": [asdict(each) for each in self.tables]}
        (folder / CONTENTS).write_text(json.dumps(written), encoding="utf-8")


def read_contents(folder: Path) -> DatabaseCopy:
    """What `folder` says is in it, its files compared. Raises CopyImpossible, also for what is not
    there."""
    try:
        told = json.loads((folder / CONTENTS).read_text(encoding="utf-8"))
        tables = tuple(
            TableCopy(
                str(each["name"]),
                tuple(str(column) for column in each["columns"]),
                int(each["rows"]),
                str(each["sha256"]),
            )
            for each in told["tables"]
        )
        for each in tables:
            if _hash(folder / each.name) != each.sha256:
                raise CopyImpossible(f"the table {each.name} is another one")
        return DatabaseCopy(str(told["revision"]), tables)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CopyImpossible("a table is missing in it") from error


def copy_out(url: str, folder: Path) -> DatabaseCopy:
    """The rows of every table at `url` are in `folder`, as they were at one moment.

    Raises CopyImpossible where there is no schema of ours.
    """
    with _connecting(url) as engine, engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        names = _list_tables(connection)
        if _VERSIONS not in inspect(connection).get_table_names():
            raise CopyImpossible("there is no schema in the database")
        revision = connection.scalar(text(f"SELECT version_num FROM {_VERSIONS}"))  # noqa: S608  # nosec B608  # a name of ours
        tables = tuple(_copy_table_out(connection, name, folder / name) for name in names)
        copied = DatabaseCopy(str(revision), tables)
    copied.write(folder)
    return copied


def copy_in(url: str, folder: Path) -> None:
    """The empty database at `url` has the schema and the rows that `folder` holds, all or nothing.

    Raises CopyImpossible where there are tables, and for files that are not what they were.
    """
    copied = read_contents(folder)
    with _connecting(url) as engine, engine.begin() as connection:
        if inspect(connection).get_table_names():
            raise CopyImpossible("there are tables in the database: name an empty one")
        upgrade_within(connection, copied.revision)
        order = _list_tables(connection)
        given = {each.name: each for each in copied.tables}
        if set(order) != set(given):
            raise CopyImpossible("its tables are not those of its schema")
        quote = connection.dialect.identifier_preparer.quote
        # What migrations wrote is in the copy, too.
        every = ", ".join(quote(name) for name in order)
        connection.execute(text(f"TRUNCATE {every}"))
        for name in order:
            _copy_table_in(connection, given[name], folder / name)
        for statement in _list_sequences(connection):
            connection.execute(text(statement))


def has_tables(url: str) -> bool:
    """Whether anything stands in the database at `url`. Raises OperationalError without one."""
    with _connecting(url) as engine, engine.connect() as connection:
        return bool(inspect(connection).get_table_names())


def list_storage_keys(folder: Path, copied: DatabaseCopy) -> list[str]:
    """The keys of the files of documents that the copied database knows, in order."""
    table = next((each for each in copied.tables if each.name == "document_version"), None)
    if table is None:
        return []
    place = table.columns.index("storage_key")
    # A key has no character that COPY would write otherwise.
    with (folder / table.name).open(encoding="utf-8") as rows:
        keys = {row.rstrip("\n").split("\t")[place] for row in rows}
    return sorted(keys - {r"\N"})


@contextmanager
def _connecting(url: str) -> Iterator[Engine]:
    engine = create_engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _list_tables(connection: Connection) -> list[str]:
    """Every table but the one with the revision, those first to which others refer."""
    found = MetaData()
    found.reflect(connection, resolve_fks=False)
    return [table.name for table in found.sorted_tables if table.name != _VERSIONS]


def _copy_table_out(connection: Connection, name: str, target: Path) -> TableCopy:
    columns = tuple(
        column["name"]
        for column in inspect(connection).get_columns(name)
        if not column.get("computed")
    )
    cursor = _get_driver_connection(connection).cursor()
    with _refusing(name), target.open("wb") as file, cursor:
        with cursor.copy(_write_copy(name, columns, "TO STDOUT")) as rows:
            for piece in rows:
                file.write(piece)
        count = int(cursor.rowcount)
    return TableCopy(name, columns, count, _hash(target))


def _copy_table_in(connection: Connection, table: TableCopy, source: Path) -> None:
    cursor = _get_driver_connection(connection).cursor()
    with _refusing(table.name), source.open("rb") as file, cursor:
        with cursor.copy(_write_copy(table.name, table.columns, "FROM STDIN")) as rows:
            while piece := file.read(_READ_BYTES):
                rows.write(piece)
        if cursor.rowcount != table.rows:
            raise CopyImpossible(f"the table {table.name} has another number of rows")


@contextmanager
def _refusing(table: str) -> Iterator[None]:
    """Raise CopyImpossible for what the server refuses: the driver itself is asked, and what it
    says quotes rows."""
    try:
        yield
    except psycopg.Error:
        raise CopyImpossible(f"the server refused the rows of {table}") from None


def _write_copy(
    name: str, columns: tuple[str, ...], way: Literal["TO STDOUT", "FROM STDIN"]
) -> sql.Composed:
    listed = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(name), listed, sql.SQL(way))


def _get_driver_connection(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _list_sequences(connection: Connection) -> list[str]:
    """Statements by which every sequence goes on behind the largest number that was given."""
    quote = connection.dialect.identifier_preparer.quote
    found = connection.execute(
        text(
            "SELECT t.relname, a.attname, s.oid::regclass::text FROM pg_class s"
            " JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')"
            " JOIN pg_class t ON t.oid = d.refobjid"
            " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
            " WHERE s.relkind = 'S' AND t.relkind = 'r'"
        )
    )
    return [
        f"SELECT setval('{sequence}', (SELECT COALESCE(MAX({quote(column)}), 0) + 1"  # noqa: S608  # nosec B608  # names of the schema
        f" FROM {quote(table)}), false)"
        for table, column, sequence in found
    ]


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
