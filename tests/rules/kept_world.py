"""A world that is made once and found again by many tests: each takes back what it has written."""

import io
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

from models.orm import Base


class KeptWorld:
    """What `remember` was given, which stands in the database behind `engine`; a SQLite file."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept = b""

    def remember(self, things: object) -> None:
        """Keep `things`: rows that are committed, and whatever holds them."""
        kept = io.BytesIO()
        _Writer(kept).dump(things)
        self._kept = kept.getvalue()

    @contextmanager
    def enter(self) -> Iterator[tuple[Session, Any]]:
        """A session, and the things with the rows of this session; nothing written stays."""
        with self._engine.connect() as connection:
            outer = connection.begin()
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                yield session, _Reader(io.BytesIO(self._kept), session).load()
            outer.rollback()


def count_changes(session: Session) -> int:
    """How many rows were ever written, changed or deleted on the connection of `session`, also if
    it was taken back. As long as it is the same, no row is another."""
    session.flush()
    driver = session.connection().connection.driver_connection
    assert driver is not None
    changes: int = driver.total_changes
    return changes


class _Writer(pickle.Pickler):
    """Writes of a row which it is."""

    def persistent_id(self, thing: object) -> tuple[type[Base], object] | None:
        return (type(thing), inspect(thing).identity) if isinstance(thing, Base) else None


class _Reader(pickle.Unpickler):
    """Finds the rows again, in `session`."""

    def __init__(self, kept: io.BytesIO, session: Session) -> None:
        super().__init__(kept)
        self._session = session

    def persistent_load(self, which: tuple[type[Base], Any]) -> Base:
        table, identity = which
        return self._session.get_one(table, identity)
