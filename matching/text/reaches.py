"""What a figure with a unit reaches: "up to 1,700 V" is every voltage below, "≥ 5 Hz" all above.

A quantity (`quantities.py`) is what stands there; around it words open it to one side. Bands that
have names are frequencies too: a Ka-band antenna is one for 28 GHz.
"""

import re
from collections.abc import Iterator
from math import inf
from typing import Final, NamedTuple

from matching.text.quantities import (
    ENGLISH_NUMBER,
    Closeness,
    Quantity,
    compare,
    find_quantities,
)
from matching.text.units import UNIT, UNIT_END, read_unit

# What two reaches of one dimension may contradict each other in. Of times, shares and amounts of
# money a text names several that have nothing to do with each other: those only agree.
OPPOSED: Final = (
    "length", "voltage", "current", "power", "energy", "charge", "frequency", "temperature",
    "pressure", "mass", "torque", "volume", "speed", "resolution", "resistance", "force",
    "velocity", "cycles", "channels",
)  # fmt: skip
# Who lasts longer or has more of them is as welcome: who asks for 5,000 takes 20,000 too.
_MORE_IS_WELCOME: Final = ("cycles", "channels")
AGREEING: Final = ("money", "time")
# The codes under which an index keeps them: the place in this list.
DIMENSIONS: Final = (*OPPOSED, *AGREEING)

_HAS_FIGURE = re.compile(
    rf"\d|[〇一二两兩三四五六七八九十百千几幾]|[Bb]and\b|波段|频段|頻段|{ENGLISH_NUMBER}",
    re.IGNORECASE,
)
_BEFORE: Final = 12
_BEHIND: Final = 14
_MOST_BEFORE = re.compile(
    r"(?:≤|<=?|不高于|不超过|不大于|至多|最多|最高|最大|最重|最宽|最长|小于|低于|少于|不到|上限|可达"
    r"|高达|(?<=[\u4e00-\u9fff])到|\bat most|\bup to|\bbelow|\bunder|\bless than|\bno more than"
    r"|\bwithin|\bdown from|\bmax(?:imum)?)[\s:：为是约]*(?:of\s)?$",
    re.IGNORECASE,
)
# What somebody's equipment reaches, and no limit.
_REACHING = re.compile(
    r"(?:(?:最[高大重宽长低小]|上限|下限|可达|高达|低至|(?<=[\u4e00-\u9fff])到|\bup to|\bdown to"
    r"|\bmax(?:imum)?|\bmin(?:imum)?)[\s:：为是约]*(?:of\s)?)$",
    re.IGNORECASE,
)
_LEAST_BEFORE = re.compile(
    r"(?:≥|>=?|不低于|不少于|不小于|至少|最少|最低|最小|大于|高于|超过|起步|下限|小到|低到|低至|极限真空度?"
    r"|\bat least|\babove|\bover|\bmore than|\bno less than|\bfrom|\bmin(?:imum)?|\bdown to"
    r"|\bbase pressure)[\s:：为是约]*(?:of\s)?$",
    re.IGNORECASE,
)
_MOST_BEHIND = re.compile(
    r"^\s*(?:及?以下|以内|之内|或更[低小少]|封顶|and (?:below|less|smaller)"
    r"|or (?:less|below|smaller)|max\b)",
    re.IGNORECASE,
)
_LEAST_BEHIND = re.compile(
    r"^\s*(?:及?以上|或更[高大多]|起步?(?!火)|and (?:above|more|up|over|larger)"
    r"|or (?:more|above|larger)|min\b|\+)",
    re.IGNORECASE,
)
_MINUS = re.compile(r"(?:(?<![\dA-Za-z℃度])[-−–]|零下|minus\s?)\s?$", re.IGNORECASE)
# Of money in other currencies nobody knows here what it is worth.
_FOREIGN = re.compile(r"(?:EUR|USD|GBP|HKD|US\$|[$€£])\s?$")
# "−60 °C to +150 °C" is one reach.
_UP_TO = re.compile(r"\s*(?:-|–|—|~|～|至|到|to|and|\.\.\.?|…)\s*\+?\s*")
_SEVERAL = re.compile(
    rf"[几幾](?:[个個]|(?P<times>[十百千]))?\s*(?P<unit>{UNIT}){UNIT_END}", re.IGNORECASE
)
_TIMES: Final = {"十": 10, "百": 100, "千": 1000}
_GHZ: Final = 1e9
# The letters of IEEE Std 521, in GHz.
_BANDS: Final = {
    "l": (1, 2), "s": (2, 4), "c": (4, 8), "x": (8, 12), "ku": (12, 18), "k": (18, 27),
    "ka": (26.5, 40), "q": (33, 50), "v": (40, 75), "e": (60, 90), "w": (75, 110), "d": (110, 170),
}  # fmt: skip
_BAND = re.compile(
    r"(?<![A-Za-z0-9])(?P<letter>L|S|C|X|Ku|K|Ka|Q|V|E|W|D)(?:[- ]?band\b|\s?(?:波段|频段|頻段))"
)


