"""Which place a text means: one of GB/T 2260, by the tables of `place_tables.py`, or one abroad, by
those of `abroad.py`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from models.abroad import list_names as list_names_abroad
from models.abroad import read_abroad
from models.folding import fold, fold_to_letters
from models.place_tables import (
    get_place_names,
    is_place,
    list_old_keys,
    read_old,
    read_table,
    read_zones,
    shorten_place_name,
)

# What the keys of such names begin with, before their code and the name itself.
_OF_THE_PAST: Final = "-"
_NO_DIVISION: Final = "+"

# What parts of an address abroad stand between.
_PIECES: Final = re.compile(r"\s*[,;，；、()（）|·]\s*|\s+-\s+")

# Longer texts are no places.
_TEXT_LIMIT: Final = 200
# A province, a city, a district, and the country before or behind them.
_MOST_PARTS: Final = 6

_OF_CHINA: Final = frozenset(
    [
        "中国",
        "中华人民共和国",
        "china",
        "prc",
        "prchina",
        "thepeoplesrepublicofchina",
        "peoplesrepublicofchina",
        "mainlandchina",
        "中国大陆",
        "中国内地",
    ]
)
_FILLERS: Final = _OF_CHINA | {"市辖区"}
_ENGLISH_KINDS: Final[Mapping[int, tuple[str, ...]]] = MappingProxyType(
    {
        2: (
            "province",
            "municipality",
            "city",
            "autonomousregion",
            "sar",
            "zhuangautonomousregion",
            "huiautonomousregion",
            "uyghurautonomousregion",
        ),
        4: ("city", "municipality", "prefecture", "autonomousprefecture", "league"),
        6: ("district", "county", "city", "newarea", "newdistrict", "banner", "autonomouscounty"),
    }
)
_CITY_KINDS: Final = frozenset({"city", "municipality"})

# What people say and no table has.
_OTHER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "北京": "110000 京 beijingshi peking",
        "天津": "120000 津",
        "上海": "310000 沪",
        "重庆": "500000 渝",
        "呼和浩特": "150100 呼市 huhehaote",
        "锡林郭勒": "152500 锡盟",
        "西藏": "540000 tibet",
        "香港": "810000 hongkongsar hk",
        "澳门": "820000 macau macaosar",
        "巴音郭楞": "652800 巴州",
        "广州": "440100 canton",
        "西双版纳": "532800 西双版纳州 版纳",
        "内蒙古": "150000 内蒙 neimenggu",
        "陕西": "610000 shaanxisheng",
        "浦东": "310115 pudongnewarea",
        "乌鲁木齐": "650100 urumqi wulumuqi",
        "拉萨": "540100 lhasa",
        "哈尔滨": "230100 harbin",
        "喀什": "653100 kashgar",
        "鄂尔多斯": "150600 ordos",
        "和田": "653200 hotan",
        "海淀": "110108 中关村 北京中关村 北京市中关村 北京市海淀区中关村",
        "浦东张江": "310115 张江 上海张江 上海市张江 上海市浦东新区张江",
        "保定": "130600 雄安 雄安新区 河北雄安新区 河北省雄安新区",
        "深圳": "440300 前海 深圳前海 深圳市前海",
        "珠海": "440400 横琴 珠海横琴 珠海市横琴",
        "武汉": "420100 东湖高新区 武汉东湖高新区 东湖高新 光谷 武汉光谷",
    }
)

# A city that goes by this name alone is not the first that one thinks of.
_ASKED_STEMS: Final = frozenset({"朝阳", "吉林"})

_STREET: Final = re.compile("[路街道巷弄河]")

# Zones that cities set up lie in them and are no divisions.
_ZONE: Final = re.compile(
    r"(?:国家级?)?(?:高新技术产业开发区|高新技术产业园区|高新区|经济技术开发区|经济开发区|经开区|开发区|工业园区|工业园"
    r"|科技园区|自由贸易试验区|自贸区|保税区|综合保税区|临港新片区|新片区|示范区)"
)
# What such areas end in, and what a town or a street does, behind the name of its city.
_AREA: Final = re.compile(
    r"(?![路街道巷弄河])[\u4e00-\u9fffa-z0-9]{1,16}(?:科技城|科学城|大学城|新城|产业园|科技园|软件园|创新园|基地|镇"
    r"|街道)"
)


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """What a text says about a place.

    `codes`: none, the one, or all that it can mean, in their order. `old_name` is a name that is no
    more, which led to `codes`; `rest` is what the text says beyond the place, down to the street,
    or the name of an area that is no division and lies there.
    """

    codes: tuple[str, ...]
    old_name: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Why a text may mean a place: by a name that is no more, an area in it, or no whole name."""

    old_name: str
    zone: str
    is_bare: bool


