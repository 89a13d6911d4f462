"""Which column a header names, and in which rows of a table the headers stand.

People decorate headers: 姓名（必填）, *Name, 姓名/Name, 1. 姓名. What is put around a name is taken
off step by step, and only what is known afterwards counts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from app.imports.column_parts import PART_LABELS, Part, find_part, list_parts, list_targets
from app.imports.column_shapes import Column
from app.imports.columns import COLUMNS, LINE_LABEL, REASON_LABEL
from app.imports.in_both_languages import list_words
from app.imports.problems import shorten
from app.imports.tables import HEADER_WITHIN, Table, TableRow
from models.canonical import canonical_line
from models.folding import fold, fold_to_letters
from models.imports import ImportKind

_BRACKETED: Final = re.compile(r"[(\[【〔<《{][^()\[\]【】〔〕<>《》{}]*[)\]】〕>》}]")
# Also ①, which is a digit when it is folded.
_NUMBERED: Final = re.compile(
    r"^\s*(?:\(?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2}|[a-z])\s*[.、:)]|[0-9]{1,2}(?=[\u4e00-\u9fff]))\s*"
)
_LENGTH: Final = re.compile(
    r"[,;:]?\s*(?:限|不超过|不少于|不多于|至多|最多|约|[<>≤≥]=?)*\s*[0-9]+\s*(?:[-~]\s*[0-9]+\s*)?个?"
    r"(?:字符|字|characters|chars|words)(?:以内|之内|内|左右|以上)?"
)
_ADDED: Final = re.compile(
    r"必填项?|选填|可选|非必填|请填写|请选择|请输入|required|optional|mandatory|[*★※]"
)
_BEFORE: Final = re.compile(
    r"^(?:导师|专家|申请人|您的|你的|本人|联系人?|企业|公司|项目|创始人|推荐|受聘|拟聘|填写|主要|目前|当前|现|入驻|在孵|申报|孵化)的?(?=..)"
)
_BEHIND: Final = re.compile(r"(?:信息|情况|一栏|列|全称|账号|是|为)[?？]?$")
# 您擅长的领域是？ and “How many hours a month can you give?” ask for what a header names.
_ASKED: Final = re.compile(
    r"^(?:请问)?(?:您|你)(?:的|现在|目前)?(?=..)"
    r"|^(?:please (?:enter|give|state|tell us|provide)|what(?:'s| is| are)|how many|which) "
    r"|(?:can|could|do) you (?:give|offer|spare|commit|provide|have|speak|work in|work)(?: us)?\b"
    r"|多少|哪些|什么|几(?=个?小时|家|年)"
    r"|(?:是|有)?\s*[?？]+$"
)
# 所在的单位, 可以投入: what is left out of a name.
_FILLING: Final = re.compile(r"的|(?<=可)以|(?<=能)够|\b(?:your|the) ")
# 邮箱1 and 邮箱2 are two of one thing.
_NUMBER_BEHIND: Final = re.compile(r"(?<=[^\W\d_])\s*[0-9]{1,2}$")
# (单位：小时) says how it is counted.
_COUNTED_IN: Final = re.compile(r"[(\[【]\s*(?:计量|计数)?单位\s*[::为][^()\[\]【】]*[)\]】]")
# What people plan, had before, or say of whoever recommends somebody, is no column of ours.
_OF_OTHERS: Final = re.compile(
    r"^(?:(?:推荐|引荐)(?=单位|机构|公司|企业|部门|人|渠道)|(?:目标|预期|预计|计划|期望|下一|上一)|拟(?!聘)|曾|原(?=单位|公司|任|职|雇主)"
    r"|前(?=单位|公司|任|雇主)|(?:previous|former|past|target|planned|expected|next|referring)\b)"
)
_TAIL: Final = re.compile(r"[(\[【〔/].*$", re.DOTALL)
_NO_HOUR: Final = "(?:(?!小时|时长|hour|hrs).)*"
_COUNTED_OTHERWISE: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "hours_per_month": re.compile(
            rf"{_NO_HOUR}(?:天|[/每人工]日|日数|[/每(]周|周均|星期|季度|[/每]年|年度|分钟|\bweeks?\b|weekly"
            rf"|\bdays?\b|\bdaily\b|quarter|\byears?\b|yearly|minute){_NO_HOUR}",
            re.DOTALL,
        ),
        "years_of_experience": re.compile(
            r".*(?:起始|起[)\]】〕]|\bsince\b).*|[(\[【〔/]\s*(?:单位:)?\s*(?:个?月|months?)\W*",
            re.DOTALL,
        ),
    }
)
_PARTS: Final = re.compile(
    r"[/|\n\\·:,;~–—-]|(?<=[\u4e00-\u9fff])\s*(?=[a-z])|(?<=[a-z])\s*(?=[\u4e00-\u9fff])"
)

# A name in the header that is longer is a text.
_HEADER_LIMIT: Final = 80

# Texts of which is kept what they name.
_REMEMBERED: Final = 2_000


@dataclass(frozen=True, slots=True)
class Header:
    """Where the rows below the headers begin, as a place in the table, and what each column is.

    `columns` and `unknown` are by place from 0; `repeated` is a column that stands there twice and
    cannot, under the headers `repeated_texts`. `again` are further columns of what stands there
    already, `texts` the headers of these and of those.
    What stands in the places `passed_over` is left out on purpose. `parts` are the columns that
    say a part of one, or two at once, and `part_texts` what their headers are.
    """

    first_row: int
    columns: Mapping[int, Column]
    unknown: Mapping[int, str]
    repeated: Column | None = None
    repeated_texts: tuple[str, ...] = ()
    passed_over: frozenset[int] = frozenset()
    parts: Mapping[int, Part] = field(default_factory=lambda: MappingProxyType({}))
    part_texts: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    again: Mapping[int, Column] = field(default_factory=lambda: MappingProxyType({}))
    texts: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))

    def is_known(self, place: int) -> bool:
        """Whether what stands in this place of a row is taken."""
        return place in self.columns or place in self.parts or place in self.again

    def list_names(self, kind: ImportKind) -> frozenset[str]:
        """The names of the columns about which the rows say something."""
        of_parts = {name for part in self.parts.values() for name in list_targets(kind, part)}
        return frozenset(column.name for column in self.columns.values()) | of_parts


def find_column(kind: ImportKind, text: str) -> Column | None:
    """The column that a header names, None for one that names none."""
    return _find_column(kind, text) if len(text) <= _HEADER_LIMIT else None


# A file is read in each way in which it may be meant, and every time its first rows are looked at
# for headers, alone and in twos.
@lru_cache(_REMEMBERED)
def _find_column(kind: ImportKind, text: str) -> Column | None:
    if find_part(kind, fold(text)) is Part.ORGANISATION_AND_POSITION:
        return None
    column = _find_named(kind, text)
    otherwise = column and _COUNTED_OTHERWISE.get(column.name)
    # (天) behind hours: a number of something else.
    tail = _TAIL.search(fold(text))
    return None if otherwise and tail and otherwise.fullmatch(tail[0]) else column


def _find_named(kind: ImportKind, text: str) -> Column | None:
    known = _list_headers(kind)
    candidates, wholes = _undress(text)
    for candidate in candidates:
        if (column := known.get(fold_to_letters(candidate))) is not None:
            return column
    if wholes and _OF_OTHERS.search(wholes[0].strip()):
        return None
    # 姓名/Name and 姓名(Name): the parts that are known must agree.
    for whole in wholes:
        parts = [part for part in _PARTS.split(whole) if part.strip()]
        found = {
            column.name: column
            for part in parts
            if (column := known.get(fold_to_letters(part))) is not None
        }
        if len(parts) > 1 and len(found) == 1:
            return next(iter(found.values()))
    if not wholes:
        return None
    shorter = wholes[0].strip()
    for _ in range(2):
        shorter = _BEHIND.sub("", _BEFORE.sub("", shorter)).strip(" :")
        if (column := known.get(fold_to_letters(shorter))) is not None:
            return column
    asked = _BEHIND.sub("", _ASKED.sub(" ", wholes[0]).strip())
    # Your name is not the name of the startup.
    for bare in (asked, _FILLING.sub("", asked)):
        for each in (bare, _BEFORE.sub("", bare)):
            if (column := known.get(fold_to_letters(each))) is not None:
                return column
    return None


def find_column_part(kind: ImportKind, text: str) -> Part | None:
    """The part of a column, or the two columns in one, that a header names."""
    return _find_column_part(kind, text) if len(text) <= _HEADER_LIMIT else None


@lru_cache(_REMEMBERED)
def _find_column_part(kind: ImportKind, text: str) -> Part | None:
    candidates, wholes = _undress(text)
    for candidate in candidates:
        if (part := find_part(kind, candidate)) is not None:
            return part
    for whole in wholes:
        pieces = [piece for piece in _PARTS.split(whole) if piece.strip()]
        found = {part for piece in pieces if (part := find_part(kind, piece)) is not None}
        if len(pieces) > 1 and len(found) == 1:
            return next(iter(found))
    return None


def _undress(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A header with less and less around it; and those forms in which it may be several at once,
    the barest first."""
    if len(text) > _HEADER_LIMIT or not text.strip():
        return (), ()
    folded = _COUNTED_IN.sub(" ", fold(text))
    bare = _LENGTH.sub(" ", _ADDED.sub(" ", _NUMBERED.sub("", folded)))
    without = _BRACKETED.sub(" ", bare)
    unnumbered = _NUMBER_BEHIND.sub("", without.strip(" :"))
    return (
        (folded, bare, without, _BEHIND.sub("", without.strip(" :")), unnumbered),
        (without, bare.replace("(", "/").replace(")", " ")),
    )


