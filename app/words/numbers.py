"""Numbers and amounts as people write them, read in one way by every form and every file.

A comma groups thousands and nothing else; where a comma or a point may be meant either way, nobody
guesses. Chinese numerals, 万 and 亿, full-width digits and what stands beside an amount (元, RMB)
are read. Ranges, percentages and other currencies are told apart, so that they can be asked about.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from models.folding import fold

# Nothing that anybody means is longer; the rest is not looked at.
_TEXT_LIMIT: Final = 60

# Far beyond every amount, and safely inside what arithmetic keeps exactly.
_LARGEST: Final = Decimal(10) ** 18


class NumberProblem(StrEnum):
    """Why a text is no one number."""

    NO_NUMBER = "no_number"
    # 2,5 or 1.000,50: a comma that groups no thousands.
    DECIMAL_COMMA = "decimal_comma"
    # 1.500 or 1.000.000: a point that may group thousands.
    GROUPING_POINT = "grouping_point"
    RANGE = "number_range"
    PERCENT = "percent"
    OTHER_CURRENCY = "other_currency"


class NumberUnreadable(ValueError):
    """A text is no one number."""

    def __init__(self, problem: NumberProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number, and by how much the text multiplies it: None where it names no unit."""

    value: Decimal
    unit: int | None = None


_DIGITS: Final = {
    character: digit
    for characters in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖")
    for digit, character in enumerate(characters)
} | {"两": 2}
_TENS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
# 1亿5000万, 3个亿, 一点五亿.
_MIXED: Final = re.compile(r"([0-9]{1,6}) ?亿 ?([0-9]{1,4}) ?万")
_MEASURE: Final = re.compile("个(?=亿|万)")
_HAN_POINT: Final = re.compile(
    f"([{''.join(_DIGITS)}{''.join(_TENS)}]+)点([{''.join(_DIGITS)}]{{1,4}})"
)
_HAN_NUMBER: Final = re.compile(f"[{''.join(_DIGITS)}{''.join(_TENS)}万亿]+")

_CURRENCY_BEFORE: Final = re.compile(r"^(?:人民币|rmb|cny|¥)+\s*:?")
_CURRENCY_BEHIND: Final = re.compile(r"\(?(?:人民币|rmb|cny|¥)\)?$")
# With a sign of the currency and so many digits before it, nobody leaves out a 万.
_YUAN_FROM: Final = 10_000
_OTHER_CURRENCY: Final = re.compile(
    r"[$€£₩₽₹]|usd|eur|gbp|hkd|jpy|twd|sgd|chf|美元|美金|欧元|英镑|港元|港币|日元|新台币|台币|瑞郎|新加坡元"
    r"|dollar|euro|yen"
)
_RANGE: Final = re.compile(
    r"[0-9万亿元十百千]\s*(?:-|~|—|–|至|到|\bto\b)+\s*[0-9]"
    r"|[一二两三四五六七八九十百千万亿](?:至|到|-|~|—)[一二两三四五六七八九十百千]"
)
# About, at least, at most: an end of a range, whose other end nobody says.
_BOUND_BEFORE: Final = re.compile(
    r"(?:约为?|大约|近|超过?|不少于|不低于|不超过|不高于|至少|至多|最少|最多|最低|最高|起码|[<>≤≥≈~]=?"
    r"|about|approx\.?|at least|at most|up to|min\.?|max\.?|over|under)\s*"
    r"(?=[0-9一二两三四五六七八九十百])"
)
_BOUND_BEHIND: Final = re.compile(
    r"(?<=[0-9一二两三四五六七八九十百千万亿元个h时年家])\s*"
    r"(?:\+|以上|以下|以内|之内|左右|上下|起|余|多|or more|or less)"
)
# 四五 is four or five, not 45.
_FOUR_OR_FIVE: Final = re.compile("一二|二三|两三|三四|三五|四五|五六|六七|七八|八九")
# A spreadsheet makes days of 3-5 and the like.
_DAY: Final = re.compile(r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?(?: [0-9:]+)?")
_WHOLE: Final = re.compile(r"整$")

_PLAIN: Final = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,8})?")
_GROUPED: Final = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?:([,' ])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]{1,8})?"
)
_POINTS: Final = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}|[+-]?[1-9][0-9]{0,2}\.[0-9]{2}0"
)
_COMMAS: Final = re.compile(r"[+-]?[0-9.' ]*[0-9](?:,[0-9]+)+(?:\.[0-9]+)?")