def read_place(text: str) -> PlaceReading:
    """The place that `text` names, in Chinese or English, with or without what it lies in.

    A province, a city and a district, or a country and a city, may stand together in either order;
    each must lie in the one before, or there is no such place. Names without their kind (朝阳) may
    mean several, and so may Cambridge: then all are given. A code of GB/T 2260, also one of the
    past, or of a place abroad is taken as well.
    """
    text = text[:_TEXT_LIMIT]
    folded = fold_to_letters(text)
    if re.fullmatch("[0-9]{6}(?:[0-9]{6})?", folded):
        return _read_code(folded[:6])
    if folded.upper() in read_abroad():
        return PlaceReading((folded.upper(),))
    found = _read_names(folded)
    if found.codes:
        return found
    found = _read_with_rest(text)
    return found if found.codes else _read_abroad_with_rest(text)


def is_whole_of_china(text: str) -> bool:
    """Whether a text names China and nothing in it."""
    return fold_to_letters(text[:_TEXT_LIMIT]) in _OF_CHINA


def _read_code(code: str) -> PlaceReading:
    if is_place(code):
        return PlaceReading((code,))
    if code in read_old():
        name, today = read_old()[code]
        if name in read_zones():
            return PlaceReading((today,), rest=name)
        return PlaceReading((today,), old_name=name)
    return PlaceReading(())


def _read_names(folded: str) -> PlaceReading:
    candidates: dict[str, _Candidate] = {}
    for parts in _cut(folded, _MOST_PARTS):
        names = [part for part in parts if part not in _FILLERS]
        is_bare = all(name in _list_bare() for name in names)
        is_china = not _OF_CHINA.isdisjoint(parts)
        for code, old_name, zone in _resolve(names):
            if is_china and code in read_abroad():
                # UK/China are two.
                continue
            candidates.setdefault(code, _Candidate(old_name, zone, is_bare))
    today = [code for code, found in candidates.items() if not found.old_name]
    if today:
        # A district that is no more may still be meant by the name of another one, no other place.
        is_district = not any(code.endswith("00") for code in today)
        candidates = {
            code: kept
            for code, kept in candidates.items()
            if not kept.old_name
            or (is_district and kept.old_name.endswith("区") and code not in today)
        }
    codes = _choose(sorted(candidates), any(found.is_bare for found in candidates.values()))
    if not codes:
        return PlaceReading(())
    first = candidates[codes[0]]
    return PlaceReading(codes, old_name=first.old_name, rest=first.zone)


def _choose(codes: list[str], is_bare: bool) -> tuple[str, ...]:
    """Leave out what nobody means by a bare name where a city or a province has it as well."""
    if not is_bare or len(codes) < 2:
        return tuple(codes)
    stems = {shorten_place_name(get_place_names(code)[0]) for code in codes}
    kept = [c for c in codes if not any(c != d and _lies_in(c, d) for d in codes)]
    if stems & {"吉林"}:
        kept = [code for code in codes if code.endswith("00")]
    elif not stems & _ASKED_STEMS and len(stems) == 1:
        for ending in ("0000", "00"):
            large = [
                c for c in kept if c.endswith(ending) and get_place_names(c)[0][-1] in "省市区"
            ]
            if len(large) == 1:
                return tuple(large)
    return tuple(kept)


def _lies_in(code: str, larger: str) -> bool:
    if larger.endswith("0000"):
        return code[:2] == larger[:2]
    return larger.endswith("00") and code[:4] == larger[:4]