def count_known(kind: ImportKind, rows: Sequence[TableRow]) -> int:
    """How many columns the best header in the upper `rows` names, 0 without those required."""
    header = find_header(kind, Table(tuple(rows)))
    return 0 if header is None else len(header.columns) + len(header.parts)


def find_header(kind: ImportKind, table: Table) -> Header | None:
    """The header of `table`: the first row, or two rows, that name each required column.

    Two rows are one header where the lower one names columns that the upper one does not.
    """
    required = {column.name for column in COLUMNS[kind] if column.is_required}
    for place, row in enumerate(table.rows[:HEADER_WITHIN]):
        if row.is_heading:
            continue
        upper = _spread(table, row)
        header = _read_header(kind, place + 1, upper)
        if place + 1 < len(table.rows):
            both = _join(kind, upper, _spread(table, table.rows[place + 1]))
            if both is not None:
                joined = _read_header(kind, place + 2, both)
                if required <= joined.list_names(kind) and _count(joined) > _count(header):
                    return joined
        if required <= header.list_names(kind):
            return header
    return None


def find_next_header(kind: ImportKind, row: TableRow) -> Header | None:
    """The header of another list, where `row`, which stands below the first header, is one.

    More of its cells name columns than do not, among them each required one and one more. Its
    `first_row` says nothing: the rows that it is for are those below `row`.
    """
    filled = [text for text in row.cells if text.strip()]
    # What people are called or can be reached by is no header, and most rows hold such.
    if any(len(text) > _HEADER_LIMIT or "@" in text or text.strip().isdecimal() for text in filled):
        return None
    # Read whole, a row costs as much again as all that is asked of it afterwards.
    if not any(find_column(kind, text) or find_column_part(kind, text) for text in filled[:2]):
        return None
    required = {column.name for column in COLUMNS[kind] if column.is_required}
    header = _read_header(kind, 0, row.cells)
    named = _count(header)
    if named < 2 or named <= len(header.unknown) or header.repeated is not None:
        return None
    return header if required <= header.list_names(kind) else None


