"""Lists that people write as cards, a line for each thing they know: 姓名：…, 单位：…, e-mail: …

Every line names what it says, and an entry goes on until the first of those names comes again. Read
as a table the first line would pass for a header, and the first person for its name.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, NamedTuple

from app.imports.beside import is_note, is_total
from app.imports.card_lines import (
    FURTHER,
    LABELLED,
    UNKNOWN_LABEL,
    USUAL_LABELS,
    are_all_labelled,
    get_required,
    holds_cards,
    split_blocks,
    write_as_lines,
)
from app.imports.errors import CardsUnclear
from app.imports.headers import find_column
from app.imports.problems import FileNote, FileRemark, Remark, shorten
from app.imports.sheet_names import is_current
from app.imports.tables import HEADER_WITHIN, CellMark, Table, TableRow
from models.canonical import canonical_line
from models.folding import fold, fold_to_letters
from models.imports import ImportKind

# The header and the row of a table of one card.
_SINGLE: Final = 2
# What ends a value where another begins.
_SEPARATORS: Final = " \t\r\n,，;；|｜、"


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

    Raises CardsUnclear where nothing tells in which of the cards a line stands.
    """
    rows = write_as_lines(kind, table.rows)
    if not holds_cards(kind, rows[:HEADER_WITHIN]):
        return None
    labels = _list_labels(kind, rows)
    first, starts = _find_beginnings(kind, rows, labels)
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
        if row.number in starts:
            cards.append(_Card(row.number, row.is_hidden))
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


def join_single_cards(laid: Sequence[Cards]) -> list[Cards]:
    """`laid` with those sheets as one that hold a single card each, where there are several: a
    workbook with one form a person. Sheets that are no longer meant stay by themselves."""
    single = [
        each
        for each in laid
        if each.notes[:1] == (FileNote(FileRemark.CARDS_READ),)
        and len(each.table.rows) == _SINGLE
        and is_current(each.table)
    ]
    if len(single) < _SINGLE:
        return list(laid)
    keys = list(dict.fromkeys(key for each in single for key in each.table.rows[0].cells))
    rows = []
    for number, each in enumerate(single, start=1):
        header, row = each.table.rows
        places = [keys.index(key) for key in header.cells]
        texts = dict(zip(places, row.cells, strict=True))
        rows.append(
            TableRow(
                number,
                tuple(texts.get(place, "") for place in range(len(keys))),
                MappingProxyType({places[place]: mark for place, mark in row.marks.items()}),
                row.is_hidden,
                said=tuple(
                    mark if mark.place is None else replace(mark, place=places[mark.place])
                    for mark in row.said
                ),
            )
        )
    names = "\n".join(each.table.name for each in single)
    notes = [note for each in single for note in each.notes if note not in single[0].notes[:1]]
    name = names.replace("\n", "、")
    whole = Table((TableRow(1, tuple(keys)), *rows), name)
    left = [each for each in laid if each not in single]
    return [Cards(whole, (FileNote(FileRemark.ENTRY_A_SHEET, text=names), *notes)), *left]


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


def _list_labels(kind: ImportKind, rows: Sequence[TableRow]) -> Mapping[str, str]:
    """By the letters of each label, under which header it goes: ours, or the label itself."""
    begins: Counter[str] = Counter()
    goes_on: Counter[str] = Counter()
    long_lines = 0
    written: dict[str, str] = {}
    for row in rows:
        for cell in row.cells:
            if (found := LABELLED.match(cell)) is None:
                continue
            begins[fold_to_letters(found[1])] += 1
            further = [m[1] for m in FURTHER.finditer(cell, found.end())]
            goes_on.update(map(fold_to_letters, further))
            long_lines += any(find_column(kind, label) for label in further)
            for label in (found[1], *further):
                written.setdefault(fold_to_letters(label), label.strip())
    labels: dict[str, str] = {}
    by_column: dict[str, str] = {}
    often = 0 if are_all_labelled(rows) else 1
    for letters, label in written.items():
        column = find_column(kind, label)
        if column is not None:
            labels[letters] = by_column.setdefault(column.name, label)
        elif len(label) > UNKNOWN_LABEL or not letters:
            continue
        # Inside of a line a colon also stands in a text; a label is in as many as the lines are.
        elif (
            letters in USUAL_LABELS
            or begins[letters] > often
            or goes_on[letters] > max(1, long_lines // 2)
        ):
            labels[letters] = label
    return labels


def _find_beginnings(
    kind: ImportKind, rows: Sequence[TableRow], labels: Mapping[str, str]
) -> tuple[str, frozenset[int]]:
    """What begins every card: a header, or "" and the numbers of the rows that do.

    Where empty lines part them, each card has one name; else they all begin with the same header.
    Raises CardsUnclear.
    """
    required = get_required(kind)
    names = {
        key
        for key in set(labels.values())
        if (column := find_column(kind, key)) is not None and column.name == required
    }
    starts = []
    for block in split_blocks(rows):
        said = _list_keys(block, labels)
        if said and sum(key in names for _, key in said) != 1:
            break
        starts += [said[0][0]] if said else []
    else:
        return "", frozenset(starts)
    said = _list_keys(rows, labels)
    first = said[0][1]
    places = [number for number, key in said if key in names]
    if first not in names and sum(key == first for _, key in said) != len(places):
        raise CardsUnclear(row=places[min(1, len(places) - 1)])
    return first, frozenset()


def _list_keys(rows: Sequence[TableRow], labels: Mapping[str, str]) -> list[tuple[int, str]]:
    """The headers under which `rows` say something, each with the number of its row."""
    return [
        (row.number, labels[fold_to_letters(one.label)])
        for row in rows
        for cell in row.cells
        for one in _split(cell, labels)
    ]


def _split(cell: str, labels: Mapping[str, str]) -> list[_Said]:
    """What a cell says under each of the names in it; nothing where it does not begin with one."""
    found = LABELLED.match(cell)
    if found is None or fold_to_letters(found[1]) not in labels:
        return []
    said = []
    label, begins = found[1], found.end()
    for further in FURTHER.finditer(cell, found.end()):
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
