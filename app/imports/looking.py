"""What a file would do, from its bytes: one way for the page and for the command line."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.imports.headers import Header
from app.imports.planning import Plan, plan_file
from app.imports.reading import read_file
from app.imports.recognising import RecognisedFile, recognise_tables
from app.imports.tables import Table
from models.imports import ImportKind
from models.organisations import Incubator


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
    return look_at_tables(session, incubator=incubator, kind=kind, tables=tables, sheet=sheet)


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
