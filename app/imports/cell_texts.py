"""What stands in cells of free text: numbered items, names that are none, and ditto marks."""

import re
from dataclasses import replace
from html import unescape
from types import MappingProxyType
from typing import Final

from app.imports.problems import Remark
from app.imports.tables import TableRow
from models.folding import fold, fold_to_letters
from models.person_names import is_title, strip_titles

# 1.封装 2.测试, ①封装②测试, (1)封装(2)测试, #封装 #测试.
_ITEM: Final = re.compile(
    r"(?:^|(?<=[\s.。;；,，]))(?:[0-9]{1,2}\s?[.、)）](?![0-9])|#|[-*](?=\s)|[•●▪◆■])\s*(?=\S)"
    r"|(?:^|(?<=[\s.。;；,，、\u4e00-\u9fff]))[(（][0-9]{1,2}[)）]\s*|[①-⑳⑴-⒇⒈-⒛]\s*"
)
_ENDS: Final = "。．"

# As in "see above": the cell says what the one above it says.
_DITTO: Final = frozenset(
    {
        "同上",
        "同前",
        "同左上",
        "〃",
        "〞",
        "″",
        "”",
        '"',
        "''",
        "ditto",
        "do.",
        "as above",
        "same as above",
    }
)

_SHARE: Final = re.compile(r"(?:占比?|持股|股比|持有|股份)*\s*[0-9.]+\s*[%％](?:股份|股权)?")
_NOBODY: Final = frozenset(
    {"没有", "无", "暂无", "无竞争对手", "none", "nil", "nobody", "不详", "未知"}
)
# What programs put for characters that they could not write.
_BROKEN: Final = re.compile(r"\ufffd|^[?？\s]*[?？]{2}[?？\s]*$|锟斤拷|烫烫烫")

_ADDRESS: Final = re.compile(r"[^\s@]@[^\s@]+\.[a-z]{2,}")
_LONG_NUMBER: Final = re.compile(r"[0-9][0-9 -]{5,}[0-9]")
_LABELLED: Final = re.compile(r"^(?:姓名|名字|导师|专家|联系人|负责人|name|mentor|contact)\s*:")
# 张三、李四; a comma or a slash stands before titles and first names too.
_BETWEEN_NAMES: Final = re.compile(
    r"\s*[、;\n]\s*|(?<=[\u4e00-\u9fff])\s*[和与及&/,]\s*(?=[\u4e00-\u9fff])"
)
_BEFORE_NAME: Final = re.compile(
    r"^\s*(?:(?:[0-9]{1,4}\s*[.、)）．:：]|[(（][0-9]{1,4}[)）]|[①-⑳⑴-⒇⒈-⒛])\s*|[*＊★☆※●○•▲△◆◇■□√✓]+\s*)+"
)
_BEHIND_NAME: Final = re.compile(r"\s*[*＊★☆※●▲△◆■]+\s*$|\s+[男女]$|\s*[(（][男女][)）]\s*$")
_NOT_YET: Final = re.compile(
    "待定|待补充?|待确认|待聘|空缺|暂缺|暂无|未定|未知|不详|匿名|无名|某某某?|tbd|tbc|tba|unknown|anonymous|vacant|null"
    "|x{2,4}|test|测试|to be (?:determined|confirmed|announced)"
)
_ONE_NAME: Final = re.compile(
    r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+"
    r"|[a-z][a-z'’-]+(?: [a-z][a-z'’.-]*){1,3}"
)


# What programs write for signs that mean something to them.
_ESCAPED: Final = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#39|#x27|#34);", re.IGNORECASE)


# What closes a list that names some of many: 甲、乙等, 甲等三家, A, B, etc.
_OPEN_END: Final = re.compile(
    r"(?<![平高初中同优上下均何])等(?:等|人|公司|企业|机构|"
    r"(?:[0-9]{1,4}|[一二两三四五六七八九十多数]{1,3})?(?:余|多)?[家个位人名所项](?:公司|企业|机构)?)?$"
    r"|[\s,]*\b(?:etc\.?|et al\.?|and (?:others|more|so on))$",
    re.IGNORECASE,
)
_ENDING: Final = 24
# What stands beside an address and says only what it is.
_OF_ADDRESS: Final = re.compile(
    r"(?:电子)?(?:邮箱|邮件|邮址|信箱)(?:地址)?|电邮|常用|主要|首选|工作|个人|单位|办公|联系|推荐|地址"
    r"|e-?mail(?: address)?|\b(?:mail|work|office|personal|private|primary|main|preferred|to)\b"
)
_OLD_ADDRESS: Final = re.compile(
    r"失效|作废|停用|不用|弃用|废弃|无效|旧|已[换改]|错误|退信|收不到|注销|invalid|\bold\b|obsolete|bounce"
    r"|inactive|no longer|not in use|wrong"
)


