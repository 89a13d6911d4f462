"""What every file becomes when it is read: rows of texts, and how many of them can be taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from app.imports.errors import FileTooLarge
from app.imports.problems import Remark

MEGABYTE: Final = 1024 * 1024

BYTES_LIMIT: Final = 10 * MEGABYTE
ROWS_LIMIT: Final = 10_000

# Columns further to the right are not looked at: spreadsheets format whole rows.
COLUMNS_LIMIT: Final = 200

# A spreadsheet names a text once and shows it in many cells, so its size bounds no contents.
CHARACTERS_LIMIT: Final = 20_000_000

# Above the header there may be a title and remarks.
HEADER_WITHIN: Final = 50

# So many rows besides the list are read before anybody knows which is which.
_LINES_BESIDES: Final = 20


def _make_no_marks() -> Mapping[int, Remark]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CellMark:
    """What the file says of a cell beside its text: `place` from 0, None for the whole row."""

    place: int | None
    remark: Remark
    text: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of texts. `number` is the row as a spreadsheet counts it.

    `marks` says of cells, by their place from 0, what the file had there instead of a text of their
    own, `said` what it says of them besides; `is_hidden` that the spreadsheet does not show the
    row, `is_heading` that it is one text across merged columns.
    """

    number: int
    cells: tuple[str, ...]
    marks: Mapping[int, Remark] = field(default_factory=_make_no_marks, hash=False)
    is_hidden: bool = False
    is_heading: bool = False
    said: tuple[CellMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The filled rows of one sheet, called `name` ("" for a text file).

    `hidden_columns` are places from 0. `spans` gives, by row number, the places that a merged cell
    to the left covers, with the place of that cell. `is_hidden` is a sheet that is not shown,
    `is_cut` one with more columns than are looked at.
    """

    rows: tuple[TableRow, ...]
    name: str = ""
    hidden_columns: frozenset[int] = frozenset()
    spans: Mapping[int, Mapping[int, int]] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )
    is_hidden: bool = False
    is_cut: bool = False


def make_too_large() -> FileTooLarge:
    """The error that says how much can be taken."""
    return FileTooLarge(rows=ROWS_LIMIT, megabytes=BYTES_LIMIT // MEGABYTE)


def keep_filled(rows: Iterable[TableRow]) -> tuple[TableRow, ...]:
    """The rows with at least one filled or marked cell, each up to its last one.

    Raises FileTooLarge as soon as there are too many.
    """
    kept = []
    characters = 0
    for row in rows:
        width = max((i for i, cell in enumerate(row.cells, start=1) if cell.strip()), default=0)
        width = max(width, max(row.marks, default=-1) + 1)
        if width == 0:
            continue
        kept.append(replace(row, cells=row.cells[:width]))
        characters += sum(len(cell) for cell in row.cells)
        if len(kept) > ROWS_LIMIT + _LINES_BESIDES or characters > CHARACTERS_LIMIT:
            raise make_too_large()
    return tuple(kept)