_MULTIPLIERS: Final = (
    ("百亿", 10**10), ("千亿", 10**11), ("万亿", 10**12), ("亿", 10**8), ("千万", 10**7),
    ("百万", 10**6), ("十万", 10**5), ("万", 10**4), ("w", 10**4), ("千", 1000), ("k", 1000),
    ("百", 100), ("million", 10**6), ("mn", 10**6), ("m", 10**6), ("billion", 10**9),
)  # fmt: skip


def read_number(text: str, *, units: Collection[str] = ()) -> Decimal:
    """The number that `text` is, with or without one of the words `units` before or behind it.

    Raises NumberUnreadable.
    """
    rest = re.sub(r"\s*/\s*", "/", _prepare(text))
    # Twice, for 每月 6 小时.
    for _ in range(2):
        for unit in _order_units(tuple(units)):
            shorter = rest.removesuffix(unit) if rest.endswith(unit) else rest.removeprefix(unit)
            if shorter != rest:
                rest = shorter.strip(" .:")
                break
    _refuse_others(rest)
    value, multiplier = _read_with_multiplier(rest)
    return value * (multiplier or 1)


@lru_cache(100)
def _order_units(units: tuple[str, ...]) -> tuple[str, ...]:
    """The words folded, the longest first."""
    return tuple(sorted(map(fold, units), key=len, reverse=True))


def read_amount(text: str) -> ReadNumber:
    """An amount of CNY. Its unit is 1 for 元, 10,000 for 万 or 万元; None where none is named.

    Raises NumberUnreadable.
    """
    rest = _prepare(text)
    if _OTHER_CURRENCY.search(rest):
        raise NumberUnreadable(NumberProblem.OTHER_CURRENCY)
    bare = _CURRENCY_BEFORE.sub("", rest).strip()
    bare = _CURRENCY_BEHIND.sub("", _WHOLE.sub("", bare)).strip()
    is_signed, rest = bare != _WHOLE.sub("", rest), bare
    _refuse_others(rest)
    bare = re.sub("(?:元|圆|块|块钱)$", "", rest).strip()
    value, multiplier = _read_with_multiplier(bare)
    if multiplier is None and bare == rest:
        return ReadNumber(value, 1 if is_signed and abs(value) >= _YUAN_FROM else None)
    return ReadNumber(value, multiplier or 1)


def _prepare(text: str) -> str:
    """The text folded and stripped. Signs that folding would turn into digits are no numbers."""
    if len(text) > _TEXT_LIMIT:
        raise NumberUnreadable(NumberProblem.NO_NUMBER)
    for character in text:
        # ², ₂, ½ and ① would become digits behind the others.
        kind = unicodedata.decomposition(character).partition(" ")[0]
        if kind in ("<super>", "<sub>", "<fraction>", "<circle>"):
            raise NumberUnreadable(NumberProblem.NO_NUMBER)
    folded = fold(text).replace("−", "-").replace("，", ",").replace("¥", "¥")
    return " ".join(folded.split())


def _refuse_others(rest: str) -> None:
    if _OTHER_CURRENCY.search(rest):
        raise NumberUnreadable(NumberProblem.OTHER_CURRENCY)
    if rest.endswith(("%", "‰")) or rest.startswith("百分之"):
        raise NumberUnreadable(NumberProblem.PERCENT)
    if _DAY.fullmatch(rest):
        raise NumberUnreadable(NumberProblem.NO_NUMBER)
    is_vague = _BOUND_BEFORE.match(rest) or _BOUND_BEHIND.search(rest)
    if is_vague or _RANGE.search(rest) or _FOUR_OR_FIVE.match(rest):
        raise NumberUnreadable(NumberProblem.RANGE)