def _resolve(names: list[str]) -> Iterator[tuple[str, str, str]]:
    """The smallest place of each chain that `names` can make, with the name that is no more and
    the area that is no division."""
    if not names:
        return
    known = [_list_names()[name] for name in names]
    if len(names) > 1 and len(set(names)) == len(names):
        orders: tuple[list[tuple[str, ...]], ...] = (known, known[::-1])
    else:
        orders = (known,)
    for order in orders:
        chains: list[tuple[str, ...]] = [(code,) for code in order[0]]
        for options in order[1:]:
            chains = [
                (*chain, code)
                for chain in chains
                for code in options
                if _lies_in(_strip(code), _strip(chain[-1])) or _strip(code) == _strip(chain[-1])
            ]
        if len(orders) > 1 and any(len(set(chain)) == len(chain) for chain in chains):
            # Two names are two places where they can be: Linxia City, Linxia.
            chains = [chain for chain in chains if len(set(chain)) == len(chain)]
        for chain in chains:
            smallest = chain[-1]
            if not all(map(_can_follow, chain, chain[1:])):
                continue
            if smallest.startswith(_OF_THE_PAST):
                code, name = _strip(smallest), smallest[8:]
                yield list_old_keys()[f"{code} {name}"], name, ""
            elif smallest.startswith(_NO_DIVISION):
                yield _strip(smallest), "", smallest[8:]
            else:
                yield smallest, "", ""


def _can_follow(larger: str, smaller: str) -> bool:
    """Whether a name behind another one says more: a city is not named twice in two ways."""
    if larger == smaller or smaller.startswith(_NO_DIVISION):
        return True
    return not _strip(smaller).endswith("00") or _strip(smaller) != _strip(larger)


def _strip(code: str) -> str:
    """The six digits, also of a place that is no more or an area that is no division."""
    return code.lstrip(_OF_THE_PAST + _NO_DIVISION)[:6]


def _cut(folded: str, most: int) -> Iterator[tuple[str, ...]]:
    """Every way of cutting `folded` into at most `most` names and fillers."""
    if not folded:
        yield ()
        return
    if most == 0:
        return
    for length in range(1, min(len(folded), _longest_name()) + 1):
        part = folded[:length]
        if part in _list_names() or part in _FILLERS:
            for rest in _cut(folded[length:], most - 1):
                yield (part, *rest)


def _read_with_rest(text: str) -> PlaceReading:
    """A place that an address begins with: it goes as far as names do, and says its kind."""
    folded = fold(text).strip()
    for end in range(len(folded) - 1, 1, -1):
        beginning, rest = folded[:end], folded[end:].strip(" ,，.·-/")
        if not rest or (beginning[-1].isascii() and rest[0].isascii()):
            continue
        letters = fold_to_letters(beginning)
        if not letters:
            continue
        is_told = beginning[-1] in "省市区县州盟旗" or _ZONE.match(rest) or _AREA.fullmatch(rest)
        if _STREET.match(rest):
            # A street has the name of a city that it is not in.
            continue
        if not is_told:
            continue
        found = _read_names(letters)
        # Another place behind the first one is no address in it.
        if found.codes:
            if _read_names(fold_to_letters(rest)).codes:
                return PlaceReading(())
            # Cities set zones up, and one may be called after another city's district.
            is_alone = letters in _list_names() and not found.codes[0].endswith("00")
            if beginning[-1] not in "省市区县州盟旗" and is_alone:
                continue
            rest = found.rest + rest
            return PlaceReading(found.codes, old_name=found.old_name, rest=rest)
    return PlaceReading(())


