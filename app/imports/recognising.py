"""Makes sense of a table: which column is which, and what each cell says."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from app.imports.beside import is_group, is_note, is_number_of_row, is_total
from app.imports.cards import Cards, join_single_cards, lay_out_cards
from app.imports.cell_texts import fill_from_above, read_escaped
from app.imports.cells import Values, clean_cell, cut_cell, recognise_cells
from app.imports.column_parts import (
    Part,
    join_parts,
    list_targets,
    split_organisation_and_position,
)
from app.imports.column_shapes import Column
from app.imports.columns import COLUMNS, get_column
from app.imports.errors import (
    ColumnMissing,
    ColumnRepeated,
    FileWithoutRows,
    SeveralSheets,
    SheetMissing,
    TableAcross,
)
from app.imports.file_notes import note_above, note_again, note_parts, note_sheet
from app.imports.headers import (
    Header,
    find_column,
    find_column_part,
    find_header,
    find_next_header,
)
from app.imports.problems import FileNote, FileRemark, Problem, Remark, make_problem, shorten
from app.imports.row_remarks import list_said, take_links
from app.imports.sheet_names import is_current
from app.imports.tables import COLUMNS_LIMIT, ROWS_LIMIT, Table, TableRow, make_too_large
from models.canonical import canonical_line
from models.folding import fold, fold_to_letters
from models.imports import ImportKind

# Enough of a cell to see that a row is a total or a note.
_CELL_GLANCED: Final = 200

_UNKNOWN_HEADER_SHOWN: Final = 60

# The header and the row that one entry written as lines becomes.
_ONE_CARD: Final = 2

# Below the headers people say what is to be written there, and write it once as an example.
_HINT: Final = re.compile(
    r"(?:\(?(?:必填项?|选填项?|非必填|required|optional|mandatory|文本|text)\b.*"
    r"|(?:填写)?(?:示例|样例|范例|举例|例|example|sample)(?:行|数据)?\s*[:)、].*|e\.g\..*"
    r"|\((?:示例|样例|范例|例|example|sample)\).*)"
)


_BRACKET: Final = re.compile(r"(?<=.)\s*[(\[【].*$")


@dataclass(frozen=True, slots=True)
class RecognisedRow:
    """A row by the names of its columns: the filled cells, what they say, what is wrong with them.

    A cell with a problem says nothing; `values` holds what the others say.
    """

    number: int
    cells: Mapping[str, str]
    values: Values
    problems: tuple[Problem, ...]

    @property
    def is_refused(self) -> bool:
        """Whether a cell cannot be taken; notes keep no row away."""
        return any(not problem.is_note for problem in self.problems)


@dataclass(frozen=True, slots=True)
class RecognisedFile:
    """The rows below the header, those headers that name no column, and what else is to be said."""

    rows: tuple[RecognisedRow, ...]
    unknown_columns: tuple[str, ...]
    notes: tuple[FileNote, ...] = ()


def recognise_table(kind: ImportKind, rows: Sequence[TableRow]) -> RecognisedFile:
    """`recognise_tables` for the rows of a single one."""
    return recognise_tables(kind, (Table(tuple(rows)),))


def recognise_tables(
    kind: ImportKind, tables: Sequence[Table], *, sheet: str = "", header: Header | None = None
) -> RecognisedFile:
    """What the rows of one of `tables` say about mentors or startups.

    It is the one called `sheet`, else the only one with a header of this kind and rows below it;
    `header` is given where somebody assigned the columns. Raises ColumnMissing, ColumnRepeated,
    FileWithoutRows, FileTooLarge, SeveralSheets, SheetMissing.
    """
    by_table: dict[int, tuple[FileNote, ...]] = {}
    if header is None:
        laid = [lay_out_cards(kind, table) or Cards(table, ()) for table in tables]
        if not sheet:
            laid = join_single_cards(laid)
        tables = [each.table for each in laid]
        by_table = {id(each.table): each.notes for each in laid}
    cards = {each for each, said in by_table.items() if FileNote(FileRemark.CARDS_READ) in said}
    table, found = _choose_table(kind, tables, sheet, header, cards)
    if found.repeated is not None:
        raise ColumnRepeated(column=found.repeated.name, headers=found.repeated_texts)
    notes = list(by_table.get(id(table), ()))
    if table.is_cut:
        notes.append(FileNote(FileRemark.COLUMNS_BEYOND, text=str(COLUMNS_LIMIT)))
    if len(tables) > 1:
        others = "、".join(t.name for t in tables if t is not table and t.rows)
        if others:
            notes.append(FileNote(FileRemark.SHEET_READ, text=f"{table.name}\n{others}"))
    notes += note_sheet(table, found)
    notes += [*note_parts(kind, found), *note_again(found), *note_above(kind, table, found)]
    rows = []
    unknown_texts = list(found.unknown.values())
    below = [row for row in table.rows[found.first_row :] if any(map(str.strip, row.cells))]
    # A list whose columns somebody assigned goes on to the end.
    nexts = [find_next_header(kind, row) if header is None else None for row in below]
    before: TableRow | None = None
    is_other = False
    for each, own, following in zip_longest(below, nexts, nexts[1:]):
        row = fill_from_above(each, before)
        if own is not None:
            note, found = _begin_list(found, own, row)
            notes.append(note)
            unknown_texts += own.unknown.values()
            is_other = False
        elif is_other or (header is None and _begins_other(kind, row)):
            note = FileNote(FileRemark.OTHER_LIST, row.number, _get_beginning(row))
            notes += [] if is_other else [note]
            is_other = True
        elif following is not None and (title := _get_only_text(row)):
            notes.append(FileNote(FileRemark.NOTE_LEFT_OUT, row.number, title))
        elif (left_out := _leave_out(kind, found, row)) is not None:
            notes.append(left_out)
        elif (recognised := _recognise_row(kind, found, row)) is not None:
            rows.append(recognised)
            before = row
    if not rows and any(_get_column(kind, row) is not None for row in below):
        raise TableAcross
    if not rows:
        raise FileWithoutRows
    if len(rows) > ROWS_LIMIT:
        raise make_too_large()
    unknown = (
        shorten(canonical_line(text.strip()[:_CELL_GLANCED]), _UNKNOWN_HEADER_SHOWN)
        for text in unknown_texts
    )
    return RecognisedFile(tuple(rows), tuple(dict.fromkeys(unknown)), tuple(notes))


def _get_column(kind: ImportKind, row: TableRow) -> Column | None:
    """The column that the first cell of a row names: then the table is written across."""
    first = next((text for text in row.cells if text.strip()), "")
    return find_column(kind, first)


def _choose_table(
    kind: ImportKind,
    tables: Sequence[Table],
    sheet: str,
    header: Header | None,
    cards: Collection[int],
) -> tuple[Table, Header]:
    """The table that is meant, and its header; `cards` are those that were lines, by identity."""
    if sheet:
        tables = [table for table in tables if table.name == sheet]
        if not tables:
            raise SheetMissing(sheet=shorten(sheet))
    if header is not None:
        return next((t for t in tables if t.rows), Table(())), header
    found = [(t, h) for t in tables if (h := find_header(kind, t)) is not None]
    if not found:
        required = min(column.name for column in COLUMNS[kind] if column.is_required)
        raise ColumnMissing(column=required)
    filled = [(table, h) for table, h in found if len(table.rows) > h.first_row]

    def is_list(table: Table) -> bool:
        # Beside a list, the lines “name: as in the passport” say how to fill it in.
        return id(table) not in cards or len(table.rows) > _ONE_CARD

    for is_better in (is_current, lambda table: not table.is_hidden, is_list):
        if any(is_better(table) for table, _ in filled):
            filled = [(table, h) for table, h in filled if is_better(table)]
    if len(filled) > 1:
        most = max(len(h.columns) + len(h.parts) for _, h in filled)
        filled = [(table, h) for table, h in filled if len(h.columns) + len(h.parts) == most]
        if len(filled) > 1:
            raise SeveralSheets(sheets=tuple(table.name for table, _ in filled))
    return (filled or found)[0]


def _begin_list(before: Header, header: Header, row: TableRow) -> tuple[FileNote, Header]:
    """What `row`, a header below the first, means for the rows below it: the columns of another
    list, or those of `before` once more."""
    if header.columns == before.columns and header.parts == before.parts:
        return FileNote(FileRemark.HEADER_AGAIN, row.number), before
    return FileNote(FileRemark.OTHER_HEADER, row.number), header


def _begins_other(kind: ImportKind, row: TableRow) -> bool:
    """Whether a row is the header of a list of another kind, and none of its rows."""
    return any(
        find_next_header(other, row) is not None
        and sum(find_column(kind, text) is not None for text in row.cells) < 2
        for other in ImportKind
        if other is not kind
    )


def _get_beginning(row: TableRow) -> str:
    texts = (canonical_line(text.strip()[:_CELL_GLANCED]) for text in row.cells if text.strip())
    return shorten("、".join(texts))


def _get_only_text(row: TableRow) -> str:
    """The text of a row that has one cell, as it is shown; empty for any other."""
    texts = [text.strip()[:_CELL_GLANCED] for text in row.cells if text.strip()]
    return shorten(canonical_line(texts[0])) if len(set(texts)) == 1 else ""


def _leave_out(kind: ImportKind, header: Header, row: TableRow) -> FileNote | None:
    """What a row is that belongs to no list: a total, a note below, the header once more."""
    glanced = [cell.strip()[:_CELL_GLANCED] for cell in row.cells]
    texts = [text for cell in glanced if (text := fold(cell).strip())]
    if not texts:
        return None
    shown = shorten(canonical_line(next(cell for cell in glanced if cell)))
    if not any(map(fold_to_letters, texts)):
        # A line drawn across the table.
        return FileNote(FileRemark.NOTE_LEFT_OUT, row.number, shown)
    if row.is_heading:
        return FileNote(FileRemark.NOTE_LEFT_OUT, row.number, shown)
    if is_total(texts[0]):
        return FileNote(FileRemark.TOTAL_LEFT_OUT, row.number, shown)
    named = fold(_get_required(kind, header, glanced)).strip()
    known = any(header.is_known(place) and text for place, text in enumerate(glanced))
    # A number before what it numbers says nothing of it.
    first = next((text for text in texts if not is_number_of_row(text)), texts[0])
    is_below = (len(texts) <= 2 and is_note(first)) or (len(texts) == 1 and is_group(first))
    # Empty rows that are numbered beforehand say nothing.
    is_beside = not known and not all(text.isdecimal() for text in texts)
    if is_below or is_beside or _HINT.fullmatch(named) or _is_header_word(kind, named):
        return FileNote(FileRemark.NOTE_LEFT_OUT, row.number, shown)
    again = [
        place
        for place, text in enumerate(row.cells)
        if (place in header.columns and find_column(kind, text) is header.columns[place])
        or (place in header.parts and find_column_part(kind, text) is header.parts[place])
    ]
    if len(again) > 1 and len(again) == len(header.columns) + len(header.parts):
        return FileNote(FileRemark.HEADER_AGAIN, row.number)
    return None


def _is_header_word(kind: ImportKind, named: str) -> bool:
    """Whether somebody would be called 邮箱: the table is written across, or another begins."""
    if kind is not ImportKind.MENTORS or named.isascii():
        return False
    # 张三（线上）is a name, and something about whoever has it.
    column, bare = find_column(kind, named), find_column(kind, _BRACKET.sub("", named))
    return column is not None and bare is column and not column.is_required


def _get_required(kind: ImportKind, header: Header, cells: Sequence[str]) -> str:
    """What a row says where none may be silent: the name."""
    required = next(column.name for column in COLUMNS[kind] if column.is_required)
    for place, column in header.columns.items():
        if column.name == required and place < len(cells):
            return cells[place]
    return _join_parts(kind, header, cells).get(required, "")


def _add_again(header: Header, row: TableRow, cells: dict[str, str]) -> None:
    """Add what further columns of one thing say, if it is something else."""
    for place, column in header.again.items():
        text = clean_cell(column, row.cells[place]) if place < len(row.cells) else ""
        if text and text != cells.get(column.name):
            cells[column.name] = "；".join(filter(None, (cells.get(column.name), text)))


def _join_parts(kind: ImportKind, header: Header, cells: Sequence[str]) -> dict[str, str]:
    """What the parts of names and of places say together, by the names of their columns."""
    said: dict[str, dict[Part, str]] = {}
    for place, part in header.parts.items():
        if part is not Part.ORGANISATION_AND_POSITION and place < len(cells):
            (target,) = list_targets(kind, part)
            column = get_column(kind, target)
            said.setdefault(target, {})[part] = clean_cell(column, cells[place])
    return {target: joined for target, parts in said.items() if (joined := join_parts(parts))}


def _split_parts(
    header: Header, row: TableRow, cells: dict[str, str], kind: ImportKind
) -> list[Problem]:
    """Lay organisation and position of one cell into `cells`; says where that could not be told."""
    for place, part in header.parts.items():
        if part is not Part.ORGANISATION_AND_POSITION or place >= len(row.cells):
            continue
        text = clean_cell(get_column(kind, "headline"), row.cells[place])
        if not text:
            continue
        split = split_organisation_and_position(text)
        organisation, position = split or ("", text)
        if organisation:
            cells.setdefault("employer", organisation)
        if position and position != cells.get("headline"):
            both = (position, cells.get("headline", ""))
            cells["headline"] = "、".join(filter(None, both))
        if split is None:
            return [make_problem("headline", Remark.NOT_SPLIT)]
    return []


def _recognise_row(kind: ImportKind, header: Header, row: TableRow) -> RecognisedRow | None:
    row, escaped = read_escaped(take_links(header, row))
    cells = {
        column.name: cell
        for place, column in header.columns.items()
        if place < len(row.cells) and (cell := clean_cell(column, row.cells[place]))
    }
    _add_again(header, row, cells)
    cells |= _join_parts(kind, header, row.cells)
    said = [
        make_problem(header.columns[place].name, Remark.ESCAPED)
        for place in escaped
        if place in header.columns
    ]
    said += [*list_said(kind, header, row), *_split_parts(header, row, cells, kind)]
    own = [
        place
        for place, text in enumerate(row.cells)
        if text.strip() and row.marks.get(place) is not Remark.FILLED_FROM_MERGED
    ]
    without_value = Remark.FORMULA_WITHOUT_VALUE in {problem.remark for problem in said}
    if not cells or not (own or without_value):
        return None
    values, problems = recognise_cells(kind, cells)
    unsaid = {p.column for p in said if p.remark is Remark.FORMULA_WITHOUT_VALUE}
    problems = tuple(
        p for p in problems if p.remark is not Remark.MISSING or p.column not in unsaid
    )
    kept = {name: cut_cell(cell) for name, cell in cells.items()}
    return RecognisedRow(row.number, kept, values, (*problems, *said))
