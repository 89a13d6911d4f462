"""When two names mean the same organisation, and the key under which a name is looked up.

A Chinese company's registered name is place, brand, trade and legal form; people leave out the
place, the form or both. Two names are the same when what is left without legal form, case, width,
blanks and punctuation is the same, and so is the place. A place may be missing on one side where
the other side's is unmistakably an addition: it stands in brackets, or before the name of a
company that is given with its legal form. 上海某某科技有限公司 is 某某科技, but not 北京某某科技.
An institute has no legal form that would tell, so 南京某某研究所 is not 某某研究所.
A place of which there are several (鼓楼区) may be any of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from models.credit_code import CreditCode, split_credit_code
from models.folding import fold
from models.place_tables import (
    find_city,
    get_place_names,
    list_codes,
    list_old_names,
    read_zones,
    shorten_place_name,
)

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

# Districts by which companies are called without 区. Others are brands as often: 长安, 东风, 新华.
_BARE_DISTRICTS: Final = frozenset({"浦东", "滨海", "临港"})
# Cities whose names are brands as often.
_BRANDS: Final = frozenset(
    {"东方", "平安", "安康", "永安", "瑞安", "高安", "富锦", "海伦", "大同", "长乐", "太平", "九龙"}
)
# What else places are called before names of organisations.
_OTHER_PLACES: Final = (
    ("hongkong", "香港"),
    ("hong kong", "香港"),
    ("macau", "澳门"),
    ("xian", "西安"),
    ("内蒙", "内蒙古"),
    ("前海", "深圳"),
    ("横琴", "珠海"),
    ("雄安新区", "保定"),
    ("雄安", "保定"),
)
# Areas that a place has set up belong to it, and are no part of a name.
_ZONE: Final = re.compile(
    r"(?:国家级?)?(?:高新技术产业开发区|高新区|经济技术开发区|经济开发区|经开区|开发区|工业园区|自由贸易试验区|自贸试验区"
    r"|自贸区|综合保税区|保税区)"
)
# 中国(上海)自由贸易试验区 stands before names of companies as it is.
_COUNTRY_ZONE: Final = re.compile(r"中国\(?([\u4e00-\u9fff]{2,4})\)?(?=自由贸易试验区)")
# In brackets these tell no organisation from its parent.
_WHOLE_COUNTRY: Final = frozenset({"中国", "china", "prc", "大陆"})

_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_TRAILING_BRACKETS: Final = re.compile(r"(.*[^\s(])\s*(\([^()]*\))")
_HAN_FORM: Final = re.compile(
    r"(?:股份有限公司|有限责任公司|有限責任公司|股份公司|有限公司|株式会社|"
    r"(?:合伙企业)?\((?:有限合伙|普通合伙|特殊普通合伙)\)|合伙企业)$"
)
_PLAIN_COMPANY: Final = re.compile(rf"(?<=[\u4e00-\u9fff]{{{_LEAST_WITHOUT_PLACE}}})公司$")
_LATIN_FORMS_WORDS: Final = (
    "ltd limited inc incorporated corp corporation co llc llp plc pte pty gmbh mbh ag kg sa se "
    "sas sasu sarl srl spa bv nv ab as asa oy oyj aps kk sro doo kft zrt pvt sdn bhd"
)
_LATIN_FORMS: Final = frozenset(_LATIN_FORMS_WORDS.split())
_OF_COMPANY: Final = (
    r"(?:分公司|分部|分院|分厂|办事处|代表处|联络处|营业部|事业部|研发中心|技术中心|研究院|实验室)"
)
_BRANCH: Final = re.compile(
    rf"(?<=公司)\(?[\u4e00-\u9fff]{{0,12}}?{_OF_COMPANY}\)?$"
    r"|(?<=ltd|inc|llc|mbh|plc|orp|,co)[.,]*\s*\(?[a-z ]{0,30}\b"
    r"(?:branch|representative office)\)?$"
)
_WAS: Final = r"(?:原名|原称|原|曾用名|曾名|前身|旧称|更名前|formerly known as|formerly|former|fka)"
_IS: Final = r"(?:现名|现称|现|now known as|now)"
_FORMER: Final = re.compile(
    rf"\(\s*(?:{_WAS}|{_IS}|筹建?|筹备)[^()]*\)|[,;]\s*{_WAS}\s*[:为是]?[^,;]+$|(?<=.)筹$"
)
_RENAMED: Final = re.compile(
    rf"(?:\(\s*(?:{_WAS}|{_IS})|[,;]\s*{_WAS})\s*[:为是]*\s*([^(),;]+(?:\([^()]*\)[^(),;]*)?)\)?"
)
_BRACKETS: Final = str.maketrans("[]【】〔〕{}", "()()()()")
# How much of a company somebody holds stands behind the name: 某某投资(12.5%).
_SHARE: Final = re.compile(
    r"\s*(?:\(\s*(?:持股)?[:约]?\s*[0-9.]{1,6}\s*%\s*\)|[0-9.]{1,6}\s*%)\s*$"
)
_TRAILING: Final = re.compile(r"[\s.,;:。、!]+$")
_INSTITUTE: Final = re.compile(r"(?<=.{3})(?<!研究)(?<!事务)(?<!交易)所$")
_ARTICLE: Final = re.compile(r"^the\s+(?=[a-z0-9]+\s+[a-z0-9])")
_SEPARATOR: Final = re.compile("[,，、;；|]")
_AND: Final = frozenset({"&", "and"})
_IGNORED: Final = re.compile(r"[\s.,;:'\"’‘“”`´·•・‧∙⋅\-‐‑–—_/\\「」『』《》!?()\[\]【】〔〕]+")

_SHORT_NAMES: Final = Path(__file__).with_name("organisation_short_names.tsv")
# Longer texts hold no former names that anybody wrote down.
_NAMES_LOOKED_AT: Final = 300
# After these a department may follow: 中科院某某所.
_LEAST_SHORT_PREFIX: Final = 2


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """A name as it is compared. `key` is empty for a name that names nobody.

    `places` are those of the place that stands before the name or in brackets behind it: none, one,
    or all that go by its name; `is_place_extra` says that the same name without it means the same
    organisation.
    """

    key: str
    places: tuple[str, ...] = ()
    is_place_extra: bool = False


def read_organisation_name(name: str) -> OrganisationName:
    """What tells `name` from other names, without a credit code behind it.

    Never raises, whatever stands there.
    """
    name, _code = split_credit_code(name)
    text = " ".join(fold(name).translate(_BRACKETS).split())
    text = _SHARE.sub("", text)
    text = _COUNTRY_ZONE.sub(r"\1", _FORMER.sub("", text).strip() or text)
    text, branch = _strip_branch(text)
    text, has_form = _strip_legal_form(_TRAILING.sub("", text))
    text, places = _take_bracketed_place(_lengthen(text))
    is_extra = bool(places)
    if places or not has_form:
        # Behind brackets there may stand another form: 某某科技(上海)有限公司.
        text, has_inner_form = _strip_legal_form(text)
        has_form = has_form or has_inner_form
    if not places or not has_form:
        # What stands in brackets behind a university is where it is as well.
        text, leading = _take_leading_place(text)
        places, is_extra = leading or places, bool(places if not leading else has_form)
    if not places and has_form:
        text, places = _take_trailing_place(text)
        is_extra = bool(places)
    if branch:
        # A branch is its company, wherever it stands.
        is_extra = True
    key = _IGNORED.sub("", _ARTICLE.sub("", text).replace("&", "and"))[:KEY_LIMIT]
    if len(key) < _LEAST_KEY or key in _NOBODY or key in _LATIN_FORMS:
        return OrganisationName("")
    return OrganisationName(key, places, is_extra)


def list_names(name: str) -> tuple[str, ...]:
    """`name`, and each name that it says the same organisation had or has: 某某公司（原甲公司）."""
    found = _RENAMED.findall(" ".join(fold(name[:_NAMES_LOOKED_AT]).translate(_BRACKETS).split()))
    return tuple(dict.fromkeys([name, *(other.strip() for other in found)]))


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
    if _are_together(ours.places, theirs.places):
        return True
    return (not ours.places and theirs.is_place_extra) or (
        not theirs.places and ours.is_place_extra
    )


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


def _strip_branch(text: str) -> tuple[str, bool]:
    """A branch without what makes it one, and whether it was one."""
    found = _BRANCH.search(text)
    if found is None:
        return text, False
    return text[: found.start()], True


def _lengthen(text: str) -> str:
    """The whole name of what goes by a short one, with whatever department stands behind it."""
    bracketed = _TRAILING_BRACKETS.fullmatch(text)
    if bracketed and not text.startswith("("):
        return _lengthen(bracketed.group(1)) + bracketed.group(2)
    key = _IGNORED.sub("", text)
    for length in range(min(len(key), _longest_short()), _LEAST_SHORT_PREFIX - 1, -1):
        whole = _read_short_names().get(key[:length])
        if whole is None or key.startswith(whole):
            continue
        # A department is Chinese; Latin letters behind a short name make another word of it.
        if length < len(key) and (key[length].isascii() or key[length - 1].isascii()):
            continue
        key = text = whole + key[length:]
        break
    return _INSTITUTE.sub("研究所", text) if key.startswith("中国科学院") else text


@cache
def _read_short_names() -> Mapping[str, str]:
    """Each short name and the whole one, folded as keys are."""
    rows = (line.split("\t") for line in _SHORT_NAMES.read_text(encoding="utf-8").splitlines())
    return MappingProxyType(
        {_IGNORED.sub("", fold(short)): _IGNORED.sub("", fold(whole)) for short, whole in rows}
    )


@cache
def _longest_short() -> int:
    return max(map(len, _read_short_names()))


@cache
def _read_places() -> Mapping[str, tuple[str, ...]]:
    """The names of places with which names of organisations begin, and the places that go by each,
    as they are compared: the short name behind those of city and province."""
    places: dict[str, dict[str, None]] = {}

    def add(name: str, chain: str) -> None:
        places.setdefault(fold(name), {})[chain] = None

    for code in list_codes():
        chinese, english = get_place_names(code)
        short, chain = shorten_place_name(chinese), _chain(code)
        is_city = code.endswith("00") or chinese.endswith("市") or short in _BARE_DISTRICTS
        add(chinese, chain)
        if is_city and short not in _BRANDS and len(short) > 1:
            add(short, chain)
        if code.endswith("00"):
            add(english, chain)
    for name, code in list_old_names():
        if fold(name) not in places:
            add(name, _chain(code))
        short = shorten_place_name(name)
        # A district that was a city goes by its bare name still: 萧山, 余杭, 武进.
        if name.endswith("市") and short not in _BRANDS and fold(short) not in places:
            add(short, _chain(code))
    for name, codes in read_zones().items():
        for code in codes:
            if len(name) > 1 and not name.isascii() and name not in _BRANDS:
                add(name, _chain(code))
    for name, like in _OTHER_PLACES:
        for chain in places[like]:
            add(name, chain)
    return MappingProxyType({name: tuple(chains) for name, chains in places.items()})


def _chain(code: str) -> str:
    """A place behind all that it lies in."""
    names = (get_place_names(c)[0] for c in (code[:2] + "0000", find_city(code) or code, code))
    return "/".join(dict.fromkeys(map(shorten_place_name, names)))


def _are_together(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two places may be one, or one of them lie in the other. No place is one of its
    own."""
    if not ours or not theirs:
        return ours == theirs
    return any(
        one == other or one.startswith(other + "/") or other.startswith(one + "/")
        for one in ours
        for other in theirs
    )


