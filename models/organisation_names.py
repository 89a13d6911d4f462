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
from models.organisation_places import (
    COUNTRY_ZONE,
    IGNORED,
    LEAST_WITHOUT_PLACE,
    are_together,
    read_places,
    take_bracketed_place,
    take_leading_place,
    take_trailing_place,
)

# As long as a key can be: longer names that begin alike count as the same.
KEY_LIMIT: Final = 200

# A key of fewer characters than this connects nobody.
_LEAST_KEY: Final = 2

# What people write where they have nothing to name.
_NOBODY_WORDS: Final = (
    "无 暂无 没有 自由职业 自由职业者 自雇 独立 独立顾问 独立导师 个人 个体 已退休 退休 在职 保密 "
    "其他 none na nil nobody freelance freelancer selfemployed independent "
    "independentconsultant retired confidential stealth other unknown"
)
_NOBODY: Final = frozenset(_NOBODY_WORDS.split())

_TRAILING_BRACKETS: Final = re.compile(r"(.*[^\s(])\s*(\([^()]*\))")
_HAN_FORM: Final = re.compile(
    r"(?:股份有限公司|有限责任公司|有限責任公司|股份公司|有限公司|株式会社|"
    r"(?:合伙企业)?\((?:有限合伙|普通合伙|特殊普通合伙)\)|合伙企业)$"
)
_PLAIN_COMPANY: Final = re.compile(rf"(?<=[\u4e00-\u9fff]{{{LEAST_WITHOUT_PLACE}}})公司$")
_LATIN_FORMS_WORDS: Final = (
    "ltd limited inc incorporated corp corporation co llc llp plc pte pty gmbh mbh ag kg sa se "
    "sas sasu sarl srl spa bv nv ab as asa oy oyj aps kk sro doo kft zrt pvt sdn bhd"
)
_LATIN_FORMS: Final = frozenset(_LATIN_FORMS_WORDS.split())
_OF_COMPANY: Final = (
    r"(?:分公司|分部|分院|分厂|办事处|代表处|联络处|营业部|事业部|研发中心|技术中心|研究院|实验室)"
)
_BRANCH: Final = re.compile(
    rf"(?<=公司)\s?\(?[\u4e00-\u9fff]{{0,12}}?{_OF_COMPANY}\)?$"
    r"|(?<=事务所)\s?\(?[\u4e00-\u9fff]{1,6}(?:分所|办公室)\)?$"
    r"|(?<=ltd|inc|llc|mbh|plc|orp|,co)[.,]*\s*\(?[a-z ]{0,30}\b"
    r"(?:branch|representative office)\)?$"
)
_WAS: Final = (
    r"(?:原名称?|原称|原企业名称?|原|曾用名称?|曾名|曾称|前身|旧称|旧名|更名前"
    r"|formerly known as|formerly|former|previously|fka|f/k/a)"
)
_IS: Final = r"(?:现名|现称|现更名为?|已更名为?|更名为?|现|now known as|now)"
# Between a name and what it was before, outside of brackets.
_BEHIND_NAME: Final = r"(?:[,;/]\s*|(?<=公司)\s+|(?<=公司)(?=原名|曾用名|前身))"
# What else people put behind a name in brackets: what stage it is at, or what it is to them.
_ASIDE: Final = (
    r"(?:筹建?|筹备|在筹|拟|待|未)[^()]{0,8}|在孵|已?毕业|入驻|上市(?:公司)?|已上市|控股|参股|持股|全资|兼职"
    r"|已?退休|已?离职|在职|(?:股票|证券)(?:代码|简称)[^()]*|(?:以下)?(?:简称|称)[^()]*"
    r"|[036][0-9]{5}(?:\.[a-z]{2})?"
)
_FORMER: Final = re.compile(
    rf"\(\s*(?:{_WAS}|{_IS})[^()]*(?:\([^()]*\)[^()]*)?\)|\(\s*(?:{_ASIDE})\s*\)$"
    rf"|{_BEHIND_NAME}{_WAS}\s*[:为是]?[^,;]+$|(?<=.)筹$"
)
_RENAMED: Final = re.compile(
    rf"(?:\(\s*(?:{_WAS}|{_IS})|{_BEHIND_NAME}{_WAS})\s*[:为是]*\s*"
    r"([^(),;]+(?:\([^()]*\)[^(),;]*)?)\)?"
)
# 某某科技有限公司 (Some Tech Co., Ltd.): one organisation in two languages.
_HAN_FIRST: Final = re.compile(
    r"([\u3400-\u9fff](?:[^a-z()/]|\([\u3400-\u9fff]+\))*?)\s*"
    r"(?:\(([a-z][^()\u3400-\u9fff]{5,})\)|/\s*([a-z][^()/\u3400-\u9fff]{5,}))"
)
_LATIN_FIRST: Final = re.compile(
    r"([a-z][^()/\u3400-\u9fff]{3,}?)\s*(?:\(([\u3400-\u9fff](?:[^a-z()]|\([^()]*\)){3,})\)"
    r"|/\s*([\u3400-\u9fff](?:[^a-z()/]|\([^()]*\)){3,}))"
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
    text = COUNTRY_ZONE.sub(r"\1", _FORMER.sub("", text).strip() or text)
    text = _split_languages(text)[0]
    text, branch = _strip_branch(text)
    text, has_form = _strip_legal_form(_ARTICLE.sub("", _TRAILING.sub("", text)))
    has_form = has_form or text.endswith("事务所")
    text, places = take_bracketed_place(_lengthen(text))
    is_extra = bool(places)
    if places or not has_form:
        # Behind brackets there may stand another form: 某某科技(上海)有限公司.
        text, has_inner_form = _strip_legal_form(text)
        has_form = has_form or has_inner_form
    if not places or not has_form:
        # What stands in brackets behind a university is where it is as well.
        text, leading = take_leading_place(text)
        places, is_extra = leading or places, bool(places if not leading else has_form)
        text = _lengthen(text) if leading else text
    if not places and has_form:
        text, places = take_trailing_place(text)
        is_extra = bool(places)
    if branch:
        # A branch is its company, wherever it stands.
        is_extra = True
    key = IGNORED.sub("", text.replace("&", "and"))[:KEY_LIMIT]
    if len(key) < _LEAST_KEY or key in _NOBODY or key in _LATIN_FORMS:
        return OrganisationName("")
    return OrganisationName(key, places, is_extra)


def list_names(name: str) -> tuple[str, ...]:
    """`name`, and each name that it says the same organisation had or has: 某某公司（原甲公司）,
    or that it has in another language: 某某公司 (Some Company Ltd.)."""
    text = " ".join(fold(name[:_NAMES_LOOKED_AT]).translate(_BRACKETS).split())
    found = [other.strip() for other in _RENAMED.findall(text)]
    found += _split_languages(_FORMER.sub("", text).strip())[1:]
    return tuple(dict.fromkeys([name, *found]))


def list_keys(name: str) -> tuple[str, ...]:
    """The keys of `name` and of the other names that it says, without those of nobody."""
    return tuple(dict.fromkeys(key for one in list_names(name) if (key := make_name_key(one))))


def make_other_key(name: str) -> str | None:
    """The key of the other name that `name` says the organisation has, None where it says none.

    Of several the first: more than one is hardly ever said.
    """
    own = make_name_key(name)
    return next((key for key in list_keys(name) if key != own), None)


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
    if are_together(ours.places, theirs.places):
        return True
    return (not ours.places and theirs.is_place_extra) or (
        not theirs.places and ours.is_place_extra
    )


def is_called_the_same(
    one: str,
    other: str,
    *,
    code: CreditCode | None = None,
    other_code: CreditCode | None = None,
) -> bool:
    """Whether two names, or what one of them says it is or was called beside, are one
    organisation's (`is_same_organisation`)."""
    return any(
        is_same_organisation(ours, theirs, code=code, other_code=other_code)
        for ours in list_names(one)
        for theirs in list_names(other)
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


def _split_languages(text: str) -> list[str]:
    """The name in Chinese, and the one in another language behind or before it, if it has one."""
    for pattern in (_HAN_FIRST, _LATIN_FIRST):
        if found := pattern.fullmatch(text):
            both = [found[1], found[2] or found[3]]
            latin = both[1] if pattern is _HAN_FIRST else both[0]
            if latin.strip() in read_places() or len(latin.split()) == 1:
                break
            return both if pattern is _HAN_FIRST else both[::-1]
    return [text]


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
    key = IGNORED.sub("", text)
    for length in range(min(len(key), _longest_short()), _LEAST_SHORT_PREFIX - 1, -1):
        whole = _read_short_names().get(key[:length])
        # What is whole already begins with itself; what is long for the same name does so too.
        if whole is None or (key.startswith(whole) and len(whole) >= length):
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
        {IGNORED.sub("", fold(short)): IGNORED.sub("", fold(whole)) for short, whole in rows}
    )


@cache
def _longest_short() -> int:
    return max(map(len, _read_short_names()))
