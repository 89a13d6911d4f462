"""What a sheet of a workbook says beside its values: merged cells, hidden rows and columns, and
formulas that were never worked out. Read as a stream from the part of the archive."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import (  # nosec B405  # what has a document type is refused
    Element,
    iterparse,
)

from app.imports.crossed_out import read_what_is_left
from app.imports.tables import COLUMNS_LIMIT

_RANGE: Final = re.compile("([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_CELL: Final = re.compile("([A-Z]{1,3})([0-9]{1,7})")
# =HYPERLINK("https://…","Website")
_LINK_FORMULA: Final = re.compile(r'\s*HYPERLINK\(\s*"([^"]{1,300})"', re.IGNORECASE)
_LINKS_LIMIT: Final = 20_000

# More merged cells than any list has, and more rows than a list that can be taken.
_MERGED_LIMIT: Final = 20_000
_ROWS_FILLED_LIMIT: Final = 20_000


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """Rows are counted from 1, places of columns from 0.

    `across`: by row, each place that a cell to the left covers, with the place of that cell.
    `down`: by place, each row that a cell above covers, and the first row itself, with the first.
    `without_value`: by row, the places of formulas without a value.
    `crossed_out`: by row and place, what is left of texts that are crossed out in pieces.
    `links`: by row and place, the relation by which a cell leads somewhere, or "=" and the address.
    `is_cut`: something stands further to the right than anybody looks.
    """

    across: Mapping[int, Mapping[int, int]]
    down: Mapping[int, Mapping[int, int]]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    without_value: Mapping[int, frozenset[int]]
    crossed_out: Mapping[int, Mapping[int, str]]
    links: Mapping[tuple[int, int], str]
    is_cut: bool


def read_marks(part: bytes, crossed_out_texts: Mapping[int, str]) -> SheetMarks:
    """The marks of a worksheet part. It has no document type, which was checked before.

    `crossed_out_texts` are what is left of shared texts by their place.
    """
    across: dict[int, dict[int, int]] = defaultdict(dict)
    down: dict[int, dict[int, int]] = defaultdict(dict)
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    without_value: dict[int, set[int]] = defaultdict(set)
    crossed_out: dict[int, dict[int, str]] = defaultdict(dict)
    links: dict[tuple[int, int], str] = {}
    merged = filled = number = 0
    is_cut = False
    for event, element in iterparse(BytesIO(part), events=("start", "end")):  # noqa: S314  # nosec B314
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            if tag == "row":
                said = element.get("r", "")
                number = int(said) if said.isdecimal() and len(said) < 12 else number + 1
                if element.get("hidden") in ("1", "true") or _is_zero(element.get("ht")):
                    hidden_rows.add(number)
            continue
        if tag == "c":
            is_cut = is_cut or (len(element) > 0 and _is_beyond(element.get("r", "")))
            children = {child.tag.rpartition("}")[2]: child for child in element}
            value = children.get("v")
            has_value = (value is not None and value.text) or "is" in children
            if (
                "f" in children
                and not has_value
                and (found := _CELL.fullmatch(element.get("r", "")))
            ):
                place = _read_column(found[1])
                if place < COLUMNS_LIMIT:
                    without_value[int(found[2])].add(place)
            if "f" in children and (link := _LINK_FORMULA.match(children["f"].text or "")):
                _add_link(links, element.get("r", ""), f"={link[1]}")
            left_over = _read_left(element, children, crossed_out_texts)
            if left_over is not None and (found := _CELL.fullmatch(element.get("r", ""))):
                crossed_out[int(found[2])][_read_column(found[1])] = left_over
        elif tag == "col" and (
            element.get("hidden") in ("1", "true") or _is_zero(element.get("width"))
        ):
            first, last = (element.get(name, "") for name in ("min", "max"))
            if first.isdecimal() and last.isdecimal() and len(first + last) < 12:
                hidden_columns |= set(range(int(first) - 1, min(int(last), COLUMNS_LIMIT)))
        elif tag == "hyperlink":
            relation = next((v for k, v in element.items() if k.endswith("}id")), "")
            _add_link(links, element.get("ref", "").partition(":")[0], relation)
        elif tag == "mergeCell" and merged < _MERGED_LIMIT:
            merged += 1
            if found := _RANGE.fullmatch(element.get("ref", "")):
                left, right = _read_column(found[1]), min(_read_column(found[3]), COLUMNS_LIMIT - 1)
                top, bottom = int(found[2]), int(found[4])
                if right > left:
                    across[top] |= dict.fromkeys(range(left + 1, right + 1), left)
                if bottom > top and left < COLUMNS_LIMIT and filled < _ROWS_FILLED_LIMIT:
                    rows = range(top, min(bottom, top + _ROWS_FILLED_LIMIT - filled) + 1)
                    filled += len(rows)
                    down[left] |= dict.fromkeys(rows, top)
        elif tag == "row":
            element.clear()
    return SheetMarks(
        across=MappingProxyType(across),
        down=MappingProxyType(down),
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        without_value=MappingProxyType({row: frozenset(c) for row, c in without_value.items()}),
        crossed_out=MappingProxyType(crossed_out),
        links=MappingProxyType(links),
        is_cut=is_cut,
    )


def _add_link(links: dict[tuple[int, int], str], cell: str, link: str) -> None:
    found = _CELL.fullmatch(cell)
    if found and link and len(links) < _LINKS_LIMIT:
        links[int(found[2]), _read_column(found[1])] = link


def _read_left(
    cell: Element, children: Mapping[str, Element], shared: Mapping[int, str]
) -> str | None:
    """What is left of the text of a cell, where pieces of it are crossed out."""
    if "is" in children:
        return read_what_is_left(children["is"])
    if not shared or cell.get("t") != "s" or "v" not in children:
        return None
    place = children["v"].text or ""
    return shared.get(int(place)) if place.isdecimal() and len(place) < 12 else None


def _is_zero(size: str | None) -> bool:
    """Whether a height or a width lets nothing be seen."""
    return size is not None and re.fullmatch(r"0(?:\.\d*)?", size) is not None


def _is_beyond(cell: str) -> bool:
    """Whether a cell stands further to the right than anybody looks."""
    letters = cell.rstrip("0123456789")
    return len(letters) > 1 and (len(letters) > 2 or _read_column(letters) >= COLUMNS_LIMIT)


def _read_column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
