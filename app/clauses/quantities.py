"""What a check compares: a fact, the ratio of two, over a window; read from what is stated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeGuard

from app.clauses.calendar import add_months
from app.clauses.terms import Aggregate, Facts, Known, Number, Stated, make_number


class Missing(StrEnum):
    """Why a quantity cannot be read. Each leaves a check unknown, never failed."""

    NOT_STATED = "not_stated"
    TOO_OLD = "too_old"
    YEAR_MISSING = "year_missing"
    NOT_DEFINED = "not_defined"
    UNSUITABLE = "unsuitable"


@dataclass(frozen=True, slots=True)
class Window:
    """Which values count, seen from the day of the judgement.

    `years`: so many whole calendar years, the last of which is the one before that day; each must
    be stated. Years before the year of the date fact `since` are not asked for, so that a young
    company's window is shorter; one year at least must be left.
    `months`: whatever was stated for a time that ended in so many months up to that day.
    """

    aggregate: Aggregate
    years: int | None = None
    months: int | None = None
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A fact, or its ratio `over` another one, within `window`; codes of `scale` are levels.

    Without a window the last value that had begun by the day of the judgement counts.
    """

    fact: str
    over: str | None = None
    window: Window | None = None
    scale: tuple[str, ...] | None = None


def read_quantity(quantity: Quantity, facts: Facts, on: date) -> Known | Missing:
    """What `quantity` is on the day `on`, or why nobody can say.

    A ratio over nothing, or over less than nothing, is not defined; nor is growth from there.
    """
    found = _read(quantity.fact, quantity, facts, on)
    if isinstance(found, Missing) or quantity.over is None:
        return found
    whole = _read(quantity.over, quantity, facts, on)
    if isinstance(whole, Missing):
        return whole
    if not is_number(found) or not is_number(whole):
        return Missing.UNSUITABLE
    if whole <= 0:
        return Missing.NOT_DEFINED
    return make_number(Fraction(found) / Fraction(whole))


def read_parts(quantity: Quantity, facts: Facts, on: date) -> tuple[Number, Number] | None:
    """Numerator and denominator of a ratio that can be read; None for any other quantity."""
    if quantity.over is None or isinstance(read_quantity(quantity, facts, on), Missing):
        return None
    found = _read(quantity.fact, quantity, facts, on)
    whole = _read(quantity.over, quantity, facts, on)
    if is_number(found) and is_number(whole):
        return found, whole
    return None


def is_number(value: object) -> TypeGuard[Number]:
    """Whether `value` is compared by size; truth values are not."""
    kind = type(value)
    return kind is int or kind is Fraction


def _read(fact: str, quantity: Quantity, facts: Facts, on: date) -> Known | Missing:
    stated = facts.get(fact, ())
    if not stated:
        return Missing.NOT_STATED
    window = quantity.window
    if window is None:
        return _read_last(stated, quantity, on)
    if window.years is not None:
        return _read_years(stated, window, facts, on)
    return _read_months(stated, quantity, window, on)


def _read_last(stated: Sequence[Stated], quantity: Quantity, on: date) -> Known | Missing:
    if len(stated) == 1:
        only = stated[0]
        begins_on = only.begins_on or only.ends_on
        return (
            Missing.NOT_STATED
            if begins_on is not None and begins_on > on
            else _convert(only.value, quantity.scale)
        )
    begun = [
        each
        for each in stated
        if (begins := each.begins_on or each.ends_on) is None or begins <= on
    ]
    if not begun:
        return Missing.NOT_STATED
    return _convert(max(begun, key=_get_end).value, quantity.scale)


def _get_end(stated: Stated) -> date:
    return stated.ends_on or date.max


def _read_years(
    stated: Sequence[Stated], window: Window, facts: Facts, on: date
) -> Known | Missing:
    years = range(on.year - (window.years or 0), on.year)
    if window.since is not None:
        begun = _read_last(facts.get(window.since, ()), Quantity(window.since), on)
        if not is_number(begun):
            return Missing.NOT_STATED
        years = range(max(years.start, date.fromordinal(int(begun)).year), years.stop)
    by_year = {each.year: each.value for each in stated}
    values: list[Number] = []
    for year in years:
        if year not in by_year:
            return Missing.YEAR_MISSING
        value = _convert(by_year[year], None)
        if not is_number(value):
            return Missing.UNSUITABLE
        values.append(value)
    return _aggregate(values, window.aggregate)


def _read_months(
    stated: Sequence[Stated], quantity: Quantity, window: Window, on: date
) -> Known | Missing:
    after = add_months(on, -(window.months or 0))
    recent = [each for each in stated if after < _get_end(each) <= on or each.ends_on is None]
    if not recent:
        return Missing.TOO_OLD
    if window.aggregate is Aggregate.LAST:
        return _convert(max(recent, key=_get_end).value, quantity.scale)
    values = [_convert(each.value, quantity.scale) for each in recent]
    numbers = [value for value in values if is_number(value)]
    if len(numbers) != len(values):
        return Missing.UNSUITABLE
    return _aggregate(numbers, window.aggregate)


def _aggregate(values: list[Number], aggregate: Aggregate) -> Known | Missing:
    if not values:
        return Missing.NOT_DEFINED
    match aggregate:
        case Aggregate.LAST:
            return values[-1]
        case Aggregate.SUM:
            return make_number(Fraction(sum(values)))
        case Aggregate.MEAN:
            return make_number(Fraction(sum(values)) / len(values))
        case Aggregate.LEAST:
            return min(values)
        case Aggregate.MOST:
            return max(values)
        case Aggregate.GROWTH:
            if len(values) < 2 or values[0] <= 0:
                return Missing.NOT_DEFINED
            return make_number(Fraction(values[-1]) / Fraction(values[0]))


def _convert(value: object, scale: tuple[str, ...] | None) -> Known | Missing:
    if scale is not None:
        return (
            scale.index(value)
            if isinstance(value, str) and value in scale
            else (Missing.UNSUITABLE)
        )
    match value:
        case bool() | str() | frozenset():
            return value
        case int():
            return int(value)
        case Decimal() if value.is_finite():
            return make_number(value)
        case Fraction():
            return make_number(value)
        case date():
            return value.toordinal()
    return Missing.UNSUITABLE
