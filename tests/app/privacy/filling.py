"""Filling every column that an erasure is to empty: what the models declare, tried on rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import JSON, Column, Connection, LargeBinary, String, Table, column, or_, select
from sqlalchemy import table as light_table
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.credit_code import CreditCode, CreditCodeType
from models.erasure import Fate, list_erasure_words
from models.orm import Base, TextList

# What an erasure does not delete with whom it refers to, and empties: amounts in books stay.
STAY_EMPTIED = frozenset({"commissioner.person_id", "voucher.startup_id"})

# By table, the numbers of the rows that go with a person, or are emptied.
Rows = Mapping[str, set[int]]


def list_columns(*fates: Fate) -> list[Column[Any]]:
    """The columns of one of `fates`, in a fixed order."""
    words = list_erasure_words(Base.metadata)
    return [each for each, word in words.items() if word.fate in fates]


def find_rows_of(connection: Connection, starts: Rows, email: str) -> Rows:
    """The rows that hang on `starts` by foreign keys that delete with them, and those that are
    found by `email`."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for name, numbers in starts.items():
        found[name] |= numbers
    for table in Base.metadata.sorted_tables:
        if "email" in table.c and table.name != "person":
            found[table.name] |= _select(connection, table, [table.c.email == email])
    # Tables come after those they refer to.
    for table in Base.metadata.sorted_tables:
        hanging = [
            key.parent.in_(found[key.column.table.name])
            for key in table.foreign_keys
            if (key.ondelete == "CASCADE" or str(key.parent) in STAY_EMPTIED)
            and found[key.column.table.name]
        ]
        if hanging:
            found[table.name] |= _select(connection, table, hanging)
    return {name: numbers for name, numbers in found.items() if numbers}


def fill(
    connection: Connection, rows: Rows, given: Mapping[str, str], code: CreditCode
) -> dict[str, str]:
    """Each declared column of `rows` holds a marker of its own; gives it by "table.column".

    `given` are the markers of columns that say the same as another one: addresses and names.
    """
    markers = {}
    for number, each in enumerate(list_columns(Fate.EMPTIED)):
        where = f"{each.table.name}.{each.name}"
        numbers = rows.get(each.table.name)
        if not numbers:
            continue
        is_code = isinstance(each.type, CreditCodeType)
        marker = markers[where] = str(code) if is_code else given.get(where, f"zz{number:03d}zz")
        key = _get_key(each.table)
        plain = light_table(each.table.name, column(key.name), column(each.name, _simplify(each)))
        for row in sorted(numbers):
            # Several rows may not say the same in a column that is unique.
            said = marker if is_code or where in given else f"{marker}{row}"
            connection.execute(
                plain.update()
                .where(plain.c[key.name] == row)
                .values({each.name: _shape(connection, each, row, said)})
            )
    return markers


def say_elsewhere(connection: Connection, columns: Iterable[str], name: str, rows: Rows) -> None:
    """Where others are told of a person, or name one, `columns` of all other rows say `name`."""
    for where in columns:
        table_name, column_name = where.split(".")
        each = Base.metadata.tables[table_name].c[column_name]
        key = _get_key(each.table)
        plain = light_table(table_name, column(key.name), column(column_name, _simplify(each)))
        others = set(connection.scalars(select(key))) - set(rows.get(table_name, ()))
        assert others, f"{where}: no row names a person"
        for row in others:
            connection.execute(
                plain.update()
                .where(plain.c[key.name] == row)
                .values({column_name: _shape(connection, each, row, name)})
            )


def find_markers(connection: Connection, markers: Iterable[str]) -> set[tuple[str, str]]:
    """Each of `markers` that is found, with the column, but for the columns that are kept."""
    kept = {f"{each.table.name}.{each.name}" for each in list_columns(Fate.KEPT)}
    wanted = set(markers)
    return {
        (marker, where)
        for where, said in _list_said(connection)
        if where not in kept
        for marker in wanted
        if marker.encode() in said
    }


def _list_said(connection: Connection) -> Iterator[tuple[str, bytes]]:
    for table in Base.metadata.sorted_tables:
        plain = light_table(table.name, *(column(each.name) for each in table.c))
        for row in connection.execute(select(plain)).mappings():
            for name, value in row.items():
                said = value if isinstance(value, bytes) else str(value).encode()
                yield f"{table.name}.{name}", said


def _select(connection: Connection, table: Table, conditions: list[Any]) -> set[int]:
    return set(connection.scalars(select(_get_key(table)).where(or_(*conditions))))


def _get_key(table: Table) -> Column[Any]:
    return next(iter(table.primary_key.columns))


def _simplify(each: Column[Any]) -> TypeEngine[Any]:
    """The column's type without what ours ask of a value."""
    kind = each.type.impl_instance if isinstance(each.type, TypeDecorator) else each.type
    return next(simple() for simple in (JSON, LargeBinary, String) if isinstance(kind, simple))


def _shape(connection: Connection, each: Column[Any], row: int, marker: str) -> object:
    """`marker` in the shape that the column has in that row."""
    kind = each.type
    if isinstance(kind, TextList):
        return [marker]
    if isinstance(kind, JSON):
        held = connection.scalar(select(each).where(_get_key(each.table) == row))
        return [{"found": marker}] if isinstance(held, list) else {"said": marker}
    return marker.encode() if isinstance(kind, LargeBinary) else marker
