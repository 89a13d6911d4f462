"""Makes sense of a table: which column is which, and what each cell says."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

from app.imports.column_shapes import Column, Shape
from app.imports.columns import COLUMNS, get_column
from app.imports.errors import (
    ColumnMissing,
    ColumnRepeated,
    FileWithoutRows,
    SeveralSheets,
    SheetMissing,
)
from app.imports.headers import Header, find_column, find_header
from app.imports.in_both_languages import list_words, simplify
from app.imports.problems import FileNote, FileRemark, Problem, Remark, make_problem, shorten
from app.imports.tables import ROWS_LIMIT, Table, TableRow, make_too_large
from app.words.email_addresses import EmailUnusable, read_email
from app.words.labels import LABELS
from app.words.links import find_web_address
from app.words.numbers import NumberUnreadable, read_number
from models.canonical import canonical_line, canonical_text
from models.credit_code import CreditCode, CreditCodeInvalid
from models.folding import fold
from models.imports import ImportKind
from models.organisation_names import split_organisation_names
from models.places import read_place
from models.vocabulary import FundingStage, Language, Seat, Title

# Longer than any text that is taken; what is longer is refused and kept only so far.
_CELL_KEPT: Final = 8_100

# Longer than anything that is taken, also with the blanks that are taken out of it. No pattern and
# no normal form is tried on more; a spreadsheet has at most 32,767 characters in a cell.
_CELL_READ: Final = 40_000
# Enough of a cell to see that a row is a total or a note.
_CELL_GLANCED: Final = 200

_UNKNOWN_HEADER_SHOWN: Final = 60

# Between codes, and between free words, which may hold a slash: CMOS/BiCMOS.
_CODE_SEPARATORS: Final = re.compile(r"[、,，;；/|\n]+")
_WORD_SEPARATORS: Final = re.compile(r"[、,，;；|\n]+")

# How people say in a cell that there is nothing to say.
_BLANKS: Final = frozenset({"-", "--", "–", "—", "——", "/", "无", "暂无", "n/a"})

_SPREADSHEET_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!"}
)

_YES: Final = frozenset({"yes", "y", "true", "1", "是", "可", "可以", "对", "√", "✓", "✔"})
_NO: Final = frozenset({"no", "n", "false", "0", "否", "不", "不可", "不可以", "×", "✗", "x"})

# What stands below a list and is no row of it.
_TOTAL: Final = re.compile(
    r"(?:[合总小共累]\s*计|总\s*数|汇\s*总|平均值?|共\s*[0-9]+|(?:grand |sub[- ]?)?total|sum"
    r"|average)\s*:?\s*[0-9.,]*\s*[人家名位项条个]?"
)
_NOTE: Final = re.compile(
    r"[*※]|(?:附?注|备注|说明|填[表报写]\w{0,4}|制表\w?|审核\w?|联系\w{0,3}|数据来源|来源|日期|截至|note|notes"
    r"|remarks?|source|prepared by|as of)\s*:"
)
_ADDRESS: Final = re.compile(r"<([^<>@\s]+@[^<>\s]+)>")
_ADDRESSES: Final = re.compile(r"[\s,;、/|]+")

# What people write beside the words on our pages.
_OTHER_WORDS: Final[Mapping[type[StrEnum], Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        Language: {
            Language.CHINESE: ("汉语", "普通话", "国语", "mandarin"),
            Language.ENGLISH: ("英文",),
            Language.GERMAN: ("德文",),
            Language.JAPANESE: ("日文",),
            Language.KOREAN: ("韩文",),
            Language.FRENCH: ("法文",),
        },
        Seat: {Seat.ACADEMIC: ("学术",), Seat.INDUSTRIAL: ("产业", "industry")},
        FundingStage: {
            FundingStage.SEED: ("种子", "种子轮"),
            FundingStage.ANGEL: ("天使", "天使轮"),
            FundingStage.START_UP: ("初创",),
            FundingStage.GROWTH: ("成长",),
        },
        Title: {
            Title.HIGH_TECH_ENTERPRISE: ("高企",),
            Title.GAZELLE: ("瞪羚",),
            Title.LITTLE_GIANT: ("小巨人",),
        },
    }
)

Values = Mapping[str, object]


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


@dataclass(frozen=True, slots=True)
class _Understood:
    """A value that is not what the cell says word by word, with the note that says so."""

    value: object
    note: Problem


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
    table, found = _choose_table(kind, tables, sheet, header)
    if found.repeated is not None:
        raise ColumnRepeated(column=found.repeated.name)
    notes = []
    if len(tables) > 1:
        others = "、".join(t.name for t in tables if t is not table and t.rows)
        if others:
            notes.append(FileNote(FileRemark.SHEET_READ, text=f"{table.name}\n{others}"))
    notes += [
        FileNote(FileRemark.HIDDEN_COLUMN, text=column.name)
        for place, column in found.columns.items()
        if place in table.hidden_columns
    ]
    rows = []
    for row in table.rows[found.first_row :]:
        left_out = _leave_out(kind, found, row)
        if left_out is not None:
            notes.append(left_out)
        elif (recognised := _recognise_row(kind, found, row)) is not None:
            rows.append(recognised)
    if not rows:
        raise FileWithoutRows
    if len(rows) > ROWS_LIMIT:
        raise make_too_large()
    unknown = (
        shorten(canonical_line(text.strip()[:_CELL_GLANCED]), _UNKNOWN_HEADER_SHOWN)
        for text in found.unknown.values()
    )
    return RecognisedFile(tuple(rows), tuple(dict.fromkeys(unknown)), tuple(notes))


def _choose_table(
    kind: ImportKind, tables: Sequence[Table], sheet: str, header: Header | None
) -> tuple[Table, Header]:
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
    if len(filled) > 1:
        most = max(len(h.columns) for _, h in filled)
        filled = [(table, h) for table, h in filled if len(h.columns) == most]
        if len(filled) > 1:
            raise SeveralSheets(sheets="、".join(table.name for table, _ in filled))
    return (filled or found)[0]


def _leave_out(kind: ImportKind, header: Header, row: TableRow) -> FileNote | None:
    """What a row is that belongs to no list: a total, a note below, the header once more."""
    glanced = [cell.strip()[:_CELL_GLANCED] for cell in row.cells]
    texts = [text for cell in glanced if (text := fold(cell).strip())]
    if not texts:
        return None
    shown = shorten(canonical_line(next(cell for cell in glanced if cell)))
    if _TOTAL.fullmatch(texts[0]):
        return FileNote(FileRemark.TOTAL_LEFT_OUT, row.number, shown)
    if len(texts) <= 2 and _NOTE.match(texts[0]):
        return FileNote(FileRemark.NOTE_LEFT_OUT, row.number, shown)
    again = [
        place
        for place, column in header.columns.items()
        if place < len(row.cells) and find_column(kind, row.cells[place]) is column
    ]
    if len(again) > 1 and len(again) == len(header.columns):
        return FileNote(FileRemark.HEADER_AGAIN, row.number)
    return None


def _recognise_row(kind: ImportKind, header: Header, row: TableRow) -> RecognisedRow | None:
    cells = {
        column.name: cell
        for place, column in header.columns.items()
        if place < len(row.cells) and (cell := _clean(column, row.cells[place]))
    }
    said = _list_marks(header, row)
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
    kept = {name: _cut(cell) for name, cell in cells.items()}
    return RecognisedRow(row.number, kept, values, (*problems, *said))


def _list_marks(header: Header, row: TableRow) -> list[Problem]:
    """What the file had in the cells, or beyond them, that their texts do not show."""
    found = [
        make_problem(header.columns[place].name, remark)
        for place, remark in sorted(row.marks.items())
        if place in header.columns
    ]
    if row.is_hidden:
        found.append(make_problem("", Remark.HIDDEN_ROW))
    beyond = [
        canonical_line(text.strip()[:_CELL_GLANCED])
        for place, text in enumerate(row.cells)
        if place not in header.columns
        and place not in header.unknown
        and place > max(header.columns)
        and text.strip()
    ]
    if beyond:
        found.append(make_problem("", Remark.BEYOND_HEADER, "、".join(beyond)))
    return found


def keep_cells(kind: ImportKind, cells: Mapping[str, str]) -> dict[str, str]:
    """The filled `cells` of a row as they are kept, by the names of their columns."""
    return {
        column.name: text[:_CELL_KEPT]
        for column in COLUMNS[kind]
        if (text := _clean(column, cells.get(column.name, "")))
    }


def recognise_cells(
    kind: ImportKind, cells: Mapping[str, str]
) -> tuple[Values, tuple[Problem, ...]]:
    """What the filled `cells` of one row say, by column, and what is wrong with the others."""
    values: dict[str, object] = {}
    problems = [
        make_problem(column.name, Remark.MISSING)
        for column in COLUMNS[kind]
        if column.is_required and column.name not in cells
    ]
    for name, cell in cells.items():
        found = _recognise(get_column(kind, name), cell)
        if isinstance(found, _Understood):
            values[name] = found.value
            problems.append(found.note)
        elif isinstance(found, Problem):
            problems.append(found)
        else:
            values[name] = found
    return values, tuple(problems)


def _clean(column: Column, text: str) -> str:
    """The cell in canonical form; "" where it says that there is nothing to say.

    What is too long for every column is left as it is, or cut where it is no text anyway.
    """
    text = text.strip()
    if len(text) > _CELL_READ:
        if column.shape in (Shape.TEXT, Shape.LINE):
            return text
        text = text[:_CELL_READ]
    cleaned = canonical_text(text)
    # Our own files put this before what a spreadsheet would take for a formula.
    if len(cleaned) > 1 and cleaned[0] == "'" and cleaned[1] in "=+-@":
        cleaned = cleaned[1:]
    if column.shape is not Shape.TEXT:
        many = column.shape in (Shape.WORDS, Shape.ORGANISATIONS)
        cleaned = cleaned if many else canonical_line(cleaned)
        if cleaned.lower() in _BLANKS:
            return ""
    return cleaned


def _cut(cell: str) -> str:
    """As much of a cell as is kept with its row."""
    return canonical_text(cell[:_CELL_KEPT]) if len(cell) > _CELL_KEPT else cell


def _recognise(column: Column, cell: str) -> object:
    """What the cell says, or the Problem with it."""
    if cell in _SPREADSHEET_ERRORS:
        return make_problem(column.name, Remark.SPREADSHEET_ERROR, cell)
    return _READERS[column.shape](column, cell)


def _read_text(column: Column, cell: str) -> str | Problem:
    if len(cell) > column.limit:
        return make_problem(column.name, Remark.TOO_LONG, str(len(cell)))
    return cell


def _read_email(column: Column, cell: str) -> str | Problem:
    text = cell[: 4 * column.limit].removeprefix("mailto:")
    named = _ADDRESS.findall(text)
    parts = named or [part for part in _ADDRESSES.split(text) if part]
    if len(parts) > 1 and all("@" in part or "＠" in part for part in parts):
        return make_problem(column.name, Remark.SEVERAL_EMAILS, cell)
    try:
        return read_email((named[0] if len(named) == 1 else text).strip(" ,;，；。"))
    except EmailUnusable:
        return make_problem(column.name, Remark.NO_EMAIL, cell)


def _read_web_address(column: Column, cell: str) -> str | Problem:
    if len(cell) > column.limit:
        return make_problem(column.name, Remark.TOO_LONG, str(len(cell)))
    address = find_web_address(cell)
    is_named = address is not None and "." in address.partition("://")[2]
    return (
        address if address and is_named else make_problem(column.name, Remark.NO_WEB_ADDRESS, cell)
    )


def _read_credit_code(column: Column, cell: str) -> CreditCode | Problem:
    try:
        return CreditCode(cell[:100])
    except CreditCodeInvalid:
        return make_problem(column.name, Remark.NO_CREDIT_CODE, cell)


def _read_code(column: Column, cell: str) -> StrEnum | Problem:
    found = _read_codes(column, cell)
    if isinstance(found, Problem):
        return found
    if len(found) > 1:
        return make_problem(column.name, Remark.SEVERAL_WORDS, cell)
    return found[0]


def _read_codes(column: Column, cell: str) -> tuple[StrEnum, ...] | Problem:
    vocabulary = column.vocabulary
    if vocabulary is None:
        raise ValueError(f"the column {column.name} names no vocabulary")
    known = _list_codes(vocabulary)
    # A label may hold what separates labels.
    if (whole := known.get(simplify(cell))) is not None:
        return (whole,)
    found = set()
    for word in _split(cell, _CODE_SEPARATORS):
        code = known.get(simplify(word))
        if code is None:
            return make_problem(column.name, Remark.UNKNOWN_WORD, word)
        found.add(code)
    if not found:
        return make_problem(column.name, Remark.UNKNOWN_WORD, cell)
    return tuple(code for code in vocabulary if code in found)


def _read_words(column: Column, cell: str) -> tuple[str, ...] | Problem:
    if column.shape is Shape.ORGANISATIONS:
        split = [canonical_line(name) for name in split_organisation_names(cell)]
    else:
        split = _split(cell, _WORD_SEPARATORS)
    words = tuple(dict.fromkeys(split))
    if len(words) > column.most:
        return make_problem(column.name, Remark.TOO_MANY, str(len(words)))
    for word in words:
        if len(word) > column.limit:
            return make_problem(column.name, Remark.WORD_TOO_LONG, word)
    return words


def _read_number(column: Column, cell: str) -> int | Problem:
    try:
        number = read_number(cell, units=column.units)
    except NumberUnreadable as error:
        return make_problem(column.name, Remark(error.problem.value), cell)
    if number != number.to_integral_value():
        return make_problem(column.name, Remark.NO_NUMBER, cell)
    if not column.low <= number <= column.high:
        # A negative number is none of these at all.
        remark = Remark.OUT_OF_RANGE if number >= 0 else Remark.NO_NUMBER
        return make_problem(column.name, remark, cell)
    return int(number)


def _read_yes_no(column: Column, cell: str) -> bool | Problem:
    word = fold(cell).strip()
    if word in _YES:
        return True
    if word in _NO:
        return False
    return make_problem(column.name, Remark.NEITHER_YES_NOR_NO, cell)


def _read_place(column: Column, cell: str) -> str | Problem | _Understood:
    found = read_place(cell)
    if not found.codes:
        return make_problem(column.name, Remark.PLACE_UNKNOWN, cell)
    if len(found.codes) > 1:
        return make_problem(column.name, Remark.PLACE_AMBIGUOUS, cell)
    if found.old_name:
        return _Understood(
            found.codes[0], make_problem(column.name, Remark.PLACE_OLD, found.old_name)
        )
    if found.rest:
        return _Understood(found.codes[0], make_problem(column.name, Remark.PLACE_REST, found.rest))
    return found.codes[0]


_READERS: Final[Mapping[Shape, Callable[[Column, str], object]]] = MappingProxyType(
    {
        Shape.LINE: _read_text,
        Shape.TEXT: _read_text,
        Shape.EMAIL: _read_email,
        Shape.CODE: _read_code,
        Shape.CODES: _read_codes,
        Shape.WORDS: _read_words,
        Shape.ORGANISATIONS: _read_words,
        Shape.NUMBER: _read_number,
        Shape.CREDIT_CODE: _read_credit_code,
        Shape.YES_NO: _read_yes_no,
        Shape.PLACE: _read_place,
        Shape.WEB_ADDRESS: _read_web_address,
    }
)


def _split(cell: str, separators: re.Pattern[str]) -> list[str]:
    return [word for part in separators.split(cell) if (word := canonical_line(part))]


@cache
def _list_codes(vocabulary: type[StrEnum]) -> Mapping[str, StrEnum]:
    """Each way of writing a code of `vocabulary`, simplified."""
    known: dict[str, StrEnum] = {}
    for code in vocabulary:
        others = _OTHER_WORDS.get(vocabulary, {}).get(code, ())
        for word in (code.value, *list_words(LABELS[vocabulary][code]), *others):
            known[simplify(word)] = code
    return MappingProxyType(known)
