"""Lists for programs: a part at a time, told apart by keys, stable while rows are added."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.errors import DomainError

Row = TypeVar("Row")


class CursorInvalid(DomainError):
    """`after` is not the `next` of any list."""

    code = "cursor_invalid"
    status = 422
    sentence = _l("“after” has to be the “next” of an earlier answer.")


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """Some items of a list, and where it goes on; `next` is None at the end."""

    items: Sequence[Row]
    next: str | None


def take_part(
    session: Session,
    query: Select[Row],
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


def write_cursor(moment: datetime, key: int) -> str:
    """Where a list goes on: after the row with this time and key."""
    told = json.dumps([moment.isoformat(), key]).encode()
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def read_cursor(cursor: str | None) -> tuple[datetime, int] | None:
    """What `write_cursor` wrote; None for the beginning. Raises CursorInvalid."""
    if cursor is None:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment, key = told
        read = datetime.fromisoformat(moment).astimezone(UTC)
        if type(key) is not int or not 0 < key < 1 << 62:
            raise CursorInvalid
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise CursorInvalid from error
    return read, key
