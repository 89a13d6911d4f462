"""What every file becomes when it is read: rows of texts, and how many of them can be taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.imports.errors import FileTooLarge

MEGABYTE: Final = 1024 * 1024

BYTES_LIMIT: Final = 10 * MEGABYTE
ROWS_LIMIT: Final = 10_000

# Columns further to the right are not looked at: spreadsheets format whole rows.
COLUMNS_LIMIT: Final = 200

# A spreadsheet names a text once and shows it in many cells, so its size bounds no contents.
CHARACTERS_LIMIT: Final = 20_000_000

# Above the header there may be a title and remarks.
_LINES_ABOVE: Final = 20


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of texts. `number` is the row as a spreadsheet counts it."""

    number: int
    cells: tuple[str, ...]


def make_too_large() -> FileTooLarge:
    """The error that says how much can be taken."""
    return FileTooLarge(rows=ROWS_LIMIT, megabytes=BYTES_LIMIT // MEGABYTE)


def keep_filled(rows: Iterable[TableRow]) -> tuple[TableRow, ...]:
    """The rows with at least one filled cell, each up to its last one.

    Raises FileTooLarge as soon as there are too many.
    """
    kept = []
    characters = 0
    for row in rows:
        width = max((i for i, cell in enumerate(row.cells, start=1) if cell.strip()), default=0)
        if width == 0:
            continue
        kept.append(TableRow(row.number, row.cells[:width]))
        characters += sum(len(cell) for cell in row.cells)
        if len(kept) > ROWS_LIMIT + _LINES_ABOVE or characters > CHARACTERS_LIMIT:
            raise make_too_large()
    return tuple(kept)
