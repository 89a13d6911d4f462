"""Names of places by their code of GB/T 2260.

Known are all provinces, the larger cities, and the districts of the cities where incubators are
dense (`places.tsv`: code, Chinese name, English name). A code that ends in 0000 is a province or
municipality, one that ends in 00 a city, any other one a district or county.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from flask_babel import get_locale

_TABLE = Path(__file__).with_name("places.tsv")


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it is offered for choice: its code and its name in the reader's language."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """A province or municipality and the places in it, itself first."""

    name: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    chinese: str
    english: str


@cache
def _read_names() -> Mapping[str, _Names]:
    names = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        code, chinese, english = line.split("\t")
        names[code] = _Names(chinese, english)
    return MappingProxyType(names)


def is_place(code: str) -> bool:
    """Whether `code` is a place that has a name here."""
    return code in _read_names()


def name_place(code: str | None) -> str:
    """The name of a place in the reader's language, a district together with its city.

    "" for None, and the code itself where it is not known.
    """
    if code is None:
        return ""
    if not is_place(code):
        return code
    return _word(code, _is_english())


def find_places(name: str) -> tuple[str, ...]:
    """The codes of all places that go by `name` in either language, in the order of the codes.

    A district can be named with its city or alone, and 市, 区, 县 and 新区 can be left out; upper
    and lower case, spaces and commas do not matter. Two districts of one name give two codes.
    """
    return _read_codes().get(_simplify(name), ())


@cache
def _read_codes() -> Mapping[str, tuple[str, ...]]:
    codes: dict[str, dict[str, None]] = {}
    for code, own in sorted(_read_names().items()):
        known = [own.chinese, _shorten(own.chinese), own.english]
        if (city := _find_city(code)) is not None:
            above = _read_names()[city]
            known += [
                first + last
                for first in (above.chinese, _shorten(above.chinese))
                for last in (own.chinese, _shorten(own.chinese))
            ]
            known += [own.english + above.english, above.english + own.english]
        for name in known:
            codes.setdefault(_simplify(name), {})[code] = None
    return MappingProxyType({name: tuple(found) for name, found in codes.items()})


def _shorten(chinese: str) -> str:
    """The name without what kind of place it is, as far as a name is left."""
    shorter = re.sub("(新区|特别行政区|[省市区县])$", "", chinese)
    return shorter if len(shorter) > 1 else chinese


def _simplify(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def list_places() -> tuple[PlaceGroup, ...]:
    """Every place by province, in the order of the codes, named in the reader's language."""
    return _list_places(_is_english())


@cache
def _list_places(english: bool) -> tuple[PlaceGroup, ...]:
    by_province: dict[str, list[Place]] = {}
    for code in sorted(_read_names()):
        by_province.setdefault(code[:2] + "0000", []).append(Place(code, _word(code, english)))
    return tuple(
        PlaceGroup(_word(province, english), tuple(places))
        for province, places in by_province.items()
    )


def _word(code: str, english: bool) -> str:
    names = _read_names()
    own = names[code]
    city = _find_city(code)
    if city is None:
        return own.english if english else own.chinese
    if english:
        return f"{own.english}, {names[city].english}"
    return names[city].chinese + own.chinese


def _find_city(code: str) -> str | None:
    """The city of a district; its province in a municipality; None for larger places."""
    if code.endswith("00"):
        return None
    city = code[:4] + "00"
    return city if is_place(city) else code[:2] + "0000"


def _is_english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"
