"""When two names mean the same organisation, and the key under which a name is looked up.

A Chinese company's registered name is place, brand, trade and legal form; people leave out the
place, the form or both. Two names are the same when what is left without legal form, case, width,
blanks and punctuation is the same, and so is the place. A place may be missing on one side where
the other side's is unmistakably an addition: it stands in brackets, or before the name of a
company that is given with its legal form. 上海某某科技有限公司 is 某某科技, but not 北京某某科技.
An institute has no legal form that would tell, so 南京某某研究所 is not 某某研究所.
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
from models.places import find_city, get_place_names, list_codes, shorten_place_name

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
_BRANDS: Final = frozenset({"东方", "平安", "安康", "永安", "瑞安", "高安", "富锦", "海伦", "大同"})
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
    "ltd limited inc incorporated corp corporation co llc llp plc pte pty gmbh mbh ag kg sa "
    "sarl srl bv nv ab oy aps kk"
)
_LATIN_FORMS: Final = frozenset(_LATIN_FORMS_WORDS.split())
_BRANCH: Final = re.compile(
    r"(?<=公司)([\u4e00-\u9fff]{0,12}?)(?:分公司|分部|办事处|代表处|营业部)$"
)
_FORMER: Final = re.compile(
    r"\(\s*(?:原名?|曾用名|前身|旧称|formerly|筹建?|筹备)[^()]*\)|(?<=.)筹$"
)
_INSTITUTE: Final = re.compile(r"(?<=.{3})(?<!研究)(?<!事务)(?<!交易)所$")
_SEPARATOR: Final = re.compile("[,，、;；|]")
_AND: Final = frozenset({"&", "and"})
_IGNORED: Final = re.compile(r"[\s.,;:'\"’‘“”`´·•・‧∙⋅\-‐‑–—_/\\「」『』《》!?()\[\]【】〔〕]+")

_SHORT_NAMES: Final = Path(__file__).with_name("organisation_short_names.tsv")
# After these a department may follow: 中科院某某所.
_LEAST_SHORT_PREFIX: Final = 2


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
    text = " ".join(fold(name).split())
    text = _FORMER.sub("", text).strip() or text
    text, branch = _strip_branch(text)
    text, has_form = _strip_legal_form(text)
    text, place = _take_bracketed_place(_lengthen(text))
    is_extra = bool(place)
    if place or not has_form:
        # Behind brackets there may stand another form: 某某科技(上海)有限公司.
        text, has_inner_form = _strip_legal_form(text)
        has_form = has_form or has_inner_form
    if not place:
        text, place = _take_leading_place(text)
        is_extra = bool(place) and has_form
    if not place and has_form:
        text, place = _take_trailing_place(text)
        is_extra = bool(place)
    if branch:
        # A branch is its company, wherever it stands.
        is_extra = True
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
    if ours.place == theirs.place or _lies_in(ours.place, theirs.place):
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


def _strip_branch(text: str) -> tuple[str, bool]:
    """A branch without what makes it one, and whether it was one."""
    found = _BRANCH.search(text)
    if found is None:
        return text, False
    return text[: found.start()], True


def _lengthen(text: str) -> str:
    """The whole name of what goes by a short one, with whatever department stands behind it."""
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
def _read_places() -> Mapping[str, str]:
    """The names of places with which names of organisations begin, and the place as it is compared:
    its short name, behind those of its city and province."""
    places: dict[str, str] = {}
    for code in list_codes():
        chinese, english = get_place_names(code)
        short = shorten_place_name(chinese)
        above = [code[:2] + "0000", find_city(code) or ""]
        chain = "/".join(
            dict.fromkeys([shorten_place_name(get_place_names(c)[0]) for c in above if c] + [short])
        )
        is_city = code.endswith("00") or chinese.endswith("市") or short in _BARE_DISTRICTS
        names = [chinese] + ([short] if is_city and short not in _BRANDS and len(short) > 1 else [])
        if code.endswith("00"):
            names.append(fold(english))
        for name in names:
            # Two districts of one name: the first one stands for both, as nobody can tell.
            places.setdefault(fold(name), chain)
    for name, like in (
        ("hongkong", "香港"),
        ("macau", "澳门"),
        ("xian", "西安"),
        ("内蒙", "内蒙古"),
    ):
        places[name] = places[like]
    return MappingProxyType(places)


def _lies_in(one: str, other: str) -> bool:
    """Whether one of two places that are named lies in the other."""
    if not one or not other:
        return False
    return one.startswith(other + "/") or other.startswith(one + "/")


def _take_bracketed_place(text: str) -> tuple[str, str]:
    """`text` without a place in brackets, and the place; that of the whole country only goes."""
    place = ""

    def take(found: re.Match[str]) -> str:
        nonlocal place
        inside = found.group(1).strip()
        if inside in _WHOLE_COUNTRY:
            return ""
        named = _read_places().get(inside, "")
        if not named:
            end, named = _find_leading_places(inside)
            named = named if end == len(inside) else ""
        if not named or place:
            return found.group(0)
        place = named
        return ""

    return _BRACKETED.sub(take, text).strip(), place


def _find_leading_places(text: str) -> tuple[int, str]:
    """How far names of places go at the beginning of `text`, each lying in the one before."""
    end, place = 0, ""
    while True:
        for length in range(min(12, len(text) - end), 1, -1):
            name = text[end : end + length]
            found = _read_places().get(name)
            if found is not None and not name.isascii() and (not place or _lies_in(found, place)):
                end, place = end + length, found
                break
        else:
            return end, place


def _take_leading_place(text: str) -> tuple[str, str]:
    """`text` without the place that it begins with, and the place, where enough is left."""
    end, place = _find_leading_places(text)
    if place:
        rest = text[end:]
        if len(_IGNORED.sub("", rest)) >= _LEAST_WITHOUT_PLACE:
            return rest, place
        return text, ""
    words = text.split()
    for count in (2, 1):
        latin = " ".join(words[:count]).strip(",")
        if len(words) > count + 1 and latin.isascii() and latin in _read_places():
            return " ".join(words[count:]), _read_places()[latin]
    return text, ""


def _take_trailing_place(text: str) -> tuple[str, str]:
    """The same for a city right before the legal form: 某某科技上海有限公司."""
    for length in (3, 2):
        place = _read_places().get(text[-length:], "")
        rest = text[:-length]
        if place and not text[-length:].isascii() and len(rest) >= _LEAST_WITHOUT_PLACE:
            return rest, place
    return text, ""