class Reach(NamedTuple):
    """`text[start:end]` speaks of `low` to `high` in the base unit of a dimension.

    Either may be endless. `dimension` is a place in `DIMENSIONS`.
    """

    start: int
    end: int
    dimension: int
    low: float
    high: float


def find_reaches(text: str, *, is_asked: bool = False) -> list[Reach]:
    """The quantities of `text` with all that they reach, from left to right.

    Who can do "up to 1,700 V" can do less; who asks for it (`is_asked`) wants just that. A limit
    ("no more than 5 kg") stays one on either side.
    """
    if not _HAS_FIGURE.search(text):
        return []
    found = [*_read_quantities(text, is_asked=is_asked), *_read_several(text), *_read_bands(text)]
    return sorted(found)


def compare_reaches(one: Reach, other: Reach) -> Closeness | None:
    """How close two reaches are; None for different dimensions."""
    if one.dimension != other.dimension:
        return None
    name = DIMENSIONS[one.dimension]
    return compare(Quantity(0, 0, name, *one[3:]), Quantity(0, 0, name, *other[3:]))


def _read_quantities(text: str, *, is_asked: bool) -> Iterator[Reach]:
    last: Reach | None = None
    for found in find_quantities(text):
        before = text[max(0, found.start - _BEFORE) : found.start]
        if (
            found.dimension not in DIMENSIONS
            or _FOREIGN.search(before)
            or before.endswith(("几", "幾"))
        ):
            continue
        reach = _open(text, found, before, is_asked=is_asked)
        is_on = (
            last is not None
            and last.dimension == reach.dimension
            and _UP_TO.fullmatch(text, last.end, reach.start)
        )
        if last is not None and is_on and last.low <= reach.high:
            last = last._replace(end=reach.end, high=reach.high)
            continue
        if last is not None:
            yield last
        last = reach
    if last is not None:
        yield last


def _open(text: str, found: Quantity, before: str, *, is_asked: bool) -> Reach:
    """A quantity, open where the words around it say so."""
    behind = text[found.end : found.end + _BEHIND]
    low, high, start = found.low, found.high, found.start
    is_heat = found.dimension == "temperature"
    if is_heat and (minus := _MINUS.search(before)):
        low, high = (-high, -low) if low == high else (-low, high)
        start -= len(minus.group())
        before = before[: minus.start()]
    if is_asked and found.dimension in OPPOSED and _REACHING.search(before):
        high = inf if found.dimension in _MORE_IS_WELCOME else high
    elif is_heat and high < 0 and _REACHING.search(before):
        # Down to it.
        high = inf
    elif _MOST_BEFORE.search(before) or _MOST_BEHIND.search(behind):
        low = -inf
    elif _LEAST_BEFORE.search(before) or _LEAST_BEHIND.search(behind):
        high = inf
    elif found.dimension in _MORE_IS_WELCOME:
        low, high = (low, inf) if is_asked else (-inf, high)
    return Reach(start, found.end, DIMENSIONS.index(found.dimension), low, high)


def _read_several(text: str) -> Iterator[Reach]:
    """几个微安: from one to ten."""
    for found in _SEVERAL.finditer(text):
        known = read_unit(found["unit"])
        if known is not None and known[0] in OPPOSED:
            least = known[1] * _TIMES.get(found["times"], 1)
            at = DIMENSIONS.index(known[0])
            yield Reach(found.start(), found.end(), at, least, 10 * least)


def _read_bands(text: str) -> Iterator[Reach]:
    for found in _BAND.finditer(text):
        low, high = _BANDS[found["letter"].casefold()]
        at = DIMENSIONS.index("frequency")
        yield Reach(found.start(), found.end(), at, low * _GHZ, high * _GHZ)
