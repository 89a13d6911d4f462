"""Lists for programs: a part at a time, told apart by keys, stable while rows are added."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.web.api import read_cursor, write_cursor

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """Some items of a list, and where it goes on; `next` is None at the end."""

    items: Sequence[Row]
    next: str | None


def take_part(
    session: Session,
    query: Select[tuple[Row]],
    *,
    moment: InstrumentedAttribute[datetime],
    key: InstrumentedAttribute[int],
    limit: int,
    after: str | None,
) -> Part[Row]:
    """At most `limit` rows of `query`, the newest by `moment` first, after the cursor `after`.

    `moment` must not change while a list is read. Raises CursorInvalid.
    """
    if (place := read_cursor(after)) is not None:
        query = query.where(_comes_after(moment, key, *place))
    query = query.order_by(moment.desc(), key.desc()).limit(limit + 1)
    rows = list(session.scalars(query).unique())
    if len(rows) <= limit:
        return Part(rows, None)
    last: Any = rows[limit - 1]
    return Part(rows[:limit], write_cursor(getattr(last, moment.key), getattr(last, key.key)))


def _comes_after(
    moment: InstrumentedAttribute[datetime], key: InstrumentedAttribute[int], at: datetime, row: int
) -> ColumnElement[bool]:
    return or_(moment < at, and_(moment == at, key < row))


def show_part(part: Part[Row], show: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    """The JSON form of a part of a list."""
    return {"items": [show(row) for row in part.items], "next": part.next}
