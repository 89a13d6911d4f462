"""In which order rows are locked: two that go opposite ways wait for each other for ever."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

_LOCKS = re.compile(
    r"^\s*SELECT .*?FROM (\w+).*\bFOR (?:NO KEY )?UPDATE|^\s*DELETE FROM (\w+)", re.S
)


@contextmanager
def list_locked(session: Session) -> Iterator[list[str]]:
    """The tables whose rows are locked or deleted inside, in order; on PostgreSQL."""
    locked: list[str] = []
    connection = session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if found := _LOCKS.search(statement):
            locked.append(found[1] or found[2])

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield locked
    finally:
        event.remove(connection, "before_cursor_execute", note)
