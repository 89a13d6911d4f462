"""The tables of places: which divisions there are and were, and which one lies in which.

`places.tsv` (code, Chinese name, English name) has every division of GB/T 2260 down to districts
and counties; `old_places.tsv` (code, Chinese name, code today) those that were merged, renamed or
given another code since 1989. `tests/models/make_places.py` makes both and names the sources. A
code that ends in 0000 is a province or municipality, one that ends in 00 a city, any other a
district or county. Places outside of China are in `abroad.py`. `zones.tsv` (name, codes) has areas
that are no divisions, with the division that each lies in, or those that it lies in together
(西咸新区 is in 西安 and in 咸阳).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from models.abroad import read_abroad

_TABLE: Final = Path(__file__).with_name("places.tsv")
_OLD_TABLE: Final = Path(__file__).with_name("old_places.tsv")
_ZONES: Final = Path(__file__).with_name("zones.tsv")

_KIND: Final = re.compile(
    r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治[区州县旗]|(?<=神农架)林区|特区|地区|新区|[省市区县盟旗])$"
)
_PEOPLES: Final = re.compile(
    r"(?:(?:[满回藏苗彝壮侗瑶白傣黎佤畲水土羌怒]|蒙古|布依|朝鲜|土家|哈尼|傈僳|拉祜|东乡|纳西|景颇|达斡尔"
    r"|仫佬|布朗|撒拉|毛南|仡佬|普米|保安|裕固|独龙|阿昌|德昂|各)族|蒙古|哈萨克|柯尔克孜|锡伯|塔吉克)+$"
)
# Codes under which statistics counted such areas for a while.
_CODE_OF_AREA: Final = re.compile("[1-9][0-9]{3}7[1-9]")


@cache
def read_table() -> Mapping[str, tuple[str, str]]:
    """The Chinese and the English name of each division of today, by code, in order."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return MappingProxyType({code: (chinese, english) for code, chinese, english in rows})


@cache
def read_old() -> Mapping[str, tuple[str, str]]:
    """The last name under each code that is no more, and the code today."""
    rows = (line.split("\t") for line in _OLD_TABLE.read_text(encoding="utf-8").splitlines())
    return MappingProxyType(
        {code: (name, today) for code, name, today in rows if code not in read_table()}
    )


@cache
def read_zones() -> Mapping[str, tuple[str, ...]]:
    """The areas that are no divisions, by name, with the places that each lies in."""
    rows = (line.split("\t") for line in _ZONES.read_text(encoding="utf-8").splitlines())
    zones = {name: tuple(codes.split()) for name, codes in rows}
    counted = {
        name: (today,)
        for code, (name, today) in read_old().items()
        if _CODE_OF_AREA.fullmatch(code)
    }
    return MappingProxyType({**counted, **zones})


def list_old_names() -> Iterator[tuple[str, str]]:
    """Each name of a place that is no more, and the code today."""
    for key, today in list_old_keys().items():
        code, name = key.split(" ", 1)
        if not _CODE_OF_AREA.fullmatch(code):
            yield name, today


def is_place(code: str) -> bool:
    """Whether `code` is a place of GB/T 2260 of today."""
    return code in read_table()


def list_codes() -> tuple[str, ...]:
    """Every code of today, in order."""
    return tuple(read_table())


def get_place_names(code: str) -> tuple[str, str]:
    """The Chinese and the English name of a place, also of one that is no more or is abroad.

    Raises KeyError.
    """
    for table in (read_table(), read_abroad()):
        if code in table:
            return table[code]
    name = read_old()[code][0]
    return name, name


def is_known_place(code: str) -> bool:
    """Whether `code` is a place of today, in China or abroad, or was one."""
    return code in read_table() or code in read_old() or code in read_abroad()


def find_successor(code: str) -> str | None:
    """The code today of a place that is no more; None for all others."""
    return read_old()[code][1] if code in read_old() and not is_place(code) else None


def find_city(code: str) -> str | None:
    """The city of a district; its province in a municipality; the country of a city abroad.

    None for larger places.
    """
    if code.endswith("00"):
        return None
    city = code[:4] + "00"
    return city if is_place(city) else code[:2] + "0000"


def shorten_place_name(chinese: str) -> str:
    """The name without what kind of place it is and whose, as far as a name is left."""
    shorter = _KIND.sub("", chinese)
    for candidate in (_PEOPLES.sub("", shorter), shorter.removesuffix("族"), shorter):
        if len(candidate) > 1:
            return candidate
    return chinese


@cache
def list_old_keys() -> Mapping[str, str]:
    """The code today for each code and name of the past, with a blank between the two."""
    rows = (line.split("\t") for line in _OLD_TABLE.read_text(encoding="utf-8").splitlines())
    return MappingProxyType({f"{code} {name}": today for code, name, today in rows})
