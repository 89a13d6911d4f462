"""Lists for programs: a part at a time, told apart by keys, stable while rows are added.

Whoever accepts JSON Lines is given many rows at once, one JSON object a line.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Generic, TypeVar

from flask import request
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.errors import DomainError
from app.extensions import db
from app.web.api_fields import NAME_ORDER, NEWEST, OLDEST

Row = TypeVar("Row")
Shown = dict[str, Any]

LINES: Final = "application/x-ndjson"
# The order of a list that is worked out as a whole: its own.
_OWN_ORDER: Final = "own"
# What one answer in lines holds at most; it says where to go on.
MOST_LINES: Final = 10_000
_LINES_AT_ONCE: Final = 200


class CursorInvalid(DomainError):
    """`after` is not the `next` of any list, or is that of a list in another order."""

    code = "cursor_invalid"
    status = 422
    sentence = _l("“after” has to be the “next” of an earlier answer.")


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """Some items of a list, and where it goes on; `next` is None at the end."""

    items: Sequence[Row]
    next: str | None


class Lines:
    """Many items of a list, a part at a time, for an answer in lines.

    `next` is where the list goes on, known once all parts were taken; None at its end.
    """

    def __init__(self, take: Callable[[int, str | None], tuple[list[Shown], str | None]]) -> None:
        self._take = take
        self.next: str | None = None

    def __iter__(self) -> Iterator[Shown]:
        left = MOST_LINES if "limit" not in request.args else int(request.args["limit"])
        after = request.args.get("after")
        while left > 0:
            items, self.next = self._take(min(left, _LINES_AT_ONCE), after)
            yield from items
            if self.next is None:
                return
            left, after = left - len(items), self.next


def list_rows(
    query: Select[Row],
    asked: Mapping[str, Any],
    *,
    moment: InstrumentedAttribute[datetime],
    key: InstrumentedAttribute[int],
    show: Callable[[Row], Shown],
    load: Callable[[Sequence[Row]], object] = lambda rows: None,
    name: InstrumentedAttribute[str] | None = None,
) -> Shown | Lines:
    """What an operation answers that lists the rows of `query` as `asked`, a `PageSchema`, says.

    Their order is that of `moment`, which must not change while a list is read, or of `name`; rows
    of the same moment stand in the order of `key`. `load` is handed all rows of a part at once, so
    that what `show` needs of them takes the same number of queries for any number of rows. Raises
    CursorInvalid.
    """
    order = asked["sort"]
    column: InstrumentedAttribute[Any] = moment if name is None or order != NAME_ORDER else name

    def take(limit: int, after: str | None) -> tuple[list[Shown], str | None]:
        part = take_part(query, column=column, key=key, order=order, limit=limit, after=after)
        load(part.items)
        return [show(row) for row in part.items], part.next

    return _answer(take, asked)


def _answer(
    take: Callable[[int, str | None], tuple[list[Shown], str | None]], asked: Mapping[str, Any]
) -> Shown | Lines:
    if accepts_lines():
        return Lines(take)
    items, following = take(asked["limit"], asked["after"])
    return {"items": items, "next": following}


def list_ordered(
    rows: Sequence[Row],
    asked: Mapping[str, Any],
    *,
    identify: Callable[[Row], str],
    show: Callable[[Row], Shown],
) -> Shown | Lines:
    """What an operation answers whose `rows` are worked out as a whole, in an order of their own.

    `asked` is a `PartSchema`. The list goes on after the row that `identify` names, wherever it
    stands by then, so that rows that were added before it repeat none; where it is gone, the list
    goes on at its place. Raises CursorInvalid.
    """

    def take(limit: int, after: str | None) -> tuple[list[Shown], str | None]:
        return _take_ordered(rows, limit, after, identify, show)

    return _answer(take, asked)


def take_ordered(
    rows: Sequence[Row],
    asked: Mapping[str, Any],
    *,
    identify: Callable[[Row], str],
    show: Callable[[Row], Shown],
) -> Shown:
    """As `list_ordered`, for an answer that says more than its items. Raises CursorInvalid."""
    items, following = _take_ordered(rows, asked["limit"], asked["after"], identify, show)
    return {"items": items, "next": following}


def _take_ordered(
    rows: Sequence[Row],
    limit: int,
    after: str | None,
    identify: Callable[[Row], str],
    show: Callable[[Row], Shown],
) -> tuple[list[Shown], str | None]:
    begins = 0
    if (cursor := read_cursor(after, _OWN_ORDER)) is not None:
        last, place = cursor
        places = {identify(row): number for number, row in enumerate(rows, 1)}
        begins = places.get(str(last), min(place, len(rows) + 1) - 1)
    part = rows[begins : begins + limit]
    ends = begins + len(part)
    goes_on = bool(part) and ends < len(rows)
    following = write_cursor(identify(part[-1]), ends, _OWN_ORDER) if goes_on else None
    return [show(row) for row in part], following


def accepts_lines() -> bool:
    """Whether the program would rather have lines than one JSON object."""
    return request.accept_mimetypes.best_match(("application/json", LINES)) == LINES


def take_part(
    query: Select[Row],
    *,
    column: InstrumentedAttribute[Any],
    key: InstrumentedAttribute[int],
    order: str,
    limit: int,
    after: str | None,
) -> Part[Row]:
    """At most `limit` rows of `query` in `order` of `column`, after the cursor `after`.

    Raises CursorInvalid.
    """
    descends = order == NEWEST
    if (place := read_cursor(after, order)) is not None:
        query = query.where(_comes_after(column, key, *place, descends=descends))
    by = (column.desc(), key.desc()) if descends else (column.asc(), key.asc())
    rows = list(db.session.scalars(query.order_by(*by).limit(limit + 1)).unique())
    if len(rows) <= limit:
        return Part(rows, None)
    last: Any = rows[limit - 1]
    value = getattr(last, column.key)
    return Part(rows[:limit], write_cursor(value, getattr(last, key.key), order))


def _comes_after(
    column: InstrumentedAttribute[Any],
    key: InstrumentedAttribute[int],
    value: datetime | str,
    row: int,
    *,
    descends: bool,
) -> ColumnElement[bool]:
    if descends:
        return or_(column < value, and_(column == value, key < row))
    return or_(column > value, and_(column == value, key > row))


def write_cursor(value: datetime | str, key: int, order: str = NEWEST) -> str:
    """Where a list in `order` goes on: after the row with this value and key."""
    written = value.isoformat() if isinstance(value, datetime) else value
    told = json.dumps([order, written, key], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def read_cursor(cursor: str | None, order: str = NEWEST) -> tuple[datetime | str, int] | None:
    """What `write_cursor` wrote; None for the beginning. Raises CursorInvalid."""
    if cursor is None:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        written_order, written, key = told
        if written_order != order or type(key) is not int or not 0 < key < 1 << 62:
            raise CursorInvalid
        if order not in (NEWEST, OLDEST):
            if not isinstance(written, str) or "\0" in written:
                raise CursorInvalid
            # Half a character cannot be asked for.
            written.encode()
            return written, key
        return datetime.fromisoformat(written).astimezone(UTC), key
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise CursorInvalid from error