def drop_open_end(words: list[str]) -> tuple[list[str], str]:
    """`words` without what says that there are more behind the last, and that text."""
    if not words or not (found := _OPEN_END.search(words[-1], max(0, len(words[-1]) - _ENDING))):
        return words, ""
    last = words[-1][: found.start()].strip()
    return [*words[:-1], *([last] if last else [])], found[0].strip(" ,")


def find_beside_address(text: str, address: str) -> str:
    """What a cell says beside an address, "" where that only says what it is."""
    beside = text.replace(address, " ", 1)
    if not fold_to_letters(_OF_ADDRESS.sub("", fold(beside))):
        return ""
    return " ".join(beside.strip(" ,;，；。:：/|()（）[]【】<>\"'“”‘’").split())


def says_that_it_is_old(text: str) -> bool:
    """Whether what stands beside an address says that it no longer holds."""
    return _OLD_ADDRESS.search(fold(text)) is not None


def join_lines_of_names(text: str) -> str:
    """A cell with a person on each line as one line with 、 between them; others as they are.

    A name in two scripts is one person's.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    names = [bare for line in lines if not is_title(bare := fold(line))]
    if len(names) < 2 or len({name.isascii() for name in names}) > 1:
        return text
    if not all(_ONE_NAME.fullmatch(strip_titles(name)) for name in names):
        return text
    return "、".join(lines)


def join_shares(names: list[str]) -> list[str]:
    """`names` without those that are none: a share belongs to who stands before it."""
    joined: list[str] = []
    for name in names:
        if fold(name) in _NOBODY:
            continue
        if joined and _SHARE.fullmatch(name):
            joined[-1] = f"{joined[-1]} {name}"
        elif name:
            joined.append(name)
    return joined


def read_escaped(row: TableRow) -> tuple[TableRow, tuple[int, ...]]:
    """`row` with the signs that programs write as &amp; and the like, and the places of those."""
    places = tuple(n for n, text in enumerate(row.cells) if "&" in text and _ESCAPED.search(text))
    if not places:
        return row, ()
    cells = (
        _ESCAPED.sub(lambda found: unescape(found[0]), text) if n in places else text
        for n, text in enumerate(row.cells)
    )
    return replace(row, cells=tuple(cells)), places


def is_broken(text: str) -> bool:
    """Whether characters of a text were lost before it came here."""
    return _BROKEN.search(text) is not None


def split_items(text: str) -> list[str]:
    """The cell of a list at the numbers of its items, where it begins with one, without these."""
    if text.startswith("#") and "#" in text[1:]:
        return [item for item in text.split("#") if item.strip()]
    return _ITEM.split(text) if _ITEM.match(text) else [text]


def drop_full_stop(word: str) -> str:
    """`word` without the full stop of the list that it ends."""
    return word.rstrip(_ENDS) or word


def is_ditto(text: str) -> bool:
    """Whether a cell only points to the one above it."""
    folded = text.strip()
    return len(folded) <= 16 and (folded in _DITTO or fold(folded).strip("-—– ") in _DITTO)


def fill_from_above(row: TableRow, before: TableRow | None) -> TableRow:
    """`row` with what the row `before` it says where a cell points to it: 同上, 〃."""
    if before is None or not any(map(is_ditto, row.cells)):
        return row
    cells, marks = list(row.cells), dict(row.marks)
    for place, text in enumerate(cells):
        if is_ditto(text) and place < len(before.cells) and before.cells[place].strip():
            cells[place] = before.cells[place]
            marks[place] = Remark.FILLED_FROM_ABOVE
    return replace(row, cells=tuple(cells), marks=MappingProxyType(marks))


def is_no_name(text: str) -> bool:
    """Whether a text stands where a name is not known yet, or asks for one: 待定, TBD, 签字：."""
    folded = fold(text[:100]).strip()
    return (
        folded.isdecimal()
        or folded.endswith(":")
        or _NOT_YET.fullmatch(folded.strip("()[]【】<>- ")) is not None
        or not any(map(str.isalnum, folded))
    )


def clean_person_name(text: str) -> str:
    """The name of a person without the number or the sign before it, and the sex behind it."""
    bare = _BEHIND_NAME.sub("", _BEFORE_NAME.sub("", text)).strip()
    return bare or text


def judge_person_name(text: str) -> Remark | None:
    """What is wrong with the name of a person: several people, or more than a name or none."""
    folded = fold(text)
    if any(said.search(folded) for said in (_ADDRESS, _LABELLED, _LONG_NUMBER)):
        return Remark.NO_NAME
    if is_no_name(text) or folded.strip() in ("男", "女"):
        return Remark.NO_NAME
    parts = [part for part in _BETWEEN_NAMES.split(folded) if part and not is_title(part)]
    if len(parts) > 1 and all(_ONE_NAME.fullmatch(strip_titles(part)) for part in parts):
        return Remark.SEVERAL_NAMES
    return None
