"""Makes sense of a table: which column is which, and what each cell says."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

from email_validator import EmailNotValidError, validate_email

from app.imports.columns import COLUMNS, LINE_LABEL, REASON_LABEL, Column, Shape, get_column
from app.imports.errors import ColumnMissing, ColumnRepeated, FileWithoutRows
from app.imports.in_both_languages import list_words, simplify
from app.imports.problems import Problem, Remark, make_problem, shorten
from app.imports.tables import ROWS_LIMIT, TableRow, make_too_large
from app.web.addresses import is_web_address
from app.words.labels import LABELS
from app.words.places import find_places, is_place
from models.canonical import canonical_line, canonical_text
from models.imports import ImportKind
from models.organisation_names import split_organisation_names
from models.people import canonical_email
from models.vocabulary import FundingStage, Language, Seat, Title

# How far down a title or remarks may push the header.
_HEADER_WITHIN: Final = 10

# Longer than any text that is taken; what is longer is refused and kept only so far.
_CELL_KEPT: Final = 8_100

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

_NUMBER: Final = re.compile(
    r"(?:trl)?([0-9]{1,9})(?:\.0+)?(?:小时|个小时|年|级|个|h|hours?|years?)?", re.IGNORECASE
)

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


@dataclass(frozen=True, slots=True)
class RecognisedFile:
    """The rows below the header, and those headers that name no column."""

    rows: tuple[RecognisedRow, ...]
    unknown_columns: tuple[str, ...]


def recognise_table(kind: ImportKind, table: Sequence[TableRow]) -> RecognisedFile:
    """What the rows of `table` say about mentors or startups.

    The header is the first of the upper rows that names every column without which nothing can be
    taken. Raises ColumnMissing, ColumnRepeated, FileWithoutRows, FileTooLarge.
    """
    header = _find_header(kind, table)
    columns: dict[int, Column] = {}
    unknown = []
    for position, text in enumerate(table[header].cells):
        column = _list_headers(kind).get(simplify(text))
        if column is not None:
            if column in columns.values():
                raise ColumnRepeated(column=column.name)
            columns[position] = column
        elif text.strip() and simplify(text) not in _list_own_headers():
            unknown.append(shorten(canonical_line(text), _UNKNOWN_HEADER_SHOWN))
    rows = []
    for row in table[header + 1 :]:
        cells = {
            column.name: cell
            for position, column in columns.items()
            if position < len(row.cells) and (cell := _clean(column, row.cells[position]))
        }
        if cells:
            values, problems = recognise_cells(kind, cells)
            kept = {name: cell[:_CELL_KEPT] for name, cell in cells.items()}
            rows.append(RecognisedRow(row.number, kept, values, problems))
    if not rows:
        raise FileWithoutRows
    if len(rows) > ROWS_LIMIT:
        raise make_too_large()
    return RecognisedFile(tuple(rows), tuple(dict.fromkeys(unknown)))


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
        if isinstance(found, Problem):
            problems.append(found)
        else:
            values[name] = found
    return values, tuple(problems)


def _find_header(kind: ImportKind, table: Sequence[TableRow]) -> int:
    required = {column.name for column in COLUMNS[kind] if column.is_required}
    missing = required
    for position, row in enumerate(table[:_HEADER_WITHIN]):
        found = {
            column.name
            for text in row.cells
            if (column := _list_headers(kind).get(simplify(text))) is not None
        }
        missing = required - found
        if not missing:
            return position
    raise ColumnMissing(column=min(missing))


@cache
def _list_headers(kind: ImportKind) -> Mapping[str, Column]:
    """Each way of naming a column, simplified."""
    return MappingProxyType(
        {
            simplify(name): column
            for column in reversed(COLUMNS[kind])
            for name in (column.name, *list_words(column.label), *column.other_names)
        }
    )


@cache
def _list_own_headers() -> frozenset[str]:
    """The headers that our file of problems adds."""
    return frozenset(
        simplify(word) for label in (LINE_LABEL, REASON_LABEL) for word in list_words(label)
    )


def _clean(column: Column, text: str) -> str:
    """The cell in canonical form; "" where it says that there is nothing to say."""
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
    text = canonical_email(cell)
    try:
        # An overlong text is no address either, and takes long to find out.
        if len(text) > column.limit:
            raise EmailNotValidError
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return make_problem(column.name, Remark.NO_EMAIL, cell)
    return text


def _read_web_address(column: Column, cell: str) -> str | Problem:
    if len(cell) > column.limit:
        return make_problem(column.name, Remark.TOO_LONG, str(len(cell)))
    # People write addresses as they say them; without a scheme it is the web that they mean.
    text = cell if "://" in cell or ":" in cell else f"https://{cell}"
    is_named = "." in text.partition("://")[2]
    return (
        text
        if is_named and is_web_address(text)
        else make_problem(column.name, Remark.NO_WEB_ADDRESS, cell)
    )


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
    typed = re.sub(r"[\s,_]", "", unicodedata.normalize("NFKC", cell[:100]))
    found = _NUMBER.fullmatch(typed)
    if found is None:
        return make_problem(column.name, Remark.NO_NUMBER, cell)
    number = int(found[1])
    if not column.low <= number <= column.high:
        return make_problem(column.name, Remark.OUT_OF_RANGE, cell)
    return number


def _read_yes_no(column: Column, cell: str) -> bool | Problem:
    word = cell.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    return make_problem(column.name, Remark.NEITHER_YES_NOR_NO, cell)


def _read_place(column: Column, cell: str) -> str | Problem:
    if is_place(cell):
        return cell
    codes = find_places(cell[:200])
    if not codes:
        return make_problem(column.name, Remark.PLACE_UNKNOWN, cell)
    if len(codes) > 1:
        return make_problem(column.name, Remark.PLACE_AMBIGUOUS, cell)
    return codes[0]


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