def _read_with_multiplier(rest: str) -> tuple[Decimal, int | None]:
    if mixed := _MIXED.fullmatch(rest):
        return Decimal(mixed[1]) * 10**8 + Decimal(mixed[2]) * 10**4, 1
    rest = _MEASURE.sub("", rest)
    if point := _HAN_POINT.match(rest):
        digits = "".join(str(_DIGITS[character]) for character in point[2])
        rest = f"{_read_han(point[1])}.{digits}{rest[point.end() :]}"
    if _HAN_NUMBER.fullmatch(rest) and rest[0] not in "万亿":
        value = _read_han(rest)
        return value, (1 if any(sign in rest for sign in "万亿") else None)
    for word, multiplier in _MULTIPLIERS:
        if rest.endswith(word) and rest[: -len(word)].strip():
            return _read_digits(rest[: -len(word)].strip()), multiplier
    return _read_digits(rest), None


def _read_digits(rest: str) -> Decimal:
    if _GROUPED.fullmatch(rest):
        return _bound(Decimal(re.sub("[,' ]", "", rest)))
    if _POINTS.fullmatch(rest):
        raise NumberUnreadable(NumberProblem.GROUPING_POINT)
    if _PLAIN.fullmatch(rest):
        return _bound(Decimal(rest))
    if _COMMAS.fullmatch(rest):
        raise NumberUnreadable(NumberProblem.DECIMAL_COMMA)
    raise NumberUnreadable(NumberProblem.NO_NUMBER)


def _read_han(text: str) -> Decimal:
    """A numeral like 二百五十万. Spoken short forms (一万五) are ambiguous and refused."""
    if all(character in _DIGITS for character in text):
        if len(text) > 1 and "两" in text:
            raise NumberUnreadable(NumberProblem.NO_NUMBER)
        return _bound(Decimal("".join(str(_DIGITS[character]) for character in text)))
    for sign, unit in (("亿", 10**8), ("万", 10**4)):
        before, found, behind = text.partition(sign)
        if found:
            if not before or (behind and _is_short(behind, unit)):
                raise NumberUnreadable(NumberProblem.NO_NUMBER)
            rest = _read_han(behind) if behind else Decimal(0)
            return _bound(_read_han(before) * unit + rest)
    return _read_below_ten_thousand(text)


def _is_short(behind: str, unit: int) -> bool:
    return len(behind) == 1 and unit >= 10**4 and behind in _DIGITS


def _read_below_ten_thousand(text: str) -> Decimal:
    total, digit, last_unit = 0, None, 10**4
    for place, character in enumerate(text):
        if character in _DIGITS:
            value = _DIGITS[character]
            if digit not in (None, 0):
                raise NumberUnreadable(NumberProblem.NO_NUMBER)
            digit = value
            continue
        unit = _TENS.get(character)
        if unit is None or unit >= last_unit:
            raise NumberUnreadable(NumberProblem.NO_NUMBER)
        if digit is None and not (unit == 10 and place == 0):
            raise NumberUnreadable(NumberProblem.NO_NUMBER)
        total += (1 if digit is None else digit) * unit
        digit, last_unit = None, unit
    if digit is not None and digit and last_unit > 10 and text[-2] not in "零〇":
        # 三百二 is 320 when spoken and nothing when written.
        raise NumberUnreadable(NumberProblem.NO_NUMBER)
    return Decimal(total + (digit or 0))


def _bound(value: Decimal) -> Decimal:
    if abs(value) > _LARGEST:
        raise NumberUnreadable(NumberProblem.NO_NUMBER)
    return value
