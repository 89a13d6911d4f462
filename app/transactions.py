"""The one way in which an entry point writes: begin as a writer, commit once, on success."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from models.orm import begin_writing


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
