"""Names of places for their reader, and which ones are offered for choice.

The places themselves, and what a text means, are in `models/places.py`. Offered are all provinces
and cities, the districts of the cities where incubators are dense, and countries with their cities,
all in one group; every other place can be brought in by its name.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from flask_babel import get_locale

from models.abroad import list_offered
from models.place_tables import find_city, get_place_names, is_known_place, is_place, list_codes
from models.places import read_place

# The municipalities, and the cities whose districts are offered.
_DISTRICTS_OFFERED: Final = [
    "1101",
    "1201",
    "3101",
    "5001",
    "3201",
    "3202",
    "3205",
    "3301",
    "3302",
    "3401",
    "3701",
    "3702",
    "4201",
    "4301",
    "4401",
    "4403",
    "4404",
    "4406",
    "5101",
    "6101",
]

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"县": "County", "区": "District", "市": "City", "旗": "Banner", "州": "Prefecture"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it is offered for choice: its code and its name in the reader's language."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """A province or municipality and the places in it, itself first; or all that is abroad."""

    name: str
    places: tuple[Place, ...]


def name_place(code: str | None) -> str:
    """The name of a place in the reader's language, a district together with its city.

    "" for None, and the code itself where it is not known. A place that is no more keeps its name.
    """
    if code is None:
        return ""
    if not is_known_place(code):
        return code
    return _word(code, _is_english())


def name_place_in_full(code: str) -> str:
    """As `name_place`, with the province before or behind it."""
    province = code[:2] + "0000"
    if code == province or find_city(code) == province or not is_known_place(code):
        return name_place(code)
    if _is_english():
        return f"{name_place(code)}, {name_place(province)}"
    return name_place(province) + name_place(code)


def list_places() -> tuple[PlaceGroup, ...]:
    """What is offered, by province, in the order of the codes, in the reader's language."""
    return _list_places(_is_english())


@cache
def _list_places(english: bool) -> tuple[PlaceGroup, ...]:
    by_province: dict[str, list[Place]] = {}
    for code in list_codes():
        if code.endswith("00") or code[:4] in _DISTRICTS_OFFERED:
            by_province.setdefault(code[:2] + "0000", []).append(Place(code, _word(code, english)))
    # In English letters several cities share a name: there the province tells them apart.
    times = Counter(place.name for places in by_province.values() for place in places)
    abroad = tuple(Place(code, _word(code, english)) for code in list_offered())
    return (
        *_group(by_province, times, english),
        PlaceGroup("Abroad" if english else "国外", abroad),
    )


def _group(
    by_province: Mapping[str, list[Place]], times: Mapping[str, int], english: bool
) -> tuple[PlaceGroup, ...]:
    return tuple(
        PlaceGroup(
            _word(province, english),
            tuple(
                place
                if times[place.name] == 1
                else Place(place.code, f"{place.name}, {_word(province, english)}")
                for place in places
            ),
        )
        for province, places in by_province.items()
    )


def _word(code: str, english: bool) -> str:
    if english:
        return _word_in_english(code)
    own, _ = get_place_names(code)
    city = find_city(code)
    return own if city is None else get_place_names(city)[0] + own


@cache
def _word_in_english(code: str) -> str:
    """With its kind where the name alone is taken for the city, county or province of that name."""
    chinese, own = get_place_names(code)
    city = find_city(code)
    where = "" if city is None else get_place_names(city)[1]
    names = [name for name in (own, where) if name]
    if own != where and (not is_place(code) or code in read_place(", ".join(names)).codes):
        return ", ".join(names)
    return ", ".join([f"{own} {_KINDS[chinese[-1]]}", *names[1:]])


def _is_english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"
