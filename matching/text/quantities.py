"""Numbers with units as quantities, and designations that match exactly or not at all.

8 英寸, 200 mm and 二百毫米 are one length; 1.2 kV and 1200 V one voltage; 300 万 and 3,000,000 元
one amount. "GB/T 18487", "ISO 26262" and "Model 3" are names: their pieces mean nothing.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from matching.text.units import UNIT, UNIT_END, read_unit, read_zero
from matching.text.words import STOP_WORDS

# Two figures of one size differ by no more than what people round away.
EQUAL_WITHIN: Final = 0.02
NEAR_WITHIN: Final = 0.3


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
    "萬": 1e4,
    "億": 1e8,
}

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "兩": 2,
}
_TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_CHINESE_NUMBER = "零〇一二两兩三四五六七八九十百千"

_SMALL: Final = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_LARGE: Final = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_ANY_WORD = "|".join((*_SMALL, *_LARGE))
ENGLISH_NUMBER: Final = (
    rf"\b(?:{'|'.join(_SMALL)}|(?:half )?an? (?:{'|'.join(_LARGE)}))"
    rf"(?:(?:[ -]| and )(?:{_ANY_WORD}))*\b"
)

# 三百五十千瓦 are 350 kilowatts, not 1350 watts.
_FIGURE = (
    r"(?:\d+(?:\.\d+)?[eE][-−+]?\d{1,2}"
    r"|(?:\d+(?:\.\d+)?\s?[×x*]\s?)?10(?:\^[-−+]?\d{1,2}|[⁻⁺]?[⁰¹²³⁴-⁹]{1,2})"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    rf"|[{_CHINESE_NUMBER}]+?(?=千[瓦伏克赫米帕牛欧])|[{_CHINESE_NUMBER}]+|{ENGLISH_NUMBER})"
)
# What stands between the number of cycles and their name.
_CYCLED = (
    r"(?:[a-z]{3,8}(?:ing|sion|tion)|thermal|charge|full|deep|load|life|write|erase|shock|test"
    r"|open[- –]close|on[- –]off)"
)
_QUANTITY = re.compile(
    # Most places of a text begin no quantity.
    rf"(?=[\s\d¥￥人{_CHINESE_NUMBER}]|\b[A-Za-z])(?P<before>¥|￥|RMB|CNY|人民币)?\s*"
    rf"(?<![\dA-Za-z.±])(?<!\d,)(?<![±^]\s)(?P<low>{_FIGURE})"
    rf"(?:\s*(?:-|–|—|~|～|至|到|to)\s*(?P<high>{_FIGURE})|\s*±\s*\d+(?:\.\d+)?)?"
    rf"\s*-?(?P<multiple>million|billion|bn|[万萬亿億]|[kKmM](?=\s*(?:RMB|CNY|yuan)))?"
    rf"\s*-?(?:{_CYCLED}[ -](?=cycles?\b))?(?P<unit>{UNIT})?{UNIT_END}",
    re.IGNORECASE,
)
# What ten thousands are counted of, or money of another currency.
_COUNTED = re.compile(
    r"\s*(?:[次级級转轉台臺件片只隻套人个個颗顆条條支枚辆輛户戶家张張份株例篇字行像倍组組粒根瓶盒"
    r"亩畝头頭批种種步帧幀线線流平余多]|[美欧歐日港韩韓英澳加新]|公里|吨|千米)"
)
# "n" and "k" count, "3M" and "5G" are names.
_NO_UNITS: Final = frozenset(("n", "k", "M", "G"))
# "K" is a temperature where the text speaks of one.
_SPEAKS_OF_HEAT = re.compile(
    r"温|溫|冷|液氦|液氮|超导|超導|熔|烧|燒|炉|爐|热|熱|退火|cryo|temperature|cool|refriger|superconduct"
    r"|dilution|helium|nitrogen|\bmelt|anneal|sinter|furnace|\bheat|thermal",
    re.IGNORECASE,
)
# At these many kelvin nitrogen and helium boil, whatever the text speaks of.
_BOILING: Final = frozenset(("77", "4.2"))
# "度" is a temperature where something is heated, cooled or has to stand heat, and no angle; and
# where it is more than any angle has, unless it is of glasses.
_IS_HEATED = re.compile(
    r"温|溫|热|熱|烧|燒|熔|退火|淬|回火|炉|爐|冻|凍|冷|煅|焙|固化|固溶|蒸|沸|烤|焊|耐|胶|膠|浇铸|铸造|锻|裂解"
    r"|灭菌|老化|储存|存放|保存|釜|结晶|干燥"
)
_IS_ANGLE = re.compile(
    r"角|入射|旋转|转[台动]|倾斜|仰|俯|方位|弯曲|视场|全景|相位|经纬|[东西]经|[南北]纬|近视|远视|屈光|眼镜|散光|度数|硬度|浊度|酒精"
)
_MOST_ANGLE: Final = 360.0
# "次" counts what wears a thing out where the words around it say so, and else how often people
# meet; so few are no life.
_IS_ENDURED = re.compile(
    r"循环|循環|插拔|弯折|彎折|弯曲|彎曲|折叠|摺疊|对折|开关|開關|开合|开启|开闭|启闭|启停|往复|往復|充放|冲击|衝擊|擦写|读写|按压|按壓"
    r"|压缩|疲劳|疲勞|耐久|寿命|壽命|动作|摩擦|通断|起降|伸缩|拉伸|冲程|点火|[压壓]"
)
_NEAR: Final = 14
_FEW: Final = 10
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


def read_english_number(text: str) -> float | None:
    """ "twenty thousand" → 20000.0, "half a million" → 500000.0; None for what is no number."""
    total, part = 0.0, 0.0
    for word in re.findall("[a-z]+", text.casefold()):
        if word in ("a", "an", "half"):
            part = 0.5 if word == "half" or part == 0.5 else 1.0
        elif word in _SMALL:
            part += _SMALL[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in _LARGE:
            total += (part or 1) * _LARGE[word]
            part = 0.0
        elif word != "and":
            return None
    return total + part if total + part else None


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
        if unit is None and not before and _COUNTED.match(text, match.end()):
            continue
        if unit is not None and not _may_be_unit(unit, match["low"], text, match.start("low")):
            continue
        meant = _choose_unit(unit, multiple, before)
        if meant is None:
            continue
        dimension, factor = meant
        if dimension == "cycles" and high * factor < _FEW:
            continue
        zero = 0.0 if unit is None else read_zero(unit)
        low, high = sorted((zero + low * factor, zero + high * factor))
        start = match.start("before") if before else match.start("low")
        yield Quantity(start, match.end(), dimension, low, high)


def _may_be_unit(unit: str, figure: str, text: str, start: int) -> bool:
    """Not the "a" in "two a day", nor letters that count, name or mark something else."""
    if figure[0].isascii() and figure[0].isalpha() and (len(unit) == 1 or unit.casefold() == "in"):
        return False
    if unit == "K":
        return figure in _BOILING or bool(_SPEAKS_OF_HEAT.search(text))
    if unit == "次":
        window = max(0, start - _NEAR), start + len(figure) + _NEAR
        return bool(_IS_ENDURED.search(text, *window)) and not text.endswith("第", 0, start)
    if unit == "度":
        return text.endswith("零下", 0, start) or _is_of_heat(figure, text)
    return unit not in _NO_UNITS


def _is_of_heat(figure: str, text: str) -> bool:
    """Whether so many "度" are degrees Celsius."""
    if _IS_ANGLE.search(text):
        return False
    return (_read_figure(figure) or 0.0) > _MOST_ANGLE or bool(_IS_HEATED.search(text))


def _choose_unit(
    unit: str | None, multiple: str | None, before: str | None
) -> tuple[str, float] | None:
    times = _MULTIPLES[multiple.casefold()] if multiple else 1.0
    if unit is None:
        if before or multiple in ("万", "亿", "萬", "億"):
            return "money", times
        return None
    known = read_unit(unit)
    if known is None:
        return None
    return known[0], known[1] * times


_POWER = re.compile(
    r"(?:(?P<times>\d+(?:\.\d+)?)\s?[×x*]\s?)?10(?:\^(?P<plain>[-−+]?\d+)|(?P<raised>[⁻⁺]?[⁰¹²³⁴-⁹]+))"
)
_LOWERED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹−", "-+0123456789-")


def _read_figure(figure: str) -> float | None:
    if power := _POWER.fullmatch(figure):
        exponent = int((power["plain"] or power["raised"]).translate(_LOWERED))
        return float(power["times"] or 1) * 10.0**exponent
    if figure[0].isdigit():
        return float(figure.replace(",", "").replace("−", "-"))
    if figure.isascii():
        return read_english_number(figure)
    return read_chinese_number(figure)


class _Folded(dict[str, str]):
    """A character in its ordinary width, worked out when it is first met."""

    def __missing__(self, character: str) -> str:
        folded = unicodedata.normalize("NFKC", character)
        # A raised digit is an exponent and no further digit.
        is_raised = unicodedata.decomposition(character).startswith("<super>")
        keeps = len(folded) != 1 or character == "℃" or is_raised
        self[character] = character if keeps else folded
        return self[character]


_FOLDED: Final = _Folded()


def _fold_width(text: str) -> str:
    """Full-width digits and letters as ordinary ones, each in its place."""
    if text.isascii():
        return text
    return "".join([_FOLDED[character] for character in text])
