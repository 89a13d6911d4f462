"""The lines of a list that is written as cards, each brought into one form: 姓名：方某.

People write 【姓名】方某, 姓名=方某, - 姓名: 方某, **姓名**：方某, Name — Fang, part the two by
a wide blank, or put them into columns beside each other. The form counts that most lines have.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from app.imports.cell_texts import judge_person_name
from app.imports.columns import COLUMNS
from app.imports.headers import find_column
from app.imports.problems import Remark
from app.imports.tables import HEADER_WITHIN, CellMark, TableRow
from models.folding import fold, fold_to_letters
from models.imports import ImportKind

# A name at the beginning of a cell, such as “Can help with:”.
LABELLED: Final = re.compile(r"\s*([^:：\n]{1,40}?)\s*[:：](?!//)\s*")
# Another one further on in it; such hold no blanks, which part them from what is before.
FURTHER: Final = re.compile(r"[\s,，;；|｜、]+([^\s:：,，;；|｜、]{1,20})\s*[:：](?!//)\s*")

# How long a name may be that is none of ours, where it comes again and again.
UNKNOWN_LABEL: Final = 12

# What people say in such lines and no column takes: nothing of it belongs to the line above.
USUAL_LABELS: Final = frozenset(
    [
        *("微信", "微信号", "电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "固话"),
        *("传真", "qq", "qq号", "性别", "年龄", "出生年月", "出生日期", "生日", "民族", "籍贯"),
        *("政治面貌", "身份证", "身份证号", "证件号码", "学历", "学位", "毕业院校", "备注", "说明"),
        *(
            "推荐人",
            "推荐单位",
            "填表日期",
            "日期",
            "开户行",
            "银行账号",
            "状态",
            "wechat",
            "phone",
        ),
        *("mobile", "tel", "telephone", "fax", "gender", "sex", "age", "birthday", "remark"),
        *("remarks", "note", "notes", "status", "date", "linkedin"),
    ]
)

# What stands before an item of a list or a quotation, and around a name that is to be bold.
_ITEM: Final = re.compile(
    r"\s*(?:(?:[-*+>#]+(?=\s)|[->](?=[\u4e00-\u9fff【])|[•·●○◆◇■□▪►▶]"
    r"|[(（]?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[.)、）．])\s*)+(?=\S)"
)
# How long a name may be that stands alone above what is said of somebody.
_NAME_ALONE: Final = 30
_BOLD: Final = re.compile(r"\s*(\*\*|__|`)([^*_`\n]{1,40}?)(\s*[:：])?\s*\1(\s*[:：])?\s*")
_BRACKETED: Final = re.compile(
    r"\s*(?:【([^【】\n]{1,30})】|\[([^\[\]\n]{1,30})\]|〔([^〔〕\n]{1,30})〕|「([^「」\n]{1,30})」)\s*[:：]?\s*"
)
_OTHER_FORMS: Final = (
    re.compile(r"\s*([^=＝\n]{1,30}?)\s*[=＝]\s*"),
    re.compile(r"\s*([^—–→\n]{1,30}?)\s*(?:[—–]+|→|[-=]>|\s[-－]\s)\s*"),
    re.compile(r"\s*([^\s:：]{1,12}(?: [^\s:：]{1,12})?)(?:\u3000+| {2,}|\t+)[\s\u3000]*"),
)


def write_as_lines(kind: ImportKind, rows: Sequence[TableRow]) -> Sequence[TableRow]:
    """`rows` with `label：` before what each cell says, where most of them are written so in any
    form; else as they are."""
    # What the upper rows are tells; a table of ten thousand others is not written anew.
    for form in (None, _BRACKETED, *_OTHER_FORMS):
        if holds_cards(kind, _write_rows(kind, rows[:HEADER_WITHIN], form)):
            return _write_rows(kind, rows, form)
    return rows


def _write_rows(
    kind: ImportKind, rows: Sequence[TableRow], form: re.Pattern[str] | None
) -> Sequence[TableRow]:
    rows = [replace(row, cells=tuple(map(_strip_item, row.cells))) for row in rows]
    rows = _join_pairs(kind, rows)
    if form is not None:
        rows = [_write_row(row, form) for row in rows]
    if holds_cards(kind, rows[:HEADER_WITHIN]):
        return rows
    named = _name_first_lines(kind, rows)
    return rows if named is None else named


def split_blocks(rows: Sequence[TableRow]) -> list[list[TableRow]]:
    """`rows` where an empty line, or one that is drawn, stands between them."""
    blocks: list[list[TableRow]] = [[]]
    before = None
    for row in rows:
        is_line = not any(map(fold_to_letters, row.cells))
        if before is not None and (row.number > before + 1 or is_line):
            blocks.append([])
        blocks[-1].append(row)
        before = row.number
        if is_line:
            blocks.append([])
    return [block for block in blocks if block]


def _name_first_lines(kind: ImportKind, rows: Sequence[TableRow]) -> Sequence[TableRow] | None:
    """`rows` where entries begin with a name alone, with the word for it before each; None where
    one of them does not."""
    required = get_required(kind)
    named = []
    for block in split_blocks(rows):
        first, *rest = block
        labelled = [row for row in rest if _is_labelled(kind, row)]
        if _is_labelled(kind, first) or (labelled and rest[0:1] != labelled[0:1]):
            return None
        if not labelled:
            # A title, or a note.
            named += block
            continue
        texts = [cell for cell in first.cells if cell.strip()]
        item = _ITEM.match(texts[0]) if texts else None
        name = texts[0][item.end() if item else 0 :].strip() if texts else ""
        if len(texts) != 1 or not 1 < len(name) <= _NAME_ALONE or judge_person_name(name):
            return None
        named += [replace(first, cells=(f"{required}：{name}",)), *rest]
    return named


def _is_labelled(kind: ImportKind, row: TableRow) -> bool:
    text = next(filter(str.strip, row.cells), "")
    found = LABELLED.match(text)
    return found is not None and find_column(kind, found[1]) is not None


def get_required(kind: ImportKind) -> str:
    """The name of the column that says who or what an entry is about."""
    return next(column.name for column in COLUMNS[kind] if column.is_required)


def holds_cards(kind: ImportKind, rows: Sequence[TableRow]) -> bool:
    """Whether half of the cells name what they say, several things, among them who it is."""
    filled, labelled = 0, 0
    names = set()
    for row in rows:
        for cell in row.cells:
            filled += bool(cell.strip())
            found = LABELLED.match(cell)
            if found is None or not cell[found.end() :].strip():
                continue
            further = [m[1] for m in FURTHER.finditer(cell, found.end())]
            columns = [find_column(kind, label) for label in (found[1], *further)]
            labelled += columns[0] is not None
            names |= {column.name for column in columns if column is not None and columns[0]}
    return len(names) > 1 and 2 * labelled >= filled and get_required(kind) in names


def are_all_labelled(rows: Sequence[TableRow]) -> bool:
    """Whether nearly every line names what it says, so that a name that comes once is one too."""
    lines = [
        cell for row in rows if fold_to_letters(cell := next(filter(str.strip, row.cells), ""))
    ]
    short = [
        found
        for cell in lines
        if (found := LABELLED.match(cell)) and len(found[1]) <= UNKNOWN_LABEL
    ]
    return 10 * len(short) >= 9 * len(lines)


def _strip_item(cell: str) -> str:
    """A line without what makes it an item of a list, and its name without what makes it bold;
    lines without a name stay as they are."""
    item = _ITEM.match(cell)
    bare = cell[item.end() :] if item else cell
    bold = _BOLD.match(bare)
    if bold is not None:
        return f"{bold[2].strip()}：{bare[bold.end() :]}"
    is_named = any(form.match(bare) for form in (LABELLED, _BRACKETED, *_OTHER_FORMS))
    # A number may be a part of a name that is known with it.
    return bare if item and is_named and not item[0].strip()[-1:].isdecimal() else cell


def _write_row(row: TableRow, form: re.Pattern[str]) -> TableRow:
    if form is not _BRACKETED or len(row.cells) != 1:
        return replace(row, cells=tuple(_write_cell(cell, form) for cell in row.cells))
    (cell,) = row.cells
    begins = [found.start() for found in form.finditer(cell)]
    if not begins or cell[: begins[0]].strip():
        return row
    # Each of 【姓名】方某【单位】甲厂 in a cell of its own, which what is said of all is said of.
    pieces = [cell[a:b] for a, b in pairwise([*begins, len(cell)])]
    return replace(
        row,
        cells=tuple(_write_cell(piece, form).rstrip(" ,，;；、|") for piece in pieces),
        said=tuple(replace(mark, place=place) for mark in row.said for place in range(len(pieces))),
    )


def _write_cell(cell: str, form: re.Pattern[str]) -> str:
    found = form.match(cell)
    if found is None or not cell[found.end() :].strip():
        return cell
    return f"{next(filter(None, found.groups()))}：{cell[found.end() :].strip()}"


def _join_pairs(kind: ImportKind, rows: Sequence[TableRow]) -> Sequence[TableRow]:
    """Rows of names and what each says beside it, as lines that hold both; other rows as they are.

    A table most of whose rows are no such pairs is none, nor is one whose header alone names
    anything.
    """
    pairs = [row for row in rows if _is_of_pairs(kind, row, needs_known=True)]
    if not pairs or 2 * len(pairs) < len(rows):
        return rows
    joined = []
    for row in rows:
        if not _is_of_pairs(kind, row, needs_known=False):
            joined.append(row)
            continue
        places = [place for place in range(0, len(row.cells) - 1, 2) if row.cells[place].strip()]
        marks = {n: row.marks[p + 1] for n, p in enumerate(places) if p + 1 in row.marks}
        joined.append(
            TableRow(
                row.number,
                tuple(f"{row.cells[p].strip()}：{row.cells[p + 1]}" for p in places),
                MappingProxyType(marks),
                row.is_hidden,
                said=tuple(_move_marks(row, places)),
            )
        )
    return joined


def _is_of_pairs(kind: ImportKind, row: TableRow, *, needs_known: bool) -> bool:
    """Whether every second cell of a row says what the one before it names."""
    if len(row.cells) < 2 or row.is_heading:
        return False
    labels = [text.strip() for text in row.cells[::2] if text.strip()]
    texts = [text for text in row.cells[1::2] if text.strip()]
    if not labels or not texts or len(row.cells) % 2 or ":" in fold("".join(labels)):
        return False
    if any(find_column(kind, text) is not None for text in texts):
        return False
    known = sum(find_column(kind, label) is not None for label in labels)
    if needs_known:
        return 2 * known > len(labels) or known == len(labels)
    return all(len(label) <= UNKNOWN_LABEL or find_column(kind, label) for label in labels)


def _move_marks(row: TableRow, places: Sequence[int]) -> Iterator[CellMark]:
    for mark in row.said:
        if mark.place is None:
            yield mark
            continue
        for new, place in enumerate(places):
            if mark.place == place + 1:
                is_partly = mark.remark is Remark.PARTLY_CROSSED_OUT
                label = f"{row.cells[place].strip()}：" if is_partly else ""
                yield replace(mark, place=new, text=f"{label}{mark.text}")
