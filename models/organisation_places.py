"""The place in a name of an organisation: before it, in brackets behind it, or before its form.

A place of which there are several (鼓楼区) may be any of them.
"""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from models.folding import fold
from models.place_tables import (
    find_city,
    get_place_names,
    list_codes,
    list_old_names,
    read_zones,
    shorten_place_name,
)

# Without its place, a name of fewer characters (上海大学, 上海银行) is no name any more.
LEAST_WITHOUT_PLACE: Final = 4

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
COUNTRY_ZONE: Final = re.compile(r"中国\(?([\u4e00-\u9fff]{2,4})\)?(?=自由贸易试验区)")
# In brackets these tell no organisation from its parent.
_WHOLE_COUNTRY: Final = frozenset({"中国", "china", "prc", "大陆"})

_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
# What tells no names apart.
IGNORED: Final = re.compile(r"[\s.,;:'\"’‘“”`´·•・‧∙⋅\-‐‑–—_/\\「」『』《》!?()\[\]【】〔〕]+")


@cache
def read_places() -> Mapping[str, tuple[str, ...]]:
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


def are_together(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two places may be one, or one of them lie in the other. No place is one of its
    own."""
    if not ours or not theirs:
        return ours == theirs
    return any(
        one == other or one.startswith(other + "/") or other.startswith(one + "/")
        for one in ours
        for other in theirs
    )


def take_bracketed_place(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` without a place in brackets, and the place; that of the whole country only goes."""
    places: tuple[str, ...] = ()

    def take(found: re.Match[str]) -> str:
        nonlocal places
        inside = found.group(1).strip()
        if inside in _WHOLE_COUNTRY:
            return ""
        named = read_places().get(inside, ())
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
            found = () if name.isascii() else read_places().get(name, ())
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


def take_leading_place(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` without the place that it begins with, and the place, where enough is left."""
    steps = _find_leading_places(text)
    for end, places in reversed(steps):
        rest = text[end:]
        if len(IGNORED.sub("", rest)) >= LEAST_WITHOUT_PLACE:
            return rest, places
    if steps:
        return text, ()
    words = text.split()
    for count in (2, 1):
        latin = " ".join(words[:count]).strip(",")
        if len(words) > count + 1 and latin.isascii() and latin in read_places():
            return " ".join(words[count:]), read_places()[latin]
    return text, ()


def take_trailing_place(text: str) -> tuple[str, tuple[str, ...]]:
    """The same for a city right before the legal form: 某某科技上海有限公司."""
    for length in (3, 2):
        name, rest = text[-length:], text[:-length]
        if not name.isascii() and name in read_places() and len(rest) >= LEAST_WITHOUT_PLACE:
            return rest, read_places()[name]
    words = text.replace(",", " ").split()
    for count in (2, 1):
        latin = " ".join(words[-count:])
        if len(words) > count + 1 and latin.isascii() and latin in read_places():
            return " ".join(words[:-count]), read_places()[latin]
    return text, ()
