"""What a file would do, from its bytes: one way for the page and for the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app.imports.headers import Header, assign, describe_shape
from app.imports.planning import Plan, plan_file
from app.imports.queries import find_layouts
from app.imports.reading import read_file
from app.imports.recognising import RecognisedFile, recognise_tables
from app.imports.tables import Table
from models.imports import ImportKind
from models.organisations import Incubator

# How far down a row that was said to name the columns is looked for.
_HEADERS_REMEMBERED: Final = 20


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was recognised, and the plan of each of its rows."""

    recognised: RecognisedFile
    plans: Sequence[Plan]


def look_at_file(
    session: Session,
    *,
    incubator: Incubator,
    kind: ImportKind,
    content: bytes,
    sheet: str = "",
) -> SeenFile:
    """What the file of these bytes would do for `incubator`. Stores nothing.

    Raises the errors of reading and recognising (`app/imports/errors.py`).
    """
    tables = read_file(kind, content)
    remembered = None if sheet else _find_remembered(session, incubator, kind, tables)
    if remembered is not None:
        table, header = remembered
        tables = (table,)
        return look_at_tables(session, incubator=incubator, kind=kind, tables=tables, header=header)
    return look_at_tables(session, incubator=incubator, kind=kind, tables=tables, sheet=sheet)


def _find_remembered(
    session: Session, incubator: Incubator, kind: ImportKind, tables: Sequence[Table]
) -> tuple[Table, Header] | None:
    """The first table whose columns somebody assigned before, with what they said."""
    shapes = {
        describe_shape(row): (table, place)
        for table in reversed(tables)
        for place, row in reversed(list(enumerate(table.rows[:_HEADERS_REMEMBERED])))
    }
    found = find_layouts(session, incubator=incubator, kind=kind, shapes=shapes)
    for shape, (table, place) in reversed(shapes.items()):
        if shape in found:
            names = {int(column): name for column, name in found[shape].columns.items()}
            return table, assign(kind, names, first_row=place + 1)
    return None


def look_at_tables(
    session: Session,
    *,
    incubator: Incubator,
    kind: ImportKind,
    tables: Sequence[Table],
    sheet: str = "",
    header: Header | None = None,
) -> SeenFile:
    """The same for tables that were read; `header` where somebody assigned the columns."""
    recognised = recognise_tables(kind, tables, sheet=sheet, header=header)
    plans = plan_file(session, incubator=incubator, kind=kind, rows=recognised.rows)
    return SeenFile(recognised, plans)
