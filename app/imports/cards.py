"""Lists that people write as cards, a line for each thing they know: 姓名：…, 单位：…, e-mail: …

Every line names what it says, and an entry goes on until the first of those names comes again. Read
as a table the first line would pass for a header, and the first person for its name.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, NamedTuple

from app.imports.beside import is_note, is_total
from app.imports.columns import COLUMNS
from app.imports.errors import TableAcross
from app.imports.headers import find_column
from app.imports.problems import FileNote, FileRemark, Remark, shorten
from app.imports.tables import HEADER_WITHIN, CellMark, Table, TableRow
from models.canonical import canonical_line
from models.folding import fold, fold_to_letters
from models.imports import ImportKind

# A name at the beginning of a cell, such as “Can help with:”.
_LABELLED: Final = re.compile(r"\s*([^:：\n]{1,40}?)\s*[:：](?!//)\s*")
# Another one further on in it; such hold no blanks, which part them from what is before.
_FURTHER: Final = re.compile(r"[\s,，;；|｜、]+([^\s:：,，;；|｜、]{1,20})\s*[:：](?!//)\s*")
# What ends a value where another begins.
_SEPARATORS: Final = " \t\r\n,，;；|｜、"

# How long a name may be that is none of ours, where it comes again and again.
_UNKNOWN_LABEL: Final = 12


class Cards(NamedTuple):
    """The table that the cards are, with a row for each, and what was left out of it."""

    table: Table
    notes: tuple[FileNote, ...]


class _Said(NamedTuple):
    """One thing that a line says: under which name, and what."""

    label: str
    text: str


@dataclass
class _Card:
    number: int
    is_hidden: bool
    said: dict[str, str] = field(default_factory=dict)
    marks: dict[str, Remark] = field(default_factory=dict)
    of_cells: list[tuple[str, CellMark]] = field(default_factory=list)
    last: str = ""

    def add(self, key: str, text: str, between: str) -> None:
        before = self.said.get(key, "")
        self.said[key] = f"{before}{between}{text}" if before and text else before or text
        self.last = key


def lay_out_cards(kind: ImportKind, table: Table) -> Cards | None:
    """The cards of `table` as rows below a header; None where it holds none.

    Raises TableAcross where nothing tells in which of the cards a line stands.
    """
    rows = _join_pairs(kind, table.rows)
    if not _holds_cards(kind, rows[:HEADER_WITHIN]):
        return None
    labels = _list_labels(kind, rows)
    first = _choose_first(kind, rows, labels)
    cards: list[_Card] = []
    notes = []
    for row in rows:
        split = [
            (place, _split(cell, labels)) for place, cell in enumerate(row.cells) if cell.strip()
        ]
        if not any(said for _, said in split) and (
            not cards or row.is_heading or _stands_beside(row.cells)
        ):
            text = next((cell for cell in row.cells if cell.strip()), "")
            shown = shorten(canonical_line(text.strip()))
            notes.append(FileNote(FileRemark.NOTE_LEFT_OUT, row.number, shown))
            continue
        between = "\n"
        for place, said in split:
            if not said and cards:
                cards[-1].add(cards[-1].last, row.cells[place].strip(), between)
            for label, text in said:
                key = labels[fold_to_letters(label)]
                if key == first:
                    cards.append(_Card(row.number, row.is_hidden))
                if cards:
                    cards[-1].add(key, text, "\n")
                    if place in row.marks:
                        cards[-1].marks[key] = row.marks[place]
                    cards[-1].of_cells += [
                        (key, mark)
                        for each in row.said
                        if each.place == place
                        and (mark := _narrow_mark(each, label, text, labels)) is not None
                    ]
            between = "，"
    return Cards(_make_table(table, cards), (FileNote(FileRemark.CARDS_READ), *notes))


def _make_table(table: Table, cards: Sequence[_Card]) -> Table:
    keys = list(dict.fromkeys(key for card in cards for key in card.said))
    rows = [
        TableRow(
            card.number,
            tuple(card.said.get(key, "") for key in keys),
            MappingProxyType({keys.index(key): mark for key, mark in card.marks.items()}),
            card.is_hidden,
            said=tuple(replace(mark, place=keys.index(key)) for key, mark in card.of_cells),
        )
        for card in cards
    ]
    header = TableRow(rows[0].number if rows else 1, tuple(keys))
    return Table((header, *rows), table.name, is_hidden=table.is_hidden)


def _join_pairs(kind: ImportKind, rows: Sequence[TableRow]) -> Sequence[TableRow]:
    """Rows of a name and what it says beside it, as lines that hold both; other rows as they are.

    A table that has more than two columns is none of such pairs, nor is one of two columns whose
    header alone names anything.
    """
    pairs = [
        row
        for row in rows
        if len(row.cells) == 2
        and row.cells[1].strip()
        and ":" not in fold(row.cells[0])
        and find_column(kind, row.cells[0]) is not None
        and find_column(kind, row.cells[1]) is None
    ]
    if any(len(row.cells) > 2 for row in rows) or 2 * len(pairs) < len(rows):
        return rows
    joined = {
        row.number: TableRow(
            row.number,
            (f"{row.cells[0].strip()}：{row.cells[1]}",),
            MappingProxyType({0: row.marks[1]} if 1 in row.marks else {}),
            row.is_hidden,
            said=tuple(
                replace(mark, place=0, text=f"{row.cells[0].strip()}：{mark.text}")
                if mark.remark is Remark.PARTLY_CROSSED_OUT
                else replace(mark, place=0)
                for mark in row.said
                if mark.place == 1
            ),
        )
        for row in pairs
    }
    return [joined.get(row.number, row) for row in rows]


def _holds_cards(kind: ImportKind, rows: Sequence[TableRow]) -> bool:
    """Whether half of the cells name what they say, several things, among them who it is."""
    filled, labelled = 0, 0
    names = set()
    for row in rows:
        for cell in row.cells:
            filled += bool(cell.strip())
            found = _LABELLED.match(cell)
            if found is None or not cell[found.end() :].strip():
                continue
            further = [m[1] for m in _FURTHER.finditer(cell, found.end())]
            columns = [find_column(kind, label) for label in (found[1], *further)]
            labelled += columns[0] is not None
            names |= {column.name for column in columns if column is not None and columns[0]}
    return len(names) > 1 and 2 * labelled >= filled and _get_required(kind) in names


def _get_required(kind: ImportKind) -> str:
    return next(column.name for column in COLUMNS[kind] if column.is_required)


def _list_labels(kind: ImportKind, rows: Sequence[TableRow]) -> Mapping[str, str]:
    """By the letters of each label, under which header it goes: ours, or the label itself."""
    begins: Counter[str] = Counter()
    written: dict[str, str] = {}
    for row in rows:
        for cell in row.cells:
            if (found := _LABELLED.match(cell)) is None:
                continue
            begins[fold_to_letters(found[1])] += 1
            for label in (found[1], *(m[1] for m in _FURTHER.finditer(cell, found.end()))):
                written.setdefault(fold_to_letters(label), label.strip())
    labels: dict[str, str] = {}
    by_column: dict[str, str] = {}
    for letters, label in written.items():
        column = find_column(kind, label)
        if column is not None:
            labels[letters] = by_column.setdefault(column.name, label)
        elif letters and begins[letters] > 1 and len(label) <= _UNKNOWN_LABEL:
            labels[letters] = label
    return labels


def _choose_first(kind: ImportKind, rows: Sequence[TableRow], labels: Mapping[str, str]) -> str:
    """The header that begins every card. Raises TableAcross."""
    said = [
        labels[fold_to_letters(one.label)]
        for row in rows
        for cell in row.cells
        for one in _split(cell, labels)
    ]
    required = _get_required(kind)
    (name,) = {
        key for key in set(said) if (c := find_column(kind, key)) is not None and c.name == required
    }
    if said[0] != name and said.count(said[0]) != said.count(name):
        raise TableAcross
    return said[0]


def _split(cell: str, labels: Mapping[str, str]) -> list[_Said]:
    """What a cell says under each of the names in it; nothing where it does not begin with one."""
    found = _LABELLED.match(cell)
    if found is None or fold_to_letters(found[1]) not in labels:
        return []
    said = []
    label, begins = found[1], found.end()
    for further in _FURTHER.finditer(cell, found.end()):
        if fold_to_letters(further[1]) in labels:
            said.append(_Said(label, cell[begins : further.start()].strip(_SEPARATORS)))
            label, begins = further[1], further.end()
    return [*said, _Said(label, cell[begins:].strip())]


def _narrow_mark(
    mark: CellMark, label: str, text: str, labels: Mapping[str, str]
) -> CellMark | None:
    """What a mark on a line says of one of the things that the line says; None for nothing."""
    if mark.remark is not Remark.PARTLY_CROSSED_OUT:
        return mark
    left = {fold_to_letters(one.label): one.text for one in _split(mark.text, labels)}
    said = left.get(fold_to_letters(label), "")
    if said == text:
        return None
    return replace(mark, text=said) if said else replace(mark, remark=Remark.CROSSED_OUT, text="")


def _stands_beside(cells: Sequence[str]) -> bool:
    texts = [text for cell in cells if (text := fold(cell[:200]).strip())]
    if not any(map(fold_to_letters, texts)):
        # A line drawn between two cards.
        return True
    return len(texts) <= 2 and (is_total(texts[0]) or is_note(texts[0]))
