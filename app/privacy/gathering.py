"""Reading what somebody is given of themselves: rows as plain values, without our numbers."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, case, null, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.privacy.export_shapes import Exported, Mine, Part
from app.privacy.exported import EXPORTED
from models.people import Membership, Person

# What a link in a mail opens is nobody's to keep.
_SECRET_FACTS = frozenset({"link"})

Row = Mapping[str, Any]


def find_mine(session: Session, person: Person) -> Mine:
    """`person`, with the organisations for which they act."""
    theirs = session.execute(
        select(Membership.startup_id, Membership.provider_id).where(
            Membership.person_id == person.id
        )
    ).all()
    return Mine(
        person_id=person.id,
        email=person.email,
        startup_ids=tuple(sorted(row[0] for row in theirs if row[0] is not None)),
        provider_ids=tuple(sorted(row[1] for row in theirs if row[1] is not None)),
    )


def gather(session: Session, mine: Mine) -> Mapping[Part, Mapping[str, list[Row]]]:
    """Everything about whoever asks, by part and by table; tables without a row are left out."""
    found: dict[Part, dict[str, list[Row]]] = {part: {} for part in Part}
    for each in EXPORTED:
        rows = _read(session, each, mine)
        if rows:
            found[each.part][each.model.__tablename__] = rows
    return found


def _read(session: Session, each: Exported, mine: Mine) -> list[Row]:
    table = each.model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{each.model.__name__} is no table")
    columns = dict(_choose(table, each, mine))
    query = select(*(column.label(name) for name, column in columns.items())).where(
        each.is_mine(mine)
    )
    rows = session.execute(query.order_by(*table.primary_key.columns))
    return [{name: _say(name, value) for name, value in row.items()} for row in rows.mappings()]


def _choose(table: Table, each: Exported, mine: Mine) -> list[tuple[str, ColumnElement[Any]]]:
    chosen: list[tuple[str, ColumnElement[Any]]] = []
    for column in table.columns:
        if column.name in each.withheld or isinstance(column.type, LargeBinary):
            continue
        if column.foreign_keys:
            named = _name_target(column, mine)
            if named is not None and column.name in each.shown_where:
                named = case((each.shown_where[column.name](mine), named), else_=null())
            if named is not None:
                chosen.append((column.name.removesuffix("_id"), named))
        elif column.name in each.shown_where:
            is_shown = each.shown_where[column.name](mine)
            chosen.append((column.name, case((is_shown, column), else_=null())))
        elif column.name != "id":
            chosen.append((column.name, column))
    return chosen


def _name_target(column: Column[Any], mine: Mine) -> ColumnElement[Any] | None:
    """What `column` refers to, by its public name; people only as oneself or another."""
    target = next(iter(column.foreign_keys)).column
    if target.table.name == "person":
        return case(
            (column == mine.person_id, "me"), (column.is_not(None), "somebody else"), else_=null()
        )
    if "public_id" not in target.table.c:
        return None
    other = target.table.alias()
    return select(other.c.public_id).where(other.c[target.name] == column).scalar_subquery()


def _say(name: str, value: Any) -> Any:
    if name == "facts" and isinstance(value, Mapping):
        value = {key: said for key, said in value.items() if key not in _SECRET_FACTS}
    return _make_plain(value)


def _make_plain(value: Any) -> Any:
    """`value` as JSON can hold it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _make_plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_make_plain(each) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
