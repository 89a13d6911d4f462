"""Columns that say a part of what one column says, or what two columns say.

A name stands in two columns (姓 and 名, First name and Last name), a place in up to four (国家, 省,
市, 区), and 单位及职务 is an organisation and a position in one cell.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.imports.columns import PERSON_NAME_COLUMNS
from models.folding import fold, fold_to_letters
from models.imports import ImportKind


class Part(StrEnum):
    """What such a column holds. The values stand beside the names of columns in a layout."""

    SURNAME = "surname"
    GIVEN_NAME = "given_name"
    COUNTRY = "country"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    ORGANISATION_AND_POSITION = "organisation_and_position"


PART_LABELS: Final[Mapping[Part, LazyString]] = MappingProxyType(
    {
        Part.SURNAME: _l("Surname"),
        Part.GIVEN_NAME: _l("Given name"),
        Part.COUNTRY: _l("Country"),
        Part.PROVINCE: _l("Province"),
        Part.CITY: _l("City"),
        Part.DISTRICT: _l("District"),
        Part.ORGANISATION_AND_POSITION: _l("Organisation and position in one cell"),
    }
)

NAME_PARTS: Final = (Part.SURNAME, Part.GIVEN_NAME)
PLACE_PARTS: Final = (Part.COUNTRY, Part.PROVINCE, Part.CITY, Part.DISTRICT)

# How each is called beside its label, as far as it is no name of a whole column as well.
PART_HEADERS: Final[Mapping[Part, tuple[str, ...]]] = MappingProxyType(
    {
        Part.SURNAME: ("姓", "姓氏", "surname", "last name", "family name"),
        Part.GIVEN_NAME: ("名", "first name", "forename", "given name", "given names"),
        Part.COUNTRY: (
            *("国家", "国别", "所在国家", "所在国", "居住国家", "居住国", "country"),
            *("country of residence",),
        ),
        Part.PROVINCE: (
            *("省", "省份", "所在省", "所在省份", "省/直辖市", "省(直辖市)", "省市自治区"),
            *("省区市", "省、自治区、直辖市", "省(自治区、直辖市)", "province", "state/province"),
        ),
        Part.CITY: (
            *("市", "城市", "所在市", "所在城市", "地市", "地级市", "市/州", "城市名称", "city"),
        ),
        Part.DISTRICT: (
            *("区", "县", "区县", "区/县", "县区", "县(区)", "区(县)", "县市区", "市区县"),
            *("所在区", "所在区县", "区域", "district", "county"),
        ),
    }
)  # fmt: skip

_ORGANISATION_AND_POSITION: Final = re.compile(
    r"(?:现|目前|所在|工作|任职|现任|就职|所属|主要)*(?:单位|机构|公司|企业|院校|学校|组织)(?:名称|全称)?"
    r"(?:及|与|和|以及|并)?(?:现任|担任|所任|任职)?(?:职务|职位|职称|头衔|岗位|身份)"
    r"(?:(?:及|与|和)?(?:职务|职位|职称|头衔))?"
    r"|(?:current)?(?:organi[sz]ation|company|affiliation|institution|employer)(?:and|with)?"
    r"(?:current)?(?:position|title|jobtitle|role|post)"
    r"|(?:position|title|jobtitle|role)(?:and|at)(?:organi[sz]ation|company|affiliation|employer)"
)
_BRACKETED: Final = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")

_HAN: Final = re.compile("[\u3400-\u9fff]")

# What names of organisations end in, and names of positions.
_ORGANISATION_END: Final = (
    r"(?:有限公司|有限责任公司|股份公司|公司|集团|控股|大学|学院|研究院|研究所|研究中心|实验室|中心|医院|银行|基金会|基金|资本|创投"
    r"|投资|事务所|协会|学会|商会|联盟|科学院|工程院|设计院|党校|中学|学校|厂|局|委员会|园区|产业园|科技园|孵化器|加速器|平台"
    r"|公社|工作室|\((?:有限合伙|普通合伙|特殊普通合伙|上海|北京|深圳|杭州|苏州|南京|广州|中国)\)|(?<=[\u4e00-\u9fff]{2})[院所])"
)
_POSITION_WORD: Final = (
    r"(?:(?:系|前|原|现任|现|时任|创始|首席|执行|联合|名誉|荣誉|特聘|讲席|客座|兼职|外聘|助理|副|正|高级|资深|常务|总|主任|主管|产业|技术"
    r"|科技|运营|研发|市场|销售|财务|投资|产品|项目|战略|人力|行政|法务|事业部|部门|课题组|学科|分管|国家级|二级|三级|博士生|硕士生)*"
    r"(?:董事长|董事|总裁|总经理|经理|总监|厂长|主席|理事长|理事|秘书长|会长|院长|所长|校长|主任|处长|科长|部长|局长|书记|创始人|发起人"
    r"|合伙人|负责人|法人|法定代表人|教授|研究员|院士|讲师|导师|博士后|工程师|架构师|科学家|专家|顾问|律师|会计师|医师|医生|分析师|设计师"
    r"|带头人|组长|助教|馆长|站长|干事|专员|秘书|助理|委员|总师|博导|硕导|高工|ceo|cto|cfo|coo|cmo|cso|vp|founder))"
)
_POSITIONS: Final = rf"{_POSITION_WORD}(?:\s*(?:兼任?|、|,|/|和|及|&|\s|\()\s*{_POSITION_WORD}\)?)*"
_SPLIT_HAN: Final = re.compile(
    rf"(?P<organisation>.+?{_ORGANISATION_END})\s*(?P<position>{_POSITIONS})"
)
# Departments of a university belong to it, its hospitals do not.
_SPLIT_UNIVERSITY: Final = re.compile(
    rf"(?P<organisation>[^,、/\s]+?大学)\s*(?P<position>(?!附属)[\u4e00-\u9fff]{{2,20}}"
    rf"(?:学院|系|实验室|中心|研究院|研究所|学部|部|处)\s*{_POSITIONS})"
)
_BETWEEN_EMPLOYERS: Final = re.compile(r"[、,，;；/／|｜\n]+")
_BETWEEN_LATIN: Final = re.compile(r"[;；\n|]+|\s/\s")
_BLANKS: Final = re.compile(r"\s+")
_FIRM: Final = r"公司|集团|控股|大学|医院|银行|基金|基金会|资本|创投|科学院|事务所|厂"
_OTHER_FIRM: Final = re.compile(rf"(?=.*[\u3400-\u9fff]).{{2,}}(?:{_FIRM})(?:\([^()]*\))?")
_OTHER_EMPLOYER: Final = re.compile(
    rf"(?=.*[\u3400-\u9fff]).{{2,}}(?:{_FIRM}|投资|协会|学会|委员会)(?:\([^()]*\))?"
    r"|[\u3400-\u9fff]{4,}(?:研究院|研究所|学院)(?:\([^()]*\))?"
)
_OTHER_LATIN: Final = re.compile(r"[a-z][^\u3400-\u9fff]{2,}")
_WHOLE_ORGANISATION: Final = re.compile(rf".+{_ORGANISATION_END}")
_WHOLE_POSITION: Final = re.compile(_POSITIONS)
_BETWEEN: Final = re.compile(r"\s*[,，、/／|｜;；\n—–]\s*|\s+-\s+|\s+|[:：]")
_POSITION_LATIN: Final = re.compile(
    r"\b(?:ceo|cto|cfo|coo|cmo|cso|vp|president|founder|co-?founder|chair(?:man|woman)?|director|professor"
    r"|prof|manager|partner|principal|engineer|scientist|researcher|lecturer|fellow|advis[eo]r"
    r"|consultant|head|chief|dean|lead|officer|lawyer|attorney|analyst|architect|physician)\b"
)
_POSITION_AT: Final = re.compile(r"(.+?)\s+(?:at|@)\s+(.+)", re.IGNORECASE)
_COMMA: Final = re.compile(r"\s*[,;/|\n]\s*|\s+[-–—]\s+")


def find_part(kind: ImportKind, folded: str) -> Part | None:
    """The part that a header means whose text is `folded`, with its decorations or without."""
    letters = fold_to_letters(folded)
    if kind is ImportKind.MENTORS and _is_organisation_and_position(folded):
        return Part.ORGANISATION_AND_POSITION
    return _BY_HEADER.get(letters)


def _is_organisation_and_position(folded: str) -> bool:
    bare = fold_to_letters(_BRACKETED.sub("", folded.replace("&", " and ")))
    return _ORGANISATION_AND_POSITION.fullmatch(bare) is not None


_BY_HEADER: Final[Mapping[str, Part]] = MappingProxyType(
    {fold_to_letters(name): part for part, names in PART_HEADERS.items() for name in names}
)


def list_parts(kind: ImportKind) -> tuple[Part, ...]:
    """The parts that a file of this kind can have."""
    both = Part.ORGANISATION_AND_POSITION
    return tuple(part for part in Part if part is not both or kind is ImportKind.MENTORS)


def list_targets(kind: ImportKind, part: Part) -> tuple[str, ...]:
    """The names of the columns in which `part` ends."""
    if part in NAME_PARTS:
        return (PERSON_NAME_COLUMNS[kind],)
    return ("place",) if part in PLACE_PARTS else ("employer", "headline")


def join_parts(said: Mapping[Part, str]) -> str:
    """One text of the parts of a name or a place; a name of Latin letters begins with what is
    given."""
    if any(part in NAME_PARTS for part in said):
        surname, given = (said.get(part, "").strip() for part in NAME_PARTS)
        if _HAN.search(surname + given) or not surname or not given:
            # Some write the whole name where the given one belongs.
            return given if surname and given.startswith(surname) else surname + given
        return f"{given} {surname}"
    joined = ""
    for part in PLACE_PARTS:
        text = said.get(part, "").strip()
        if not text or text == joined:
            continue
        if text.startswith(joined):
            joined = text
        else:
            joined += text if _HAN.search(joined + text) else f", {text}"
    return joined


def split_organisation_and_position(text: str) -> tuple[str, str] | None:
    """The organisation and the position in `text`; None where nobody can tell them apart.

    One of the two is "" where the text is the other alone.
    """
    text = text.strip()
    folded = fold(text)
    if len(folded) != len(text):
        # Places in one are no places in the other.
        text = folded
    if not _HAN.search(text):
        return _split_latin(text)
    for pattern in (_SPLIT_UNIVERSITY, _SPLIT_HAN):
        if found := pattern.fullmatch(folded):
            end, start = found.end("organisation"), found.start("position")
            return text[:end].strip(" ,，、/"), text[start:].strip()
    for found in _BETWEEN.finditer(folded):
        ours, theirs = folded[: found.start()].strip(), folded[found.end() :].strip()
        if _WHOLE_POSITION.fullmatch(theirs) and not _WHOLE_POSITION.search(ours):
            return text[: found.start()].strip(), text[found.end() :].strip()
        if _WHOLE_POSITION.fullmatch(ours) and not _WHOLE_POSITION.search(theirs):
            return text[found.end() :].strip(), text[: found.start()].strip()
    if _WHOLE_POSITION.fullmatch(folded):
        return "", text
    if _WHOLE_ORGANISATION.fullmatch(folded) and not _BETWEEN.search(folded):
        return text, ""
    return None


def split_employers(text: str) -> list[str]:
    """The organisations in a cell that is for one: 某大学/某公司. The text where nobody can tell.

    A department behind its university or company belongs to it.
    """
    for separators, is_other in (
        (_BETWEEN_EMPLOYERS, _OTHER_EMPLOYER),
        (_BETWEEN_LATIN, _OTHER_LATIN),
        (_BLANKS, _OTHER_FIRM),
    ):
        parts = [part for each in separators.split(text) if (part := each.strip())]
        if len(parts) > 1 and all(is_other.fullmatch(fold(part)) for part in parts[1:]):
            first = fold(parts[0])
            if not _HAN.search(first) or _WHOLE_ORGANISATION.fullmatch(first):
                return parts
    return [text]


def _split_latin(text: str) -> tuple[str, str] | None:
    if found := _POSITION_AT.fullmatch(text):
        position, organisation = found[1], found[2]
        if _POSITION_LATIN.search(position.casefold()) and "," not in position:
            return organisation.strip(), position.strip()
    pieces = [piece for piece in _COMMA.split(text) if piece]
    named = [bool(_POSITION_LATIN.search(piece.casefold())) for piece in pieces]
    if len(pieces) == 1 or True not in named:
        return None
    # Positions stand together, before the organisation or behind it.
    first = named.index(True)
    last = len(named) - 1 - named[::-1].index(True)
    if not all(named[first : last + 1]) or (first > 0) == (last < len(named) - 1):
        return None
    organisation = ", ".join(pieces[:first] or pieces[last + 1 :])
    return organisation, ", ".join(pieces[first : last + 1])
