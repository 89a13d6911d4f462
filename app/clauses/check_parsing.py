"""Checks, the leaves of a rule, from data: which quantity, which condition, in which unit."""

from datetime import date
from fractions import Fraction
from typing import Final

from app.clauses.documents import Check, Codes, Elapsed, Interval, Words
from app.clauses.quantities import Quantity, Window
from app.clauses.reader import CODE, ClauseInvalid, Problem, Reader
from app.clauses.terms import (
    ELAPSED_UNITS,
    UNITS,
    Aggregate,
    Comparator,
    Dimension,
    Known,
    Number,
    Unit,
    make_number,
)

_WINDOW_LIMIT: Final = 120
_SETS: Final = (Comparator.OVERLAPS, Comparator.INCLUDES, Comparator.EXCLUDES)


def read_check(reader: Reader, path: str) -> Check:
    """The check that stands at `reader`. Raises ClauseInvalid."""
    reader.keys(
        required=("kind", "fact", "comparator"),
        optional=(
            *("path", "words", "over", "window", "scale", "unit", "codes", "elapsed"),
            *("bound", "closed", "low", "low_closed", "high", "high_closed"),
        ),
    )
    words = reader.words("words")
    found = reader.data["comparator"]
    if found not in list(Comparator):
        raise ClauseInvalid(reader.at("comparator"), Problem.UNKNOWN_COMPARATOR, found)
    comparator = Comparator(found)
    if comparator is Comparator.ONE_OF or comparator in _SETS:
        return _read_codes(reader, path, words, comparator)
    if "codes" in reader.data:
        raise ClauseInvalid(reader.at("codes"), Problem.DOES_NOT_GO_TOGETHER)
    quantity = _read_quantity(reader)
    if comparator is Comparator.EQUALS and isinstance(reader.data.get("bound"), bool):
        return _read_truth(reader, path, words, quantity)
    if quantity.scale is not None:
        unit_name, unit = None, UNITS["level"]
    else:
        unit_name, unit = _read_unit(reader, quantity)
    interval = _read_interval(reader, comparator, quantity, unit)
    if not reader.truth("elapsed", False):
        if unit_name in ("month", "year"):
            raise ClauseInvalid(reader.at("unit"), Problem.DOES_NOT_GO_TOGETHER, unit_name)
        return Check(path, quantity, interval, comparator, unit_name, words)
    _check_elapsed(reader, quantity, unit_name, interval)
    elapsed = Elapsed(interval, in_months=unit_name != "day")
    return Check(path, quantity, elapsed, comparator, unit_name, words)


def _read_codes(reader: Reader, path: str, words: Words, comparator: Comparator) -> Check:
    for key in ("bound", "low", "high", "unit", "over", "scale", "closed", "elapsed"):
        if key in reader.data:
            raise ClauseInvalid(reader.at(key), Problem.DOES_NOT_GO_TOGETHER)
    if "codes" not in reader.data:
        raise ClauseInvalid(reader.at("codes"), Problem.MISSING_KEY)
    found = reader.data["codes"]
    if not isinstance(found, list | tuple):
        raise ClauseInvalid(reader.at("codes"), Problem.NOT_A_LIST, found)
    if not found:
        raise ClauseInvalid(reader.at("codes"), Problem.EMPTY)
    for number, code in enumerate(found):
        if not isinstance(code, str) or not CODE.fullmatch(code):
            raise ClauseInvalid(f"{reader.at('codes')}[{number}]", Problem.NOT_A_CODE, code)
    quantity = _read_quantity(reader)
    _check_dimension(reader, "fact", quantity.fact, None)
    codes: frozenset[Known] = frozenset(found)
    return Check(path, quantity, Codes(comparator, codes), comparator, None, words)