def _count(header: Header) -> int:
    return len(header.columns) + len(header.parts)


def describe_shape(row: TableRow) -> str:
    """The digest of the headers of a file, by which the next one of its shape is known."""
    said = "\n".join(fold_to_letters(text) for text in row.cells)
    return sha256(said.encode()).hexdigest()


def assign(kind: ImportKind, names: Mapping[int, str], *, first_row: int) -> Header:
    """A header that somebody gave by hand: the names of columns by place."""
    by_name = {column.name: column for column in COLUMNS[kind]}
    columns = {place: by_name[name] for place, name in names.items() if name in by_name}
    by_value = {part.value: part for part in list_parts(kind)}
    parts = {place: by_value[name] for place, name in names.items() if name in by_value}
    taken = columns.keys() | parts.keys()
    return Header(
        first_row,
        MappingProxyType(columns),
        MappingProxyType({}),
        passed_over=frozenset(range(max(taken, default=-1) + 1)) - taken,
        parts=MappingProxyType(parts),
        part_texts=MappingProxyType(
            {place: str(PART_LABELS[part]) for place, part in parts.items()}
        ),
    )


def _spread(table: Table, row: TableRow) -> list[str]:
    """The texts of a row, with merged cells in every column that they cover."""
    cells = list(row.cells)
    for place, left in table.spans.get(row.number, {}).items():
        if left < len(row.cells) and row.cells[left]:
            cells += [""] * (place + 1 - len(cells))
            cells[place] = cells[place] or row.cells[left]
    return cells


