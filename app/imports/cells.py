"""Reads single cells: what each says by the shape of its column, and what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

from app.imports.cell_texts import (
    clean_person_name,
    drop_full_stop,
    drop_open_end,
    find_beside_address,
    is_broken,
    is_ditto,
    is_no_name,
    join_lines_of_names,
    join_shares,
    judge_person_name,
    says_that_it_is_old,
    split_items,
)
from app.imports.cell_words import (
    choose_ticked,
    is_spreadsheet_error,
    read_yes_no,
    says_anywhere,
    says_nothing,
    says_nothing_yet,
)
from app.imports.column_parts import split_employers
from app.imports.column_shapes import Column, Shape
from app.imports.columns import COLUMNS, get_column
from app.imports.in_both_languages import list_words, simplify
from app.imports.problems import Problem, Remark, make_problem
from app.words.email_addresses import EmailUnusable, read_email
from app.words.labels import LABELS
from app.words.limits import measure_length
from app.words.links import find_web_address
from app.words.numbers import NumberUnreadable, read_number
from models.canonical import canonical_line, canonical_text
from models.credit_code import CreditCode, CreditCodeInvalid
from models.imports import ImportKind
from models.organisation_names import split_organisation_names
from models.places import is_whole_of_china, read_place
from models.vocabulary import Field, FundingStage, Language, Seat, Title

# Longer than any text that is taken; what is longer is refused and kept only so far.
_CELL_KEPT: Final = 8_100

# Longer than anything that is taken, also with the blanks that are taken out of it. No pattern and
# no normal form is tried on more; a spreadsheet has at most 32,767 characters in a cell.
_CELL_READ: Final = 40_000
# Between codes, and between free words, which may hold a slash: CMOS/BiCMOS.
_CODE_SEPARATORS: Final = re.compile(r"[、,，;；/|\n]+")
_WORD_SEPARATORS: Final = re.compile(r"[、,，;；|\n。]+")

_BETWEEN_PLACES: Final = re.compile(r"[、,，;；/|\n&+]+|和|或者?|及|与|\band\b|\bor\b")

_ADDRESS: Final = re.compile(r"<([^<>@\s]+@[^<>\s]+)>")
_ADDRESSES: Final = re.compile(r"[\s,;、/|]+")
# An address inside of other words: 邮箱：a@b.cn（常用）.
_ADDRESS_INSIDE: Final = re.compile(
    r"[^\s<>()（）\[\]【】,;，；、:：/|@＠]+[@＠][^\s<>()（）\[\]【】,;，；、:：/|@＠]+"
)
# Behind a language stands how well it is spoken, and both of two may be one word.
_HOW_WELL: Final = re.compile(
    r"[(（][^()（）]*[)）]|(?<=[文语])(?:母语|流利|熟练|精通|良好|[nN][1-5])$"
)
_TWO_LANGUAGES: Final = re.compile("中英双语|中英文|汉英|双语(?=$)|中英(?=$)")
# 中英日 is three of them.
_SEVERAL_LANGUAGES: Final = re.compile(
    "(?<![\u4e00-\u9fff])([中英德日韩法]{3,6})(?:[三四五六][语种])?(?![\u4e00-\u9fff])"
)
# What else stands between codes, where each part of it is one.
_BETWEEN_CODES: Final = re.compile(r"\s*(?:[&+和与及]|\band\b)\s*|\s+", re.IGNORECASE)

# What people write beside the words on our pages.
_OTHER_WORDS: Final[Mapping[type[StrEnum], Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        Field: {
            Field.ARTIFICIAL_INTELLIGENCE: ("AI",),
            Field.INTEGRATED_CIRCUITS: ("半导体", "芯片", "IC", "semiconductors"),
            Field.ADVANCED_MATERIALS: ("新材料", "材料", "materials"),
            Field.BIOMEDICINE: ("生物制药", "生物科技", "医药", "biotech"),
            Field.LIFE_HEALTH: ("医疗健康", "大健康", "healthcare"),
        },
        Language: {
            Language.CHINESE: ("汉语", "普通话", "国语", "mandarin", "中"),
            Language.ENGLISH: ("英文", "英"),
            Language.GERMAN: ("德文", "德"),
            Language.JAPANESE: ("日文", "日"),
            Language.KOREAN: ("韩文", "韩"),
            Language.FRENCH: ("法文", "法"),
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
class _Understood:
    """A value that is not what the cell says word by word, with the note that says so.

    None where the cell says nothing.
    """

    value: object
    note: Problem


def keep_cells(kind: ImportKind, cells: Mapping[str, str]) -> dict[str, str]:
    """The filled `cells` of a row as they are kept, by the names of their columns."""
    return {
        column.name: cut_cell(text)
        for column in COLUMNS[kind]
        if (text := clean_cell(column, cells.get(column.name, "")))
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
            if found.value is not None:
                values[name] = found.value
            problems.append(found.note)
        elif isinstance(found, Problem):
            problems.append(found)
        else:
            values[name] = found
    problems += _spread_employers(kind, values)
    return values, tuple(problems)


def _spread_employers(kind: ImportKind, values: dict[str, object]) -> list[Problem]:
    """Let each of several employers in one cell count: the first stays, the others are connected.

    One name of two organisations would be in conflict with neither.
    """
    if kind is not ImportKind.MENTORS or not isinstance(employer := values.get("employer"), str):
        return []
    first, *others = split_employers(employer)
    column = get_column(kind, "affiliations")
    before = values.get(column.name, ())
    both = tuple(dict.fromkeys((*before, *others))) if isinstance(before, tuple) else ()
    if not others or not both or len(both) > column.most:
        return []
    values["employer"], values[column.name] = first, both
    return [make_problem("employer", Remark.SEVERAL_EMPLOYERS, "、".join(others))]


# With these, also in full width, a spreadsheet program believes a formula to begin (CWE-1236).
FORMULA_BEGINS: Final = "=+-@\uff1d\uff0b\uff0d\uff20"


def clean_cell(column: Column, text: str) -> str:
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
    if len(cleaned) > 1 and cleaned[0] == "'" and cleaned[1] in FORMULA_BEGINS:
        cleaned = cleaned[1:]
    if column.shape is not Shape.TEXT:
        many = column.shape in (Shape.WORDS, Shape.ORGANISATIONS)
        if column.is_person:
            cleaned = join_lines_of_names(cleaned)
        cleaned = cleaned if many else canonical_line(cleaned)
    return "" if says_nothing(column, cleaned) else cleaned


def cut_cell(cell: str) -> str:
    """As much of a cell as is kept with its row."""
    return canonical_text(cell[:_CELL_KEPT]) if len(cell) > _CELL_KEPT else cell


def _recognise(column: Column, cell: str) -> object:
    """What the cell says, or the Problem with it."""
    if is_spreadsheet_error(cell):
        return make_problem(column.name, Remark.SPREADSHEET_ERROR, cell)
    if is_ditto(cell):
        return make_problem(column.name, Remark.NOTHING_ABOVE, cell)
    if not column.is_required and not column.is_person and says_nothing_yet(cell):
        return _Understood(None, make_problem(column.name, Remark.NOT_SAID_YET, cell))
    if column.shape not in (Shape.LINE, Shape.TEXT):
        cell = choose_ticked(cell)
    return _READERS[column.shape](column, cell)


def _read_text(column: Column, cell: str) -> str | Problem | _Understood:
    if (length := measure_length(cell)) > column.limit:
        return make_problem(column.name, Remark.TOO_LONG, str(length))
    if is_broken(cell):
        return make_problem(column.name, Remark.BROKEN_TEXT, cell)
    if column.is_person:
        bare = clean_person_name(cell)
        if (remark := judge_person_name(bare)) is not None:
            return make_problem(column.name, remark, cell)
        if bare != cell:
            return _Understood(bare, make_problem(column.name, Remark.NAME_CLEANED, bare))
    elif column.is_required and is_no_name(cell):
        return make_problem(column.name, Remark.NO_NAME, cell)
    return cell


def _read_email(column: Column, cell: str) -> str | Problem | _Understood:
    text = re.sub(r"^mailto:([^?]*)(?:\?.*)?$", r"\1", cell[: 4 * column.limit])
    named = _ADDRESS.findall(text)
    parts = named or [part for part in _ADDRESSES.split(text) if part]
    inside = list(dict.fromkeys(_ADDRESS_INSIDE.findall(text)))
    # 备用b@c.cn is another one, whose own part is only joined to a word.
    if len(inside) > 1:
        return make_problem(column.name, Remark.SEVERAL_EMAILS, cell)
    if len(parts) > 1 and (all("@" in part or "＠" in part for part in parts)):
        return make_problem(column.name, Remark.SEVERAL_EMAILS, cell)
    for candidate in (named[0] if len(named) == 1 else text, *inside[:1]):
        try:
            address = read_email(candidate.strip(" ,;，；。\"'“”‘’"))
        except EmailUnusable:
            continue
        # Before an address in <> stands whose it is.
        rest = "" if named or candidate == text else find_beside_address(text, candidate)
        if not rest:
            return address
        if says_that_it_is_old(rest):
            return make_problem(column.name, Remark.EMAIL_OLD, rest)
        return _Understood(address, make_problem(column.name, Remark.EMAIL_REST, rest))
    return make_problem(column.name, Remark.NO_EMAIL, cell)


def _read_web_address(column: Column, cell: str) -> str | Problem:
    if (length := measure_length(cell)) > column.limit:
        return make_problem(column.name, Remark.TOO_LONG, str(length))
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
    if vocabulary is Language:
        cell = _TWO_LANGUAGES.sub("中文、英文", cell)
        cell = _SEVERAL_LANGUAGES.sub(lambda found: "、".join(found[1]), cell)
        cell = "、".join(_HOW_WELL.sub("", word) for word in _split(cell, _CODE_SEPARATORS))
    # A label may hold what separates labels.
    if (whole := known.get(simplify(cell))) is not None:
        return (whole,)
    found: set[StrEnum] = set()
    for word in _split(cell, _CODE_SEPARATORS):
        codes = [known.get(simplify(part)) for part in (word, *_split(word, _BETWEEN_CODES))]
        # The whole word, else each of its parts.
        meant = codes[:1] if codes[0] is not None else codes[1:]
        if None in meant or not meant:
            return make_problem(column.name, Remark.UNKNOWN_WORD, word)
        found.update(code for code in meant if code is not None)
    if not found:
        return make_problem(column.name, Remark.UNKNOWN_WORD, cell)
    return tuple(code for code in vocabulary if code in found)


def _read_words(column: Column, cell: str) -> tuple[str, ...] | Problem | _Understood:
    if column.shape is Shape.ORGANISATIONS:
        names = [name for item in split_items(cell) for name in split_organisation_names(item)]
        split = join_shares([canonical_line(name) for name in names])
    else:
        items = (_split(item, _WORD_SEPARATORS) for item in split_items(cell))
        split = [drop_full_stop(word) for item in items for word in item]
    split, ending = drop_open_end(split)
    words = tuple(dict.fromkeys(split))
    if len(words) > column.most:
        return make_problem(column.name, Remark.TOO_MANY, str(len(words)))
    for word in words:
        if measure_length(word) > column.limit:
            return make_problem(column.name, Remark.WORD_TOO_LONG, word)
    if ending:
        return _Understood(words or None, make_problem(column.name, Remark.OPEN_END, ending))
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
    said = read_yes_no(cell)
    return make_problem(column.name, Remark.NEITHER_YES_NOR_NO, cell) if said is None else said


def _read_place(column: Column, cell: str) -> str | Problem | _Understood:
    found = read_place(cell)
    if is_whole_of_china(cell) or says_anywhere(cell):
        return _Understood(None, make_problem(column.name, Remark.NO_ONE_PLACE, cell))
    if not found.codes:
        if _list_several(cell):
            return make_problem(column.name, Remark.SEVERAL_PLACES, cell)
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


def _list_several(cell: str) -> list[str]:
    """The places of a cell that names several: 北京、上海."""
    parts = [part for part in _BETWEEN_PLACES.split(cell) if part.strip()]
    codes = [read_place(part).codes for part in parts]
    return parts if len(parts) > 1 and all(codes) else []


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