def _read_truth(reader: Reader, path: str, words: Words, quantity: Quantity) -> Check:
    for key in ("unit", "over", "scale", "closed", "elapsed"):
        if key in reader.data:
            raise ClauseInvalid(reader.at(key), Problem.DOES_NOT_GO_TOGETHER)
    _check_dimension(reader, "fact", quantity.fact, None)
    codes: frozenset[Known] = frozenset([reader.data["bound"]])
    condition = Codes(Comparator.ONE_OF, codes)
    return Check(path, quantity, condition, Comparator.EQUALS, None, words)


def _read_quantity(reader: Reader) -> Quantity:
    over = reader.fact("over") if "over" in reader.data else None
    window = _read_window(reader.inner("window")) if "window" in reader.data else None
    scale = None
    if "scale" in reader.data:
        found = reader.data["scale"]
        if not isinstance(found, list | tuple) or len(found) < 2:
            raise ClauseInvalid(reader.at("scale"), Problem.NOT_A_LIST, found)
        if not all(isinstance(code, str) and CODE.fullmatch(code) for code in found):
            raise ClauseInvalid(reader.at("scale"), Problem.NOT_A_CODE, found)
        if len(set(found)) != len(found):
            raise ClauseInvalid(reader.at("scale"), Problem.DOES_NOT_GO_TOGETHER, found)
        scale = tuple(found)
        if over is not None or (window and window.aggregate is not Aggregate.LAST):
            raise ClauseInvalid(reader.at("scale"), Problem.DOES_NOT_GO_TOGETHER)
    if over is not None and window and window.aggregate is Aggregate.GROWTH:
        raise ClauseInvalid(reader.at("over"), Problem.DOES_NOT_GO_TOGETHER)
    return Quantity(reader.fact("fact"), over, window, scale)


def _read_window(reader: Reader) -> Window:
    reader.keys(required=("aggregate",), optional=("years", "months", "since"))
    found = reader.data["aggregate"]
    if found not in list(Aggregate):
        raise ClauseInvalid(reader.at("aggregate"), Problem.UNKNOWN_AGGREGATE, found)
    aggregate = Aggregate(found)
    if ("years" in reader.data) == ("months" in reader.data):
        raise ClauseInvalid(reader.at("years"), Problem.DOES_NOT_GO_TOGETHER)
    if "months" in reader.data:
        if "since" in reader.data or aggregate is Aggregate.GROWTH:
            raise ClauseInvalid(reader.path, Problem.DOES_NOT_GO_TOGETHER)
        return Window(aggregate, months=reader.whole("months", 1, _WINDOW_LIMIT))
    years = reader.whole("years", 1, _WINDOW_LIMIT)
    since = reader.fact("since") if "since" in reader.data else None
    if aggregate is Aggregate.GROWTH and (years < 2 or since is not None):
        raise ClauseInvalid(reader.at("years"), Problem.DOES_NOT_GO_TOGETHER, years)
    return Window(aggregate, years=years, since=since)


def _read_unit(reader: Reader, quantity: Quantity) -> tuple[str, Unit]:
    is_share = quantity.over is not None or _is_growth(quantity)
    found = reader.data.get("unit", "ratio" if is_share else None)
    if found is None:
        raise ClauseInvalid(reader.at("unit"), Problem.MISSING_KEY)
    if not isinstance(found, str) or found not in UNITS:
        raise ClauseInvalid(reader.at("unit"), Problem.UNKNOWN_UNIT, found)
    unit = UNITS[found]
    if is_share:
        # A ratio of two facts of one dimension, or a growth, is a share whatever they measure.
        if unit.dimension is not Dimension.SHARE:
            raise ClauseInvalid(reader.at("unit"), Problem.UNIT_DOES_NOT_FIT, found)
        if quantity.over is not None:
            _check_same_dimension(reader, quantity)
    elif not reader.truth("elapsed", False):
        _check_dimension(reader, "unit", quantity.fact, unit.dimension)
    return found, unit


def _is_growth(quantity: Quantity) -> bool:
    return quantity.window is not None and quantity.window.aggregate is Aggregate.GROWTH


