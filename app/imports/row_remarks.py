"""What the file says of a row beside the texts of its cells, as remarks for whoever looks at it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from app.imports.beside import is_number_of_row
from app.imports.column_parts import list_targets
from app.imports.column_shapes import Shape
from app.imports.columns import COLUMNS
from app.imports.headers import Header
from app.imports.problems import Problem, Remark, make_problem
from app.imports.sheet_comments import says_that_somebody_left
from app.imports.tables import CellMark, TableRow
from app.words.links import find_web_address
from models.canonical import canonical_line
from models.folding import fold
from models.imports import ImportKind

# Enough of a cell to see what it is about.
_CELL_GLANCED: Final = 200
_AT: Final = re.compile("[@＠]")
# What stands behind a name in brackets or behind a dash: 某某（已退出）.
_BEHIND_NAME: Final = re.compile(r"[(\[【]([^()\[\]【】]{1,40})[)\]】]|\s*[-—–*]+\s*(.{1,40})$")


def take_links(header: Header, row: TableRow) -> TableRow:
    """`row` with the address that a cell leads to, where an address belongs and the cell says
    none: 官网, “write to me”."""
    cells, said = list(row.cells), []
    for mark in row.said:
        column = header.columns.get(mark.place) if mark.place is not None else None
        if mark.remark is Remark.LINK and mark.place is not None and column is not None:
            text = cells[mark.place]
            is_mail = "@" in mark.text and "://" not in mark.text
            if (column.shape is Shape.EMAIL and is_mail and not _AT.search(text)) or (
                column.shape is Shape.WEB_ADDRESS and not is_mail and not find_web_address(text)
            ):
                cells[mark.place] = mark.text
                mark = CellMark(mark.place, Remark.LINK_READ, text)
        said.append(mark)
    return replace(row, cells=tuple(cells), said=tuple(said)) if row.said else row


def list_said(kind: ImportKind, header: Header, row: TableRow) -> list[Problem]:
    """What the file had in the cells, or beyond them, that their texts do not show."""
    targets = {
        place: name
        for place in range(max(len(row.cells), *(p + 1 for p in (*row.marks, 0))))
        if (name := _name_target(kind, header, place))
    }
    found = [
        make_problem(targets[place], remark)
        for place, remark in sorted(row.marks.items())
        if place in targets
    ]
    found += _read_said(kind, row, targets)
    if row.is_hidden:
        found.append(make_problem("", Remark.HIDDEN_ROW))
    beyond = [
        canonical_line(text.strip()[:_CELL_GLANCED])
        for place, text in enumerate(row.cells)
        if not header.is_known(place)
        and place not in header.unknown
        and place not in header.passed_over
        and text.strip()
        and not is_number_of_row(fold(text.strip()[:_CELL_GLANCED]))
    ]
    if beyond:
        found.append(make_problem("", Remark.BEYOND_HEADER, "、".join(beyond)))
    found += [make_problem("", Remark.SAYS_LEFT, text) for text in _list_left(kind, row, targets)]
    return list(dict.fromkeys(found))


def _read_said(kind: ImportKind, row: TableRow, targets: Mapping[int, str]) -> list[Problem]:
    found = []
    crossed_out = {mark.place for mark in row.said if mark.remark is Remark.CROSSED_OUT}
    filled = {place for place in targets if place < len(row.cells) and row.cells[place].strip()}
    names = {place for place in filled if targets[place] in _list_required(kind)}
    is_out = bool(crossed_out & filled) and (filled <= crossed_out or bool(names & crossed_out))
    invisible = {mark.place for mark in row.said if mark.remark is Remark.INVISIBLE} & filled
    of_row = {Remark.CROSSED_OUT: is_out, Remark.INVISIBLE: bool(filled) and invisible == filled}
    found += [make_problem("", remark) for remark, is_so in of_row.items() if is_so]
    for mark in row.said:
        name = targets.get(mark.place, "") if mark.place is not None else ""
        if mark.remark is Remark.COMMENT:
            found.append(_read_comment(name, mark))
        elif mark.place is None:
            found.append(make_problem("", mark.remark, mark.text))
        elif name and not of_row.get(mark.remark):
            found.append(make_problem(name, mark.remark, mark.text))
    return found


def _read_comment(name: str, mark: CellMark) -> Problem:
    if says_that_somebody_left(mark.text):
        return make_problem("", Remark.SAYS_LEFT, mark.text)
    return make_problem(name, Remark.COMMENT, mark.text)


def _list_left(kind: ImportKind, row: TableRow, targets: Mapping[int, str]) -> list[str]:
    """What the row says of somebody who has left: below headers that are not taken, or behind the
    name."""
    found = []
    for place, text in enumerate(row.cells):
        if place not in targets:
            said = [text]
        elif targets[place] in _list_required(kind):
            folded = fold(text[:_CELL_GLANCED])
            said = [a or b for a, b in _BEHIND_NAME.findall(folded)]
        else:
            continue
        found += [
            canonical_line(one.strip()[:_CELL_GLANCED])
            for one in said
            if one.strip() and says_that_somebody_left(one)
        ]
    return found


def _list_required(kind: ImportKind) -> frozenset[str]:
    return frozenset(column.name for column in COLUMNS[kind] if column.is_required)


def _name_target(kind: ImportKind, header: Header, place: int) -> str:
    if (column := header.columns.get(place) or header.again.get(place)) is not None:
        return column.name
    return list_targets(kind, header.parts[place])[0] if place in header.parts else ""
