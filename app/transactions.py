"""The one way in which an entry point writes: begin as a writer, commit once, on success.

Inside, whoever counts or numbers what belongs to a record holds that record first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.orm import Session

from app.errors import NotFound, TooOften
from models.orm import BUSY_TIMEOUT_SECONDS, WRITER_OPTION, Base, begin_writing


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
    table = type(record)
    (key,) = inspect(table).primary_key
    identity = inspect(record).identity
    found = session.scalar(
        select(key)
        .where(key == (identity[0] if identity else None))
        .with_for_update(key_share=True)
    )
    if found is None:
        raise NotFound