def _check_dimension(reader: Reader, key: str, fact: str, dimension: Dimension | None) -> None:
    if reader.vocabulary is not None and reader.vocabulary[fact] is not dimension:
        raise ClauseInvalid(reader.at(key), Problem.UNIT_DOES_NOT_FIT, fact)


def _check_same_dimension(reader: Reader, quantity: Quantity) -> None:
    if reader.vocabulary is None or quantity.over is None:
        return
    ours, theirs = reader.vocabulary[quantity.fact], reader.vocabulary[quantity.over]
    if ours is None or ours is not theirs:
        raise ClauseInvalid(reader.at("over"), Problem.UNIT_DOES_NOT_FIT, quantity.over)


def _check_elapsed(
    reader: Reader, quantity: Quantity, unit_name: str | None, interval: Interval
) -> None:
    """Elapsed time is counted from a date as a whole number of days, months or years."""
    if unit_name not in ELAPSED_UNITS:
        raise ClauseInvalid(reader.at("unit"), Problem.UNIT_DOES_NOT_FIT, unit_name)
    if quantity.over is not None or quantity.window is not None:
        raise ClauseInvalid(reader.at("elapsed"), Problem.DOES_NOT_GO_TOGETHER)
    _check_dimension(reader, "fact", quantity.fact, Dimension.DATE)
    for end in (interval.low, interval.high):
        if end is not None and (not isinstance(end, int) or not 0 <= end <= 100_000):
            raise ClauseInvalid(reader.path, Problem.OUT_OF_RANGE, str(end))


def _read_interval(
    reader: Reader, comparator: Comparator, quantity: Quantity, unit: Unit
) -> Interval:
    if comparator is Comparator.BETWEEN:
        _refuse(reader, "bound", "closed")
        low = _read_bound(reader, "low", quantity, unit)
        high = _read_bound(reader, "high", quantity, unit)
        closed = reader.truth("low_closed", True), reader.truth("high_closed", True)
        if low > high or (low == high and closed != (True, True)):
            raise ClauseInvalid(reader.at("high"), Problem.REVERSED, reader.data["high"])
        return Interval(low, high, *closed)
    _refuse(reader, "low", "high", "low_closed", "high_closed")
    bound = _read_bound(reader, "bound", quantity, unit)
    is_closed = reader.truth("closed", True)
    match comparator:
        case Comparator.AT_LEAST:
            return Interval(low=bound, is_low_closed=is_closed)
        case Comparator.AT_MOST:
            return Interval(high=bound, is_high_closed=is_closed)
        case _:
            _refuse(reader, "closed")
            return Interval(bound, bound)


def _refuse(reader: Reader, *keys: str) -> None:
    for key in keys:
        if key in reader.data:
            raise ClauseInvalid(reader.at(key), Problem.DOES_NOT_GO_TOGETHER)


def _read_bound(reader: Reader, key: str, quantity: Quantity, unit: Unit) -> Number:
    """A bound in base units: dates as ordinals, codes of a scale as levels, growth as a factor."""
    if key not in reader.data:
        raise ClauseInvalid(reader.at(key), Problem.MISSING_KEY)
    found = reader.data[key]
    if quantity.scale is not None:
        if found not in quantity.scale:
            raise ClauseInvalid(reader.at(key), Problem.NOT_A_CODE, found)
        return quantity.scale.index(found)
    if unit.dimension is Dimension.DATE:
        try:
            return date.fromisoformat(found).toordinal()
        except (TypeError, ValueError):
            raise ClauseInvalid(reader.at(key), Problem.NOT_A_DATE, found) from None
    bound = make_number(Fraction(reader.number(key)) * unit.factor)
    if not _is_growth(quantity):
        return bound
    if bound <= -1:
        raise ClauseInvalid(reader.at(key), Problem.OUT_OF_RANGE, found)
    window = quantity.window
    return make_number((1 + Fraction(bound)) ** ((window.years or 2) - 1 if window else 1))