def _take_bracketed_place(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` without a place in brackets, and the place; that of the whole country only goes."""
    places: tuple[str, ...] = ()

    def take(found: re.Match[str]) -> str:
        nonlocal places
        inside = found.group(1).strip()
        if inside in _WHOLE_COUNTRY:
            return ""
        named = _read_places().get(inside, ())
        if not named:
            steps = _find_leading_places(inside)
            named = steps[-1][1] if steps and steps[-1][0] == len(inside) else ()
        if not named or places:
            return found.group(0)
        places = named
        return ""

    return _BRACKETED.sub(take, text).strip(), places


def _find_leading_places(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """The places at the beginning of `text`, each lying in the one before: how far each name goes,
    and what it can mean there."""
    steps: list[tuple[int, tuple[str, ...]]] = []
    end = 0
    places: tuple[str, ...] = ()
    while True:
        for length in range(min(12, len(text) - end), 1, -1):
            name = text[end : end + length]
            found = () if name.isascii() else _read_places().get(name, ())
            if places:
                found = tuple(
                    one for one in found if any(one == p or one.startswith(p + "/") for p in places)
                )
            if found:
                end, places = end + length, found
                steps.append((end, places))
                break
        else:
            zone = _ZONE.match(text, end) if places else None
            if zone is None:
                return steps
            end = zone.end()
            steps.append((end, places))


def _take_leading_place(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` without the place that it begins with, and the place, where enough is left."""
    steps = _find_leading_places(text)
    for end, places in reversed(steps):
        rest = text[end:]
        if len(_IGNORED.sub("", rest)) >= _LEAST_WITHOUT_PLACE:
            return rest, places
    if steps:
        return text, ()
    words = text.split()
    for count in (2, 1):
        latin = " ".join(words[:count]).strip(",")
        if len(words) > count + 1 and latin.isascii() and latin in _read_places():
            return " ".join(words[count:]), _read_places()[latin]
    return text, ()


def _take_trailing_place(text: str) -> tuple[str, tuple[str, ...]]:
    """The same for a city right before the legal form: 某某科技上海有限公司."""
    for length in (3, 2):
        name, rest = text[-length:], text[:-length]
        if not name.isascii() and name in _read_places() and len(rest) >= _LEAST_WITHOUT_PLACE:
            return rest, _read_places()[name]
    words = text.replace(",", " ").split()
    for count in (2, 1):
        latin = " ".join(words[-count:])
        if len(words) > count + 1 and latin.isascii() and latin in _read_places():
            return " ".join(words[:-count]), _read_places()[latin]
    return text, ()
