"""The one way in which an entry point writes: begin as a writer, commit once, on success.

Inside, whoever counts or numbers what belongs to a record holds that record first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, inspect, select, text
from sqlalchemy.orm import Session

from app.errors import TooOften, expect
from models.orm import BUSY_TIMEOUT_SECONDS, WRITER_OPTION, Base, begin_writing

Locked = TypeVar("Locked", bound=Base)


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """Inside, `session` reads and writes under the write lock; afterwards all is committed.

    Objects loaded before are read afresh inside, so that what an action decides on is what
    the lock protects. Any error takes everything back and goes on to the caller. Long work
    (encoding, searching) belongs before it.
    """
    begin_writing(session)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def writing_soon(engine: Engine, seconds: float) -> Iterator[Connection]:
    """A connection of its own that writes, and waits for other writers at most `seconds`.

    For what a reader should not wait for: a count, a note. Committed at the end, unless an error
    passes by; OperationalError where others held the database, or the row, for longer.
    """
    with engine.connect().execution_options(**{WRITER_OPTION: True}) as connection:
        if engine.dialect.name != "sqlite":
            wait = text("SELECT set_config('lock_timeout', :wait, true)")
            connection.execute(wait, {"wait": f"{seconds * 1000:.0f}ms"})
            yield connection
            connection.commit()
            return
        # Past SQLAlchemy, which would begin, and wait, before it.
        driver = connection.connection.dbapi_connection
        if driver is None:
            raise RuntimeError("the connection was closed meanwhile")
        driver.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")
        try:
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")


def write_in_groups(
    session: Session, action: Callable[..., int], *, size: int, **values: Any
) -> int:
    """Carry out `action` until it finds no more; each time at most `size`, which is its `limit`.

    Each group is committed by itself, so that nobody waits long. Returns how many it found in all.
    """
    done = 0
    while True:
        with writing(session):
            count = action(session, **values, limit=size)
        done += count
        if count < size:
            return done


def limit_a_day(session: Session, moment: Any, *same: Any, most: int, at: datetime) -> None:
    """Raise TooOften where `most` rows for which `same` holds have their `moment` within a day.

    Whoever could go on for ever, by taking back what they began, makes lists that nobody can read.
    What `same` belongs to is held, so that of a burst no more get through.
    """
    table = moment.class_
    lately = select(table.id).where(*same, moment > at - timedelta(days=1)).limit(most)
    if len(session.scalars(lately).all()) >= most:
        raise TooOften(count=most)


def hold(session: Session, record: Base) -> None:
    """Whoever else holds `record` waits for the commit; it is not read afresh.

    Weak enough to let others refer to its row meanwhile (FOR NO KEY UPDATE). Raises NotFound where
    it is gone.
    """
    table, key = type(record), _get_key(record)
    expect(
        session.scalar(
            select(inspect(table).primary_key[0]).where(key).with_for_update(key_share=True)
        )
    )


def lock(session: Session, record: Locked, *parts: str, is_weak: bool = False) -> Locked:
    """`record` is read afresh, and nobody else's to change until the commit; it is returned.

    `parts` are those of its relationships that are read anew as well, when they are asked for.
    `is_weak` lets others refer to its row meanwhile. Raises NotFound where it is gone.
    """
    table = type(record)
    found = expect(
        session.scalar(
            select(table)
            .where(_get_key(record))
            .with_for_update(key_share=is_weak, of=table)
            .execution_options(populate_existing=True)
        )
    )
    if parts:
        session.expire(found, parts)
    return found


def _get_key(record: Base) -> ColumnElement[bool]:
    """What is true of the row of `record` alone, also where it is gone."""
    (key,) = inspect(type(record)).primary_key
    identity = inspect(record).identity
    return key == (identity[0] if identity else None)
