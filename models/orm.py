"""The declarative base, the column types and the engine that every table stands on.

Belongs here: what is true of all tables. What one table means belongs in its own module.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    create_engine,
    delete,
    event,
    make_url,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from models.erasure import holds_no_person

Code = TypeVar("Code", bound=StrEnum)

# How long a writer waits for another one before it gives up, in seconds.
BUSY_TIMEOUT_SECONDS = 20

# The same on PostgreSQL, where locks are of rows and many may wait in one line, in seconds.
LOCK_TIMEOUT_SECONDS = 30

# What a connection over a network does not wait for longer than, in seconds: its beginning, and a
# machine that is gone without a word.
_CONNECTING = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}

WRITER_OPTION = "yinqiao_writer"


class Base(DeclarativeBase):
    """The base of every table, with one convention for constraint names on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC, also on a database that keeps no zone.

    Raises ValueError for a naive time: a time without a zone is a mistake of ours.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the driver a time in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the program an aware time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CodeList(TypeDecorator[list[Any]]):
    """A list of codes of one vocabulary, in the vocabulary's own order and without repeats.

    Raises ValueError for a code that the vocabulary does not know.
    """

    impl = JSON
    cache_ok = True
    # What an erasure asks of a type; see models/erasure.py.
    holds_no_person = True

    def __init__(self, vocabulary: type[StrEnum]) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> list[str] | None:
        """Check and order the codes."""
        if value is None:
            return None
        wanted = {self.vocabulary(code) for code in value}
        return [code.value for code in self.vocabulary if code in wanted]

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> list[Any] | None:
        """Give the codes back as members of the vocabulary."""
        return None if value is None else [self.vocabulary(code) for code in value]


class TextList(TypeDecorator[list[str]]):
    """A list of short free texts, kept in the order given, without repeats and empty ones."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> list[str] | None:
        """Drop what is empty or said twice."""
        if value is None:
            return None
        return list(dict.fromkeys(text.strip() for text in value if text.strip()))


def code_type(vocabulary: type[StrEnum], name: str) -> Enum:
    """The column type of one code: text with a check constraint called `name`."""
    return Enum(
        vocabulary,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda codes: [code.value for code in codes],
    )


def new_public_id() -> str:
    """A random identifier of 64 bits for addresses; row numbers are never shown outside."""
    return secrets.token_hex(8)


class PublicIdText(TypeDecorator[str]):
    """The text of a public id, as anybody may have typed it.

    PostgreSQL fails on a NUL, which no id has: it is looked for as "", which no id is either.
    """

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Give the driver what it can look for."""
        return "" if value is not None and "\0" in value else value


class PublicId:
    """Mixin: an integer key inside, a random public one outside."""

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(
        PublicIdText, unique=True, default=new_public_id, info=holds_no_person()
    )


def create_engine_for(url: str, **options: Any) -> Engine:
    """An engine for `url` with the settings that both databases need to behave alike.

    SQLite: foreign keys are on, readers do not block writers (WAL), a writer waits up to
    `BUSY_TIMEOUT_SECONDS`, what is deleted is overwritten with zeros, and the driver's own
    transaction handling, which loses savepoints on Python 3.11, is replaced by explicit BEGIN.
    PostgreSQL: nobody waits for a lock longer than `LOCK_TIMEOUT_SECONDS`, nor for a server that
    stands still (`models/standing_still.py`).
    On both, errors name the statement and never what was in it: they go into logs.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql" and parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    connecting = choose_connecting(url, options.pop("connect_args", None))
    engine = create_engine(parsed, **{"hide_parameters": True} | connecting | options)
    configure_engine(engine)
    return engine


def choose_connecting(
    url: str, more: Mapping[str, Any] | None = None, *, statement_seconds: int = 0
) -> dict[str, Any]:
    """The options of an engine for `url` that say how it connects, with `more` for the driver.

    On PostgreSQL connections notice when the server stands still, and when a statement takes
    longer than `statement_seconds`. What the address itself says counts more than what we do.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        return {"connect_args": dict(more or {})}
    # Imported here: an installation on SQLite loads no driver of PostgreSQL.
    from models.standing_still import make_connecting

    said = {name: value for name, value in _CONNECTING.items() if name not in parsed.query}
    connect = make_connecting(parsed, {**said, **(more or {})}, statement_seconds=statement_seconds)
    return {"creator": connect}


def configure_engine(engine: Engine, *, statement_seconds: int = 0) -> None:
    """Attach to `engine` what `create_engine_for` promises.

    With `statement_seconds`, no statement on PostgreSQL may take longer.
    """
    if engine.dialect.name != "sqlite":
        _bound_waiting(engine, statement_seconds)
        return

    @event.listens_for(engine, "connect")
    def set_up_connection(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_explicitly(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITER_OPTION, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bound_waiting(engine: Engine, statement_seconds: int) -> None:
    @event.listens_for(engine, "connect")
    def set_limits(connection: Any, record: Any) -> None:
        # Outside a transaction: what is set within one goes when it is taken back.
        before, connection.autocommit = connection.autocommit, True
        connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
        if statement_seconds:
            connection.execute(f"SET statement_timeout = '{statement_seconds}s'")
        connection.autocommit = before


def begin_writing(session: Session) -> None:
    """End what `session` has read and begin again as a writer.

    Afterwards every object is read afresh, under the write lock on SQLite: a read that turns
    into a write there fails at once, whatever the timeout. Raises RuntimeError when there are
    changes that would be lost.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made before writing began")
    if session.in_transaction():
        session.rollback()
    session.connection(execution_options={WRITER_OPTION: True})


def delete_where(session: Session, model: type[Base], *conditions: ColumnElement[bool]) -> int:
    """Delete the rows of `model` for which all conditions hold, in one statement; how many."""
    result = session.execute(delete(model).where(*conditions))
    return cast("CursorResult[Any]", result).rowcount
