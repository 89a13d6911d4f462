"""When two names mean the same organisation, and the key under which a name is looked up.

A Chinese company's registered name is place, brand, trade and legal form; people leave out the
place, the form or both. Two names are the same when what is left without legal form, case, width,
blanks and punctuation is the same, and so is the place. A place may be missing on one side where
the other side's is unmistakably an addition: it stands in brackets, or before the name of a
company that is given with its legal form. 上海某某科技有限公司 is 某某科技, but not 北京某某科技.
An institute has no legal form that would tell, so 南京某某研究所 is not 某某研究所.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from models.credit_code import CreditCode, split_credit_code

# As long as a key can be: longer names that begin alike count as the same.
KEY_LIMIT: Final = 200

# A key of fewer characters than this connects nobody.
_LEAST_KEY: Final = 2

# Without its place, a name of fewer characters (上海大学, 上海银行) is no name any more.
_LEAST_WITHOUT_PLACE: Final = 4

# What people write where they have nothing to name.
_NOBODY_WORDS: Final = (
    "无 暂无 没有 自由职业 自由职业者 自雇 独立 独立顾问 独立导师 个人 个体 已退休 退休 在职 保密 "
    "其他 none na nil nobody freelance freelancer selfemployed independent "
    "independentconsultant retired confidential stealth other unknown"
)
_NOBODY: Final = frozenset(_NOBODY_WORDS.split())

_HAN_PLACES_WORDS: Final = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 "
    "湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾 "
    "深圳 广州 杭州 苏州 南京 成都 武汉 西安 合肥 无锡 宁波 青岛 厦门 大连 沈阳 哈尔滨 长春 "
    "济南 长沙 郑州 福州 东莞 佛山 珠海 常州 南通 嘉兴 绍兴 温州 烟台 石家庄 太原 南昌 昆明 "
    "贵阳 南宁 海口 兰州 昆山 张家港"
)
_HAN_PLACES: Final = _HAN_PLACES_WORDS.split()
_LATIN_PLACES: Final = {
    "beijing": "北京",
    "tianjin": "天津",
    "shanghai": "上海",
    "chongqing": "重庆",
    "hong kong": "香港",
    "hongkong": "香港",
    "macau": "澳门",
    "taiwan": "台湾",
    "shenzhen": "深圳",
    "guangzhou": "广州",
    "hangzhou": "杭州",
    "suzhou": "苏州",
    "nanjing": "南京",
    "chengdu": "成都",
    "wuhan": "武汉",
    "xi'an": "西安",
    "xian": "西安",
    "hefei": "合肥",
    "wuxi": "无锡",
    "ningbo": "宁波",
    "qingdao": "青岛",
    "xiamen": "厦门",
    "dalian": "大连",
    "jiangsu": "江苏",
    "zhejiang": "浙江",
    "guangdong": "广东",
}
# In brackets these tell no organisation from its parent.
_WHOLE_COUNTRY: Final = frozenset({"中国", "china", "prc", "大陆"})

_PLACE: Final = "|".join(sorted(_HAN_PLACES, key=len, reverse=True))
_LEADING_HAN_PLACE: Final = re.compile(rf"({_PLACE})(?:省|市|自治区|特别行政区)?")
_LEADING_LATIN_PLACE: Final = re.compile(
    rf"({'|'.join(map(re.escape, sorted(_LATIN_PLACES, key=len, reverse=True)))})\b\s*"
)
_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_TRAILING_BRACKETS: Final = re.compile(r"(.*[^\s(])\s*(\([^()]*\))")
_HAN_FORM: Final = re.compile(
    r"(?:股份有限公司|有限责任公司|有限責任公司|股份公司|有限公司|株式会社|"
    r"(?:合伙企业)?\((?:有限合伙|普通合伙|特殊普通合伙)\)|合伙企业)$"
)
_PLAIN_COMPANY: Final = re.compile(rf"(?<=[\u4e00-\u9fff]{{{_LEAST_WITHOUT_PLACE}}})公司$")
_LATIN_FORMS_WORDS: Final = (
    "ltd limited inc incorporated corp corporation co llc llp plc pte pty gmbh mbh ag kg sa "
    "sarl srl bv nv ab oy aps kk"
)
_LATIN_FORMS: Final = frozenset(_LATIN_FORMS_WORDS.split())
_SEPARATOR: Final = re.compile("[,，、;；|]")
_AND: Final = frozenset({"&", "and"})
_IGNORED: Final = re.compile(r"[\s.,;:'\"’‘“”`´·•・‧\-‐‑–—_/\\「」『』《》!?]+")


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """A name as it is compared. `key` is empty for a name that names nobody.

    `place` is the place that stands before the name or in brackets behind it, "" for none;
    `is_place_extra` says that the same name without it means the same organisation.
    """

    key: str
    place: str = ""
    is_place_extra: bool = False


def read_organisation_name(name: str) -> OrganisationName:
    """What tells `name` from other names, without a credit code behind it.

    Never raises, whatever stands there.
    """
    name, _code = split_credit_code(name)
    text = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    text, has_form = _strip_legal_form(text)
    text, place = _take_bracketed_place(text)
    is_extra = bool(place)
    if place or not has_form:
        # Behind brackets there may stand another form: 某某科技(上海)有限公司.
        text, has_inner_form = _strip_legal_form(text)
        has_form = has_form or has_inner_form
    if not place:
        text, place = _take_leading_place(text)
        is_extra = bool(place) and has_form
    key = _IGNORED.sub("", text)[:KEY_LIMIT]
    if len(key) < _LEAST_KEY or key in _NOBODY or key in _LATIN_FORMS:
        return OrganisationName("")
    return OrganisationName(key, place, is_extra)


def make_name_key(name: str) -> str:
    """The key under which `name` is stored and looked up: equal for all names that may be the same.

    Not all names with one key are: `is_same_organisation` decides. "" for a name of nobody.
    """
    return read_organisation_name(name).key


def is_same_organisation(
    one: str,
    other: str,
    *,
    code: CreditCode | None = None,
    other_code: CreditCode | None = None,
) -> bool:
    """Whether two names mean the same organisation. A name of nobody is the same as none.

    Where both credit codes are known (given, or standing behind the names) they decide alone: a
    company may be renamed, and two may be called alike.
    """
    code = code or split_credit_code(one)[1]
    other_code = other_code or split_credit_code(other)[1]
    if code is not None and other_code is not None:
        return code == other_code
    ours, theirs = read_organisation_name(one), read_organisation_name(other)
    if not ours.key or ours.key != theirs.key:
        return False
    if ours.place == theirs.place:
        return True
    return (not ours.place and theirs.is_place_extra) or (not theirs.place and ours.is_place_extra)


def split_organisation_names(text: str) -> list[str]:
    """The names in a text that separates them by lines, commas, semicolons or 、, each once.

    A legal form behind a comma belongs to the name before it: "Bridge Co., Ltd." is one name.
    """
    names: list[str] = []
    for line in text.splitlines():
        first = len(names)
        for part in _SEPARATOR.split(line):
            tokens = part.casefold().replace(".", " ").split()
            if not tokens:
                continue
            if len(names) > first and all(token in _LATIN_FORMS for token in tokens):
                names[-1] = f"{names[-1]}, {part.strip()}"
            else:
                names.append(part.strip())
    return list(dict.fromkeys(names))


def _strip_legal_form(text: str) -> tuple[str, bool]:
    """`text` without the legal form at its end, and whether there was one."""
    for form in (_HAN_FORM, _PLAIN_COMPANY):
        stripped = form.sub("", text).rstrip()
        if stripped and stripped != text:
            return stripped, True
    if behind := _TRAILING_BRACKETS.fullmatch(text):
        stripped, has_form = _strip_legal_form(behind.group(1))
        return stripped + behind.group(2), has_form
    tokens = re.sub(r"\bco\.\s*", "co ", text).replace(".", "").replace(",", " ").split()
    count = len(tokens)
    while count > 1 and tokens[count - 1] in _LATIN_FORMS and tokens[count - 2] not in _AND:
        count -= 1
        if count > 1 and tokens[count - 1] == "company":
            count -= 1
    if count == len(tokens):
        return text, False
    return " ".join(tokens[:count]), True


def _take_bracketed_place(text: str) -> tuple[str, str]:
    """`text` without a place in brackets, and the place; that of the whole country only goes."""
    place = ""

    def take(found: re.Match[str]) -> str:
        nonlocal place
        inside = found.group(1).strip()
        if inside in _WHOLE_COUNTRY:
            return ""
        named = _LATIN_PLACES.get(inside, "")
        if not named and (han := _LEADING_HAN_PLACE.fullmatch(inside)):
            named = han.group(1)
        if not named or place:
            return found.group(0)
        place = named
        return ""

    return _BRACKETED.sub(take, text).strip(), place


def _take_leading_place(text: str) -> tuple[str, str]:
    """`text` without the place that it begins with, and the place, where enough is left."""
    if han := _LEADING_HAN_PLACE.match(text):
        rest = text[han.end() :]
        if len(_IGNORED.sub("", rest)) >= _LEAST_WITHOUT_PLACE:
            return rest, han.group(1)
    elif latin := _LEADING_LATIN_PLACE.match(text):
        rest = text[latin.end() :]
        if len(rest.split()) > 1:
            return rest, _LATIN_PLACES[latin.group(1)]
    return text, ""
