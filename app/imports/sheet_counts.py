"""How much there is in the parts of a workbook, counted before anything is made of it.

A few kilobytes unpack to millions of tags, and what reads workbooks takes some microseconds for
each, whether or not it holds anything. A list that somebody keeps has rows with a text in them;
what is counted here is the rest: cells without a value, rows without one, and what is neither.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers.expat import ParserCreate

from app.imports.errors import FileMostlyEmpty

# As many columns as a sheet can have.
_CELLS_OF_ROW_LIMIT: Final = 16_384

# In all sheets together: what somebody coloured to the right and down to the end.
_EMPTY_CELLS_LIMIT: Final = 200_000
_EMPTY_ROWS_LIMIT: Final = 100_000

# Ten thousand rows of fifty columns.
_FILLED_CELLS_LIMIT: Final = 500_000

# Merged cells, links, rules of a sheet; the pieces of texts that are partly bold.
_OTHERS_LIMIT: Final = 100_000
_TEXTS_LIMIT: Final = 300_000

# More than anybody has; each costs as much as hundreds of cells.
_SHEETS_LIMIT: Final = 1_000

# Inside one cell: a value, a formula, a text in some pieces.
_INSIDE_LIMIT: Final = 12
_DEPTH_LIMIT: Final = 40

# A tag of a million attributes takes a minute; honest ones have some hundred characters.
_LONG_TAG: Final = re.compile(rb"<[^<>]{20000}")

_VALUES: Final = frozenset({"v", "f", "is"})


@dataclass(slots=True)
class WorkbookCounts:
    """What was found in all parts so far. Each method raises FileMostlyEmpty for too much."""

    found: Counter[str] = field(default_factory=Counter)

    def add_sheet(self, part: bytes) -> None:
        """Count the tags of a worksheet. Raises ExpatError for what is no XML."""
        found, depth, in_row, inside = self.found, 0, 0, 0
        is_filled = is_row_filled = False

        def begin(name: str, _attributes: Any) -> None:
            nonlocal depth, in_row, inside, is_filled, is_row_filled
            depth += 1
            if ":" in name:
                name = name.rpartition(":")[2]
            if name == "c":
                in_row, inside, is_filled = in_row + 1, 0, False
            elif name == "row":
                in_row, is_row_filled = 0, False
            elif inside < _INSIDE_LIMIT:
                inside += 1
                if name in _VALUES:
                    is_filled = is_row_filled = True
                elif not in_row:
                    found["others"] += 1
            else:
                found["others"] += 1
            if (
                in_row > _CELLS_OF_ROW_LIMIT
                or depth > _DEPTH_LIMIT
                or found["others"] > _OTHERS_LIMIT
            ):
                raise FileMostlyEmpty

        def end(name: str) -> None:
            nonlocal depth, in_row, inside
            depth -= 1
            if ":" in name:
                name = name.rpartition(":")[2]
            if name == "c":
                found["filled" if is_filled else "empty"] += 1
                if found["empty"] > _EMPTY_CELLS_LIMIT or found["filled"] > _FILLED_CELLS_LIMIT:
                    raise FileMostlyEmpty
            elif name == "row":
                in_row, inside = 0, _INSIDE_LIMIT
                found["empty rows"] += not is_row_filled
                if found["empty rows"] > _EMPTY_ROWS_LIMIT:
                    raise FileMostlyEmpty

        _parse(part, begin, end)

    def add_texts(self, part: bytes) -> None:
        """Count the texts that sheets share. Raises ExpatError."""
        found = self.found

        def begin(name: str, _attributes: Any) -> None:
            name = name.rpartition(":")[2]
            found["texts" if name == "si" else "text" if name == "t" else "others"] += 1
            if (
                found["texts"] > _TEXTS_LIMIT
                or found["text"] > _TEXTS_LIMIT + _OTHERS_LIMIT
                or found["others"] > _OTHERS_LIMIT
            ):
                raise FileMostlyEmpty

        _parse(part, begin, None)

    def add_other(self, part: bytes) -> None:
        """Count the sheets that a part names, if it names any."""
        if _LONG_TAG.search(part):
            raise FileMostlyEmpty
        self.found["sheets"] += part.count(b"sheetId")
        if self.found["sheets"] > _SHEETS_LIMIT:
            raise FileMostlyEmpty


def _parse(part: bytes, begin: Any, end: Any) -> None:
    if _LONG_TAG.search(part):
        raise FileMostlyEmpty
    parser = ParserCreate()
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.Parse(part, True)
