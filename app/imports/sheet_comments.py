"""The comments that people put on cells of a workbook, and words by which they say who has left."""

import re
import zipfile
from collections.abc import Mapping
from posixpath import dirname, join, normpath
from types import MappingProxyType
from typing import Final
from xml.etree import ElementTree  # nosec B405  # what has a document type is refused

from app.imports.tables import COLUMNS_LIMIT
from models.canonical import canonical_line
from models.folding import fold

_RELATION: Final = "/comments"
_CELL: Final = re.compile("([A-Z]{1,3})([0-9]{1,7})")
# Threads are repeated as plain comments, with a sentence on how to see them before.
_THREAD: Final = re.compile(
    r"\[(?:Threaded comment|线程批注|线程注释|對話註解)\].*?(?:Comment|注释|批注|註解)\s*[:：]\s*",
    re.DOTALL,
)
_COMMENTS_LIMIT: Final = 20_000

# What says it alone, and what only says it where it has happened already.
_GONE: Final = (
    "退出|退库|出库|移出|移除|除名|解聘|不再聘任|不再担任|不再合作|不续聘|离职|离任|离世|去世|过世|病故|逝世|已故"
    "|作废|失效|注销|吊销|停用|弃用|剔除|删除|删去|撤回|退会|(?:不要|请勿|勿|不)导入"
)
_DONE: Final = "离开|取消|拒绝|婉拒|谢绝|删|退|停业|倒闭|无效|毕业离园|撤"
_LEFT: Final = re.compile(
    r"(?:该|此|本|这)?(?:人|行|条|位|导师|专家|企业|项目|老师|教授|先生|女士)?"
    r"(?:于|在)?(?:[0-9年月日./-]{2,11}|\s)*"
    rf"(?:(?:已经?|现已|均已|主动|申请|拟|\s)*(?:{_GONE})|(?:已经?|现已|均已|主动)(?:{_DONE}))"
    r"(?:了|的|导师库|名单|库|出|本库|孵化器)*\s*(?:[!。.,，;；:、(（\s].{0,40})?"
    r"|(?:has |have |was |is |already )*(?:left|quit|withdrawn|withdrew|removed?|resigned|deceased"
    r"|died|passed away|deleted?|cancell?ed|void|obsolete|expired|inactive|do not import"
    r"|dropped(?: out)?|no longer (?:a mentor|active|with us))(?:(?![\w-]).{0,40})?"
)
# 未退出, 无退出: what does not hold.
_NOT: Final = re.compile(r"(?:未|没|没有|无|不会|不)(?=退|离|取消|删|作废|注销|失效|拒)")


def says_that_somebody_left(text: str) -> bool:
    """Whether a remark as a whole says that its row is no longer meant: 已退出, left in May."""
    folded = fold(canonical_line(text[:200])).strip(" ()[]【】*-—:!")
    if _NOT.match(folded):
        return False
    return _LEFT.fullmatch(folded) is not None


def read_comments(archive: zipfile.ZipFile, sheet: str) -> Mapping[tuple[int, int], str]:
    """The comments on the sheet that is the part `sheet`, by row from 1 and column from 0."""
    found: dict[tuple[int, int], str] = {}
    for part in _list_parts(archive, sheet):
        # What has a document type was refused, and parts without end were counted.
        for element in ElementTree.fromstring(archive.read(part)).iter():  # noqa: S314  # nosec B314
            if not element.tag.endswith("}comment") or len(found) >= _COMMENTS_LIMIT:
                continue
            cell = _CELL.fullmatch(element.get("ref", ""))
            pieces = (each.text or "" for each in element.iter() if each.tag.endswith("}t"))
            said = canonical_line(_THREAD.sub("", "".join(pieces).strip()[:2_000]))
            if cell is None or not said:
                continue
            place = 0
            for letter in cell[1]:
                place = place * 26 + ord(letter) - ord("A") + 1
            if place <= COLUMNS_LIMIT:
                found[int(cell[2]), place - 1] = said
    return MappingProxyType(found)


def name_relations(sheet: str) -> str:
    """The part that says what the part `sheet` refers to."""
    folder, _, name = sheet.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _list_parts(archive: zipfile.ZipFile, sheet: str) -> list[str]:
    relations = name_relations(sheet)
    known = set(archive.namelist())
    if relations not in known:
        return []
    parts = []
    for element in ElementTree.fromstring(archive.read(relations)):  # noqa: S314  # nosec B314
        target = element.get("Target", "")
        if element.get("Type", "").endswith(_RELATION) and element.get("TargetMode") != "External":
            whole = target.lstrip("/") if target.startswith("/") else join(dirname(sheet), target)
            if (part := normpath(whole)) in known:
                parts.append(part)
    return parts
