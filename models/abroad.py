"""Places outside of China: countries and some of their cities, and how people call them.

`countries.tsv` (code, Chinese name, English name) has ISO 3166-1, made by
`tests/models/make_countries.py`, which names the source; a code is two letters and 0000.
`cities_abroad.tsv` (code, Chinese name, English name, regions, other names) has cities where
hard-tech startups meet people, written by hand; a code is that of the country and four letters of
the name. So the codes lie in each other as those of GB/T 2260 do: what begins like DE lies in
DE0000.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

_COUNTRIES: Final = Path(__file__).with_name("countries.tsv")
_CITIES: Final = Path(__file__).with_name("cities_abroad.tsv")
_ALL_OF_IT: Final = "0000"

# What people call countries beside the short names of CLDR.
_OTHER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "US": "USA|US|U.S.|U.S.A.|America|United States of America|the US|the United States"
        "|美利坚合众国|美利坚",
        "GB": "UK|U.K.|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|the UK"
        "|大不列颠|联合王国|英格兰|苏格兰|威尔士|北爱尔兰",
        "DE": "Deutschland|德意志联邦共和国",
        "FR": "法兰西共和国",
        "JP": "日本国|Nippon",
        "KR": "Korea|Republic of Korea|ROK|南韩|大韩民国",
        "RU": "Russian Federation|俄罗斯联邦|俄国",
        "NL": "Holland|the Netherlands|Nederland",
        "CZ": "Czech Republic|捷克共和国",
        "AE": "UAE|the UAE|阿联酋",
        "SA": "KSA|沙特",
        "TR": "Turkey",
        "VN": "Viet Nam",
        "CH": "Schweiz|Suisse|瑞士联邦",
        "SE": "Sverige",
        "IT": "Italia",
        "ES": "España",
        "SG": "Republic of Singapore|Singapore City|新加坡共和国|狮城",
        "AU": "澳洲",
        "NZ": "纽西兰",
        "ID": "印尼",
        "ME": "黑山共和国",
        "MN": "蒙古国",
        "MM": "Burma|Myanmar",
        "IE": "Republic of Ireland|爱尔兰共和国",
        "IR": "Islamic Republic of Iran",
        "PS": "Palestine|巴勒斯坦",
        "CI": "Ivory Coast|象牙海岸",
    }
)


@cache
def read_countries() -> Mapping[str, tuple[str, str]]:
    """The Chinese and the English name of each country but China, by code, in order."""
    lines = _COUNTRIES.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return MappingProxyType({code: (chinese, english) for code, chinese, english in rows})


@cache
def read_abroad() -> Mapping[str, tuple[str, str]]:
    """The same of countries and of the cities in them: each country before its cities."""
    cities = {code: (chinese, english) for code, chinese, english, _, _ in _read_cities()}
    return MappingProxyType(dict(sorted({**read_countries(), **cities}.items())))


@cache
def list_offered() -> tuple[str, ...]:
    """The codes of countries with a city in the table, and of those that are hardly more than one,
    with those of the cities."""
    countries = {code[:2] + _ALL_OF_IT for code, *_ in _read_cities()} | {"SG0000", "LU0000"}
    return tuple(
        code for code in read_abroad() if code in countries or not code.endswith(_ALL_OF_IT)
    )


def list_names() -> Iterator[tuple[str, str, bool]]:
    """Each name with a code, and whether it is the bare one, which may be another place's too."""
    for code, names in read_countries().items():
        for name in (*names, *_OTHER_NAMES.get(code[:2], "").split("|")):
            if name:
                yield name, code, True
    for code, chinese, english, regions, others in _read_cities():
        country = read_countries()[code[:2] + _ALL_OF_IT]
        called = [chinese, english, *filter(None, others.split("|"))]
        for name in called:
            yield name, code, True
            yield f"{country[0]}{name}", code, False
            yield f"{name}, {country[1]}", code, False
        # Boston, MA and 加州圣何塞.
        for region in filter(None, regions.split("|")):
            for name in called:
                yield (f"{name}, {region}" if region.isascii() else f"{region}{name}"), code, False


@cache
def _read_cities() -> tuple[tuple[str, str, str, str, str], ...]:
    rows = (line.split("\t") for line in _CITIES.read_text(encoding="utf-8").splitlines())
    return tuple((row[0], row[1], row[2], row[3], row[4]) for row in rows)
