"""The one way in which an entry point writes: begin as a writer, commit once, on success.

Inside, whoever counts or numbers what belongs to a record holds that record first.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from models.orm import Base, begin_writing


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