def _read_abroad_with_rest(text: str) -> PlaceReading:
    """A country that a text begins or ends with, or a city behind it, and what else it says."""
    folded = fold(text).strip()
    pieces = [piece for piece in _PIECES.split(folded) if piece]
    if not pieces:
        return PlaceReading(())
    options = [(pieces[-1], " ".join(pieces[:-1])), (pieces[0], " ".join(pieces[1:]))]
    if not folded.isascii():
        ends = range(min(len(folded) - 1, _longest_name()), 1, -1)
        options += [(folded[:end], folded[end:]) for end in ends if not folded[end - 1].isascii()]
    for place, rest in options:
        codes = _read_names(fold_to_letters(place)).codes
        in_full = fold_to_letters(rest)
        is_abroad = len(codes) == 1 and codes[0] in read_abroad()
        if not is_abroad or not in_full or not _begins_with_country(place):
            continue
        # Another place beside the first one is no address in it.
        if _read_names(in_full).codes or any(name in in_full for name in ("中国", "china")):
            return PlaceReading(())
        rest = rest.strip(" ,，.·-/()")
        # As it was written, where it stands there in one piece.
        at = text.casefold().find(rest)
        return PlaceReading(codes, rest=text[at : at + len(rest)] if at >= 0 else rest)
    return PlaceReading(())


def _begins_with_country(text: str) -> bool:
    """Whether a text is a country, or begins with one: a city alone may be part of a name."""
    letters = fold_to_letters(text)
    return any(
        code.endswith("0000") and code in read_abroad()
        for end in range(2, len(letters) + 1)
        for code in _list_names().get(letters[:end], ())
    )


@cache
def _list_names() -> Mapping[str, tuple[str, ...]]:
    """Each way of naming a place, folded, with the codes; those of the past and those of
    areas that are no divisions are marked."""
    names: dict[str, dict[str, None]] = {}

    def add(name: str, code: str) -> None:
        names.setdefault(fold_to_letters(name), {})[code] = None

    loosely: list[tuple[str, str]] = []
    for code, (chinese, english) in read_table().items():
        add(chinese, code)
        add(shorten_place_name(chinese), code)
        add(english, code)
        bare = re.sub(" (City|County|District|Banner|Prefecture|Area)$", "", english)
        # Taizhou (Zhejiang) is Taizhou to those who come from there.
        bare = re.sub(r" \([^()]*\)$", "", bare)
        add(bare, code)
        # Lü is written Lv, Lyu or Lu.
        for vowel in ("yu", "u") if re.match("[LN]v", bare) else ():
            add(bare[0] + vowel + bare[2:], code)
        level = 2 if code.endswith("0000") else 4 if code.endswith("00") else 6
        is_city = chinese.endswith("市")
        for kind in _ENGLISH_KINDS[level]:
            # A city comes before the prefecture or county of its name, which some also call one.
            if is_city == (kind in _CITY_KINDS):
                add(bare + kind, code)
            else:
                loosely.append((bare + kind, code))
        if level == 4 and chinese.endswith("自治州"):
            add(shorten_place_name(chinese) + "州", code)
        if chinese.endswith(("自治县", "自治旗")):
            add(shorten_place_name(chinese) + chinese[-1], code)
    for said in _OTHER_NAMES.values():
        code, *others = said.split()
        for name in others:
            add(name, code)
    exactly = frozenset(names)
    for name, code in loosely:
        if fold_to_letters(name) not in exactly:
            add(name, code)
    for key in list_old_keys():
        code, name = key.split(" ", 1)
        if name in read_zones():
            continue
        add(name, f"{_OF_THE_PAST}{code} {name}")
        add(shorten_place_name(name), f"{_OF_THE_PAST}{code} {name}")
    for name, codes in read_zones().items():
        for code in codes:
            add(name, f"{_NO_DIVISION}{code} {name}")
    ours = frozenset(names)
    for name, code, is_bare in list_names_abroad():
        # 黑山 and 大田 are counties, as long as no country stands beside them.
        if not is_bare or fold_to_letters(name) not in ours:
            add(name, code)
    return MappingProxyType({name: tuple(codes) for name, codes in names.items() if name})


@cache
def _list_bare() -> frozenset[str]:
    """The names that do not say what kind of place it is."""
    return frozenset(
        fold_to_letters(name)
        for chinese, english in read_table().values()
        for name in (shorten_place_name(chinese), english)
        if name != chinese
    )


@cache
def _longest_name() -> int:
    return max(map(len, _list_names()))