def _join(kind: ImportKind, upper: list[str], lower: list[str]) -> list[str] | None:
    """Two rows as one header; None where the lower one is no header."""
    width = max(len(upper), len(lower))
    upper, lower = (cells + [""] * (width - len(cells)) for cells in (upper, lower))
    named = 0
    joined = []
    for above, below in zip(upper, lower, strict=True):
        both = f"{above} {below}" if above != below else above
        if above != below and _says_more(kind, above, below, both):
            named += 1
            joined.append(both)
        elif below.strip() and _names_something(kind, below) and above != below:
            named += 1
            joined.append(below)
        elif below.strip() and _names_something(kind, both):
            joined.append(both)
        elif above.strip() and below.strip() and above != below:
            # A text below a header that is known belongs to the first row of the list.
            if _names_something(kind, above) and not _is_heading(upper, above):
                return None
            joined.append(both)
        else:
            joined.append(above or below)
    return joined if named else None


def _is_heading(cells: list[str], text: str) -> bool:
    return cells.count(text) > 1


def _says_more(kind: ImportKind, above: str, below: str, both: str) -> bool:
    """Whether the lower header only says together with the upper one whose name it is."""
    if not above.strip() or not below.strip():
        return False
    lower, together = find_column(kind, below), find_column(kind, both)
    return lower is not None and lower.is_required and together not in (None, lower)


def _names_something(kind: ImportKind, text: str) -> bool:
    return find_column(kind, text) is not None or find_column_part(kind, text) is not None


def _read_header(kind: ImportKind, first_row: int, cells: Sequence[str]) -> Header:
    columns: dict[int, Column] = {}
    unknown: dict[int, str] = {}
    passed_over = set()
    repeated = None
    again: dict[int, Column] = {}
    parts = _choose_parts(kind, cells)
    for place, text in enumerate(cells):
        if place in parts:
            continue
        column = find_column(kind, text)
        if column is not None:
            if any(column is known for known in columns.values()):
                # Merged headers cover several columns and name one.
                if text != cells[place - 1] and column.is_required:
                    repeated = repeated or column
                elif text != cells[place - 1]:
                    again[place] = column
                continue
            columns[place] = column
        elif fold_to_letters(text[:_HEADER_LIMIT]) in _list_own_headers():
            passed_over.add(place)
        elif text.strip():
            unknown[place] = text
    return Header(
        first_row,
        MappingProxyType(columns),
        MappingProxyType(unknown),
        repeated,
        _name_places(kind, cells, repeated),
        frozenset(passed_over),
        MappingProxyType(parts),
        MappingProxyType({place: cells[place] for place in parts}),
        MappingProxyType(again),
        MappingProxyType(
            {
                place: cells[place]
                for place, column in sorted((columns | again).items())
                if column in again.values()
            }
        ),
    )


def _name_places(kind: ImportKind, cells: Sequence[str], column: Column | None) -> tuple[str, ...]:
    """The headers that mean `column`, each with the letter that spreadsheets give its place."""
    if column is None:
        return ()
    texts = []
    for place, text in enumerate(cells):
        is_merged = place > 0 and text == cells[place - 1]
        if not is_merged and find_column(kind, text) is column:
            shown = shorten(canonical_line(text), _HEADER_LIMIT)
            texts.append(f"{shown} ({_name_place(place)})")
    return tuple(texts)


def _name_place(place: int) -> str:
    """The letters of a column, counted from 0: A, Z, AA."""
    rest, letter = divmod(place, 26)
    return (_name_place(rest - 1) if rest else "") + chr(ord("A") + letter)


def _choose_parts(kind: ImportKind, cells: Sequence[str]) -> dict[int, Part]:
    """The parts of columns among the headers, by place: at least two of a name or a place, each
    once, and only what no column says whole."""
    found: dict[Part, int] = {}
    whole = set()
    for place, text in enumerate(cells):
        part = find_column_part(kind, text)
        if part is not None:
            found.setdefault(part, place)
        elif (column := find_column(kind, text)) is not None:
            whole.add(column.name)
    groups: dict[tuple[str, ...], list[Part]] = {}
    for part in found:
        targets = list_targets(kind, part)
        if not whole.issuperset(targets):
            groups.setdefault(targets, []).append(part)
    return {
        found[part]: part
        for parts in groups.values()
        if len(parts) > 1 or parts == [Part.ORGANISATION_AND_POSITION]
        for part in sorted(parts, key=found.__getitem__)
    }


@cache
def _list_headers(kind: ImportKind) -> Mapping[str, Column]:
    """Each way of naming a column, folded."""
    return MappingProxyType(
        {
            fold_to_letters(name): column
            for column in reversed(COLUMNS[kind])
            for name in (column.name, *list_words(column.label), *column.other_names)
        }
    )


@cache
def _list_own_headers() -> frozenset[str]:
    """The headers that our file of problems adds."""
    return frozenset(
        fold_to_letters(word) for label in (LINE_LABEL, REASON_LABEL) for word in list_words(label)
    )
