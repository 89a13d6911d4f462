"""Numbers with units as quantities, and designations that match exactly or not at all.

8 英寸, 200 mm and 二百毫米 are one length; 1.2 kV and 1200 V one voltage; 300 万 and 3,000,000 元
one amount. "GB/T 18487", "ISO 26262" and "Model 3" are names: their pieces mean nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from matching.text.words import STOP_WORDS

# Two figures of one size differ by no more than what people round away.
EQUAL_WITHIN: Final = 0.02
NEAR_WITHIN: Final = 0.3

_INCH_MM: Final = 25.0  # wafers of 8 inches are 200 mm wide, whatever 25.4 says


class Closeness(StrEnum):
    """How two quantities of one dimension stand to each other."""

    EQUAL = "equal"
    NEAR = "near"
    APART = "apart"


class Quantity(NamedTuple):
    """`text[start:end]` says a figure from `low` to `high` in the base unit of `dimension`."""

    start: int
    end: int
    dimension: str
    low: float
    high: float


class Designation(NamedTuple):
    """`text[start:end]` names a standard or a model; `key` is its one folded form."""

    start: int
    end: int
    key: str


_UNITS: Final[Mapping[str, tuple[str, float]]] = {
    # length in mm
    "nm": ("length", 1e-6), "纳米": ("length", 1e-6), "奈米": ("length", 1e-6),
    "um": ("length", 1e-3), "μm": ("length", 1e-3), "微米": ("length", 1e-3),
    "mm": ("length", 1.0), "毫米": ("length", 1.0), "cm": ("length", 10.0),
    "厘米": ("length", 10.0), "m": ("length", 1e3), "米": ("length", 1e3),
    "km": ("length", 1e6), "公里": ("length", 1e6), "千米": ("length", 1e6),
    "inch": ("length", _INCH_MM), "inches": ("length", _INCH_MM), "in": ("length", _INCH_MM),
    "英寸": ("length", _INCH_MM), "英吋": ("length", _INCH_MM), "寸": ("length", _INCH_MM),
    "吋": ("length", _INCH_MM), '"': ("length", _INCH_MM),
    # electricity
    "μv": ("voltage", 1e-6), "mv": ("voltage", 1e-3), "v": ("voltage", 1.0), "伏": ("voltage", 1.0),
    "伏特": ("voltage", 1.0), "kv": ("voltage", 1e3), "千伏": ("voltage", 1e3),
    "μa": ("current", 1e-6), "ua": ("current", 1e-6), "微安": ("current", 1e-6),
    "ma": ("current", 1e-3), "毫安": ("current", 1e-3),
    "a": ("current", 1.0), "安": ("current", 1.0), "安培": ("current", 1.0), "ka": ("current", 1e3),
    "μw": ("power", 1e-6), "微瓦": ("power", 1e-6), "毫瓦": ("power", 1e-3),
    "ω": ("resistance", 1.0), "欧姆": ("resistance", 1.0), "kω": ("resistance", 1e3),
    "毫欧": ("resistance", 1e-3), "mω": ("resistance", 1e-3),
    "mw": ("power", 1e-3), "w": ("power", 1.0), "瓦": ("power", 1.0), "kw": ("power", 1e3),
    "千瓦": ("power", 1e3), "MW": ("power", 1e6), "兆瓦": ("power", 1e6), "gw": ("power", 1e9),
    "wh": ("energy", 1.0), "瓦时": ("energy", 1.0),
    "kwh": ("energy", 1e3), "千瓦时": ("energy", 1e3),
    "度电": ("energy", 1e3), "mwh": ("energy", 1e6), "兆瓦时": ("energy", 1e6),
    "gwh": ("energy", 1e9), "吉瓦时": ("energy", 1e9),
    "mah": ("charge", 1e-3), "ah": ("charge", 1.0),
    "安时": ("charge", 1.0),
    "hz": ("frequency", 1.0), "赫兹": ("frequency", 1.0), "khz": ("frequency", 1e3),
    "千赫": ("frequency", 1e3), "mhz": ("frequency", 1e6), "兆赫": ("frequency", 1e6),
    "ghz": ("frequency", 1e9), "thz": ("frequency", 1e12),
    # heat, force, matter
    "℃": ("temperature", 1.0), "°c": ("temperature", 1.0), "摄氏度": ("temperature", 1.0),
    "pa": ("pressure", 1.0), "kpa": ("pressure", 1e3), "mpa": ("pressure", 1e6),
    "兆帕": ("pressure", 1e6), "gpa": ("pressure", 1e9), "bar": ("pressure", 1e5),
    "mg": ("mass", 1e-6), "毫克": ("mass", 1e-6), "g": ("mass", 1e-3), "克": ("mass", 1e-3),
    "kg": ("mass", 1.0), "公斤": ("mass", 1.0), "千克": ("mass", 1.0), "t": ("mass", 1e3),
    "吨": ("mass", 1e3), "ton": ("mass", 1e3), "tons": ("mass", 1e3), "tonnes": ("mass", 1e3),
    "nm扭矩": ("torque", 1.0), "n·m": ("torque", 1.0), "牛米": ("torque", 1.0),
    "ml": ("volume", 1e-3), "毫升": ("volume", 1e-3), "l": ("volume", 1.0),
    "升": ("volume", 1.0),
    "立方米": ("volume", 1e3), "立方": ("volume", 1e3), "m³": ("volume", 1e3),
    "dpi": ("resolution", 1.0),
    "rpm": ("speed", 1.0), "r/min": ("speed", 1.0), "转/分": ("speed", 1.0),
    "%": ("share", 0.01), "％": ("share", 0.01), "percent": ("share", 0.01),
    # time in days
    "秒": ("time", 1 / 86_400), "毫秒": ("time", 1 / 86_400_000), "ms": ("time", 1 / 86_400_000),
    "微秒": ("time", 1 / 86_400_000_000), "μs": ("time", 1 / 86_400_000_000),
    "seconds": ("time", 1 / 86_400), "分钟": ("time", 1 / 1440), "min": ("time", 1 / 1440),
    "minutes": ("time", 1 / 1440),
    "小时": ("time", 1 / 24), "hours": ("time", 1 / 24), "hour": ("time", 1 / 24),
    "h": ("time", 1 / 24), "天": ("time", 1.0), "日": ("time", 1.0), "day": ("time", 1.0),
    "days": ("time", 1.0), "周": ("time", 7.0), "星期": ("time", 7.0), "week": ("time", 7.0),
    "weeks": ("time", 7.0), "个月": ("time", 30.0), "月": ("time", 30.0), "month": ("time", 30.0),
    "months": ("time", 30.0), "年": ("time", 365.0), "years": ("time", 365.0),
    "year": ("time", 365.0),
    # money in yuan
    "元": ("money", 1.0), "块": ("money", 1.0), "rmb": ("money", 1.0), "cny": ("money", 1.0),
    "yuan": ("money", 1.0), "万元": ("money", 1e4), "万": ("money", 1e4),
    "亿元": ("money", 1e8), "亿": ("money", 1e8),
}  # fmt: skip
# "MW" and "mW" differ by a factor of a thousand million.
_CASE_MATTERS: Final[Mapping[str, tuple[str, float]]] = {
    "mW": ("power", 1e-3),
    "MW": ("power", 1e6),
    "MPa": ("pressure", 1e6),
    "mPa": ("pressure", 1e-3),
    "MHz": ("frequency", 1e6),
    "nA": ("current", 1e-9),
    "pA": ("current", 1e-12),
    "MΩ": ("resistance", 1e6),
    "MV": ("voltage", 1e6),
}
# With 年 these are a year and no stretch of time.
_YEARS: Final = (1900, 2100)
_MULTIPLES: Final = {
    "k": 1e3,
    "m": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "万": 1e4,
    "亿": 1e8,
}

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "兩": 2,
}
_TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_CHINESE_NUMBER = "零〇一二两兩三四五六七八九十百千"

# 三百五十千瓦 are 350 kilowatts, not 1350 watts.
_FIGURE = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    rf"|[{_CHINESE_NUMBER}]+?(?=千[瓦伏克赫米帕])|[{_CHINESE_NUMBER}]+)"
)
UNIT: Final = "|".join(
    sorted((re.escape(unit) for unit in {*_UNITS, *_CASE_MATTERS}), key=lambda unit: -len(unit))
)
_QUANTITY = re.compile(
    rf"(?P<before>¥|￥|RMB|CNY|人民币)?\s*(?<![\dA-Za-z.])(?<!\d,)(?P<low>{_FIGURE})"
    rf"(?:\s*(?:-|–|—|~|～|至|到|to)\s*(?P<high>{_FIGURE}))?"
    rf"\s*-?(?P<multiple>million|billion|bn|万|亿|[kKmM](?=\s*(?:RMB|CNY|yuan)))?"
    rf"\s*-?(?P<unit>{UNIT})?(?![a-zA-Z])",
    re.IGNORECASE,
)
_DESIGNATION = re.compile(
    r"(?<![A-Za-z0-9])(?P<body>GB(?:/T|/Z)?|GJB|YY(?:/T)?|JB(?:/T)?|HG(?:/T)?|SJ(?:/T)?|QC(?:/T)?|T/[A-Z]{2,8}"
    r"|ISO(?:/IEC|/TS|/SAE)?|IEC|IEEE|EN|ASTM|SAE|UL|DIN|JIS|MIL-STD|AEC-Q|IATF|DO|UN|SEMI|RTCA|ECE)"
    r"[\s-]{0,2}(?P<number>[A-Z]?\d{1,6}(?:[.\-]\d+)*[A-Z]?)\b"
    r"|(?<![A-Za-z0-9])(?P<model>(?P<name>[A-Z][A-Za-z]+)\s\d{1,3}[A-Z]?)(?![\w%])"
)


def find_quantities(text: str) -> list[Quantity]:
    """The figures with a unit in `text`, from left to right; ranges keep both ends.

    A bare number is none. The spans are of `text` as it is.
    """
    return list(_read_quantities(_fold_width(text)))


def compare(one: Quantity, other: Quantity) -> Closeness | None:
    """How close two quantities are; None for different dimensions. Ranges that meet are equal."""
    if one.dimension != other.dimension:
        return None
    if one.low <= other.high and other.low <= one.high:
        return Closeness.EQUAL
    below, above = (one, other) if one.high < other.low else (other, one)
    distance = (above.low - below.high) / max(abs(above.low), abs(below.high))
    if distance <= EQUAL_WITHIN:
        return Closeness.EQUAL
    return Closeness.NEAR if distance <= NEAR_WITHIN else Closeness.APART


def find_designations(text: str) -> list[Designation]:
    """Names of standards and models in `text`, from left to right."""
    found = []
    for match in _DESIGNATION.finditer(_fold_width(text)):
        if match["model"] and match["name"].casefold() in STOP_WORDS:
            continue
        key = re.sub(r"[\s\-/]", "", match.group()).casefold()
        found.append(Designation(match.start(), match.end(), key))
    return found


def read_unit(unit: str) -> tuple[str, float] | None:
    """The dimension of a unit, and how much it is of the base unit; None for what is none."""
    return _CASE_MATTERS.get(unit) or _UNITS.get(unit.casefold())


def read_chinese_number(text: str) -> float | None:
    """ "二百" → 200.0, "十二" → 12.0, "二〇二四" → 2024.0; None for what is no number."""
    if text and all(character in _DIGITS for character in text):
        return float("".join(str(_DIGITS[character]) for character in text))
    total, digit = 0, 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            total += (digit or 1) * _TENS[character]
            digit = 0
        else:
            return None
    return float(total + digit) if text else None


def _read_quantities(text: str) -> Iterator[Quantity]:
    for match in _QUANTITY.finditer(text):
        unit, multiple = match["unit"], match["multiple"]
        before = match["before"]
        low = _read_figure(match["low"])
        high = _read_figure(match["high"]) if match["high"] else low
        if low is None or high is None:
            continue
        if unit == "年" and _YEARS[0] <= low <= _YEARS[1]:
            continue
        meant = _choose_unit(unit, multiple, before)
        if meant is None:
            continue
        dimension, factor = meant
        low, high = sorted((low * factor, high * factor))
        start = match.start("before") if before else match.start("low")
        yield Quantity(start, match.end(), dimension, low, high)


def _choose_unit(
    unit: str | None, multiple: str | None, before: str | None
) -> tuple[str, float] | None:
    times = _MULTIPLES[multiple.casefold()] if multiple else 1.0
    if unit is None:
        if before or multiple in ("万", "亿"):
            return "money", times
        return None
    known = read_unit(unit)
    if known is None:
        return None
    return known[0], known[1] * times


def _read_figure(figure: str) -> float | None:
    if figure[0].isdigit():
        return float(figure.replace(",", ""))
    return read_chinese_number(figure)


class _Folded(dict[str, str]):
    """A character in its ordinary width, worked out when it is first met."""

    def __missing__(self, character: str) -> str:
        folded = unicodedata.normalize("NFKC", character)
        self[character] = folded if len(folded) == 1 and character != "℃" else character
        return self[character]


_FOLDED: Final = _Folded()


def _fold_width(text: str) -> str:
    """Full-width digits and letters as ordinary ones, each in its place."""
    if text.isascii():
        return text
    return "".join([_FOLDED[character] for character in text])
