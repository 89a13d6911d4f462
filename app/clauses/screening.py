"""Many rules for many subjects: verdicts alone, without explanations, as fast as it goes.

The documents are compiled once. Of each subject every quantity is read once, however many documents
compare it, and a number is looked up once among all bounds that it is compared with: the bound
number i, counted from 0, has the rank 2i + 1, and what lies between two bounds the rank between
theirs. From then on checks compare small whole numbers. A verdict is a number too, so that all of
is the least of its parts and any of the greatest. A value that is missing, or of another kind than
its checks want, is None.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum, auto
from typing import Any, Final

from app.clauses.documents import (
    AllOf,
    AnyOf,
    Check,
    Codes,
    Document,
    Interval,
    Node,
    Part,
    Score,
    walk,
)
from app.clauses.quantities import Missing, Quantity, is_number, read_quantity
from app.clauses.terms import Comparator, Facts, Known, Number, Verdict

_FAIL: Final = 0
_UNKNOWN: Final = 1
_PASS: Final = 2
_VERDICTS: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS)

# What was read of one subject, by the places of the quantities: each of the kind that its checks
# compare, which no annotation can follow through a list.
_Values = Sequence[Any]
_Judge = Callable[[_Values], int]
# The points that are certain, those that are possible, and whether each least is reached.
_Count = Callable[[_Values], tuple[Number, Number, int]]


class _Kind(Enum):
    """What a check can compare."""

    NUMBER = auto()
    CODE = auto()
    SET = auto()

    def fits(self, value: Known | Missing) -> bool:
        """Whether `value` is of this kind."""
        if isinstance(value, Missing):
            return False
        match self:
            case _Kind.NUMBER:
                return is_number(value)
            case _Kind.SET:
                return isinstance(value, frozenset)
            case _:
                return not isinstance(value, frozenset)


class Screen:
    """Judges `documents` for one subject after the other, as `evaluate` would on the day `on`."""

    def __init__(self, documents: Sequence[Document], on: date) -> None:
        self._on = on
        self._bounds = _collect_bounds(documents, on)
        self._places: dict[tuple[Quantity, _Kind], int] = {}
        self._judges = [self._compile(document.root) for document in documents]
        self._wanted: dict[Quantity, list[tuple[_Kind, int]]] = {}
        for (quantity, kind), place in self._places.items():
            self._wanted.setdefault(quantity, []).append((kind, place))

    def judge(self, facts: Facts) -> list[Verdict]:
        """The verdict of each document on `facts`, in the order of the documents."""
        values: list[Known | None] = [None] * len(self._places)
        for quantity, wanted in self._wanted.items():
            value = read_quantity(quantity, facts, self._on)
            for kind, place in wanted:
                if isinstance(value, Missing) or not kind.fits(value):
                    continue
                if kind is _Kind.NUMBER and is_number(value):
                    values[place] = _rank(self._bounds[quantity], value)
                else:
                    values[place] = value
        verdicts = _VERDICTS
        return [verdicts[judge(values)] for judge in self._judges]

    def _compile(self, node: Node) -> _Judge:
        match node:
            case Check():
                return self._compile_check(node)
            case AllOf():
                return _make_all([self._compile(part) for part in node.parts])
            case AnyOf():
                return _make_any([self._compile(part) for part in node.parts])
            case Score():
                return self._compile_score(node)

    def _find_place(self, quantity: Quantity, kind: _Kind) -> int:
        return self._places.setdefault((quantity, kind), len(self._places))

    def _compile_check(self, check: Check) -> _Judge:
        condition = check.resolve(self._on)
        if isinstance(condition, Interval):
            place = self._find_place(check.quantity, _Kind.NUMBER)
            return _make_interval(place, *_rank_ends(self._bounds[check.quantity], condition))
        kind = _Kind.CODE if condition.comparator is Comparator.ONE_OF else _Kind.SET
        return _make_codes(self._find_place(check.quantity, kind), condition)

    def _compile_score(self, score: Score) -> _Judge:
        counts = [self._compile_part(part) for part in score.parts]

        def judge_score(values: _Values) -> int:
            points, possible, verdict = _add(counts, values)
            if score.reaches(points):
                return verdict
            return min(verdict, _UNKNOWN) if score.reaches(possible) else _FAIL

        return judge_score

    def _compile_part(self, part: Part) -> _Count:
        count = self._compile_bands(part) if part.bands else self._compile_inner(part)
        least = part.least
        if least is None:
            return count

        def count_at_least(values: _Values) -> tuple[Number, Number, int]:
            points, possible, verdict = count(values)
            if points < least:
                verdict = min(verdict, _UNKNOWN if possible >= least else _FAIL)
            return points, possible, verdict

        return count_at_least

    def _compile_inner(self, part: Part) -> _Count:
        counts = [self._compile_part(inner) for inner in part.parts]
        return lambda values: _add(counts, values)

    def _compile_bands(self, part: Part) -> _Count:
        if (ladder := self._compile_ladder(part)) is not None:
            return ladder
        bands = [(band.points, self._compile(band.node)) for band in part.bands]

        def count_bands(values: _Values) -> tuple[Number, Number, int]:
            points: Number = 0
            possible: Number = 0
            for brings, judge in bands:
                # A band that brings no more than is certain is not worth a look.
                if brings > points and (verdict := judge(values)):
                    possible = max(possible, brings)
                    if verdict == _PASS:
                        points = brings
            return points, max(points, possible), _PASS

        return count_bands

    def _compile_ladder(self, part: Part) -> _Count | None:
        """The points of bands that all compare one number are looked up by its rank."""
        checks = [band.node for band in part.bands if isinstance(band.node, Check)]
        quantities = {check.quantity for check in checks}
        if len(checks) < len(part.bands) or len(quantities) != 1:
            return None
        bounds = self._bounds.get(checks[0].quantity, [])
        best: list[Number] = [0] * (2 * len(bounds) + 1)
        for band, check in zip(part.bands, checks, strict=True):
            condition = check.resolve(self._on)
            if not isinstance(condition, Interval):
                return None
            low, high = _rank_ends(bounds, condition)
            for rank in range(low, high + 1):
                best[rank] = max(best[rank], band.points)
        most = max(best)
        place = self._find_place(checks[0].quantity, _Kind.NUMBER)

        def count_rungs(values: _Values) -> tuple[Number, Number, int]:
            rank = values[place]
            if rank is None:
                return 0, most, _PASS
            points = best[rank]
            return points, points, _PASS

        return count_rungs


def _collect_bounds(documents: Sequence[Document], on: date) -> dict[Quantity, list[Number]]:
    """All bounds that each number is compared with, in order."""
    found: dict[Quantity, set[Number]] = {}
    for document in documents:
        for check in walk(document.root):
            condition = check.resolve(on)
            if isinstance(condition, Interval):
                bounds = found.setdefault(check.quantity, set())
                bounds |= {end for end in (condition.low, condition.high) if end is not None}
    return {quantity: sorted(bounds) for quantity, bounds in found.items()}


def _rank(bounds: Sequence[Number], value: Number) -> int:
    place = bisect_left(bounds, value)
    is_on_bound = place < len(bounds) and bounds[place] == value
    return 2 * place + is_on_bound


def _rank_ends(bounds: Sequence[Number], interval: Interval) -> tuple[int, int]:
    """The least and the greatest rank that lies in `interval`."""
    low, high = 0, 2 * len(bounds)
    if interval.low is not None:
        low = _rank(bounds, interval.low) + (not interval.is_low_closed)
    if interval.high is not None:
        high = _rank(bounds, interval.high) - (not interval.is_high_closed)
    return low, high


def _add(counts: Sequence[_Count], values: _Values) -> tuple[Number, Number, int]:
    points: Number = 0
    possible: Number = 0
    verdict = _PASS
    for count in counts:
        brings, could_bring, own = count(values)
        points += brings
        possible += could_bring
        verdict = min(verdict, own)
    return points, possible, verdict


def _make_all(judges: Sequence[_Judge]) -> _Judge:
    def judge_all(values: _Values) -> int:
        least = 2
        for judge in judges:
            verdict = judge(values)
            if verdict < least:
                if not verdict:
                    return 0
                least = verdict
        return least

    return judge_all


def _make_any(judges: Sequence[_Judge]) -> _Judge:
    def judge_any(values: _Values) -> int:
        most = 0
        for judge in judges:
            verdict = judge(values)
            if verdict > most:
                if verdict == _PASS:
                    return verdict
                most = verdict
        return most

    return judge_any


def _make_codes(place: int, condition: Codes) -> _Judge:
    codes = condition.codes
    match condition.comparator:
        case Comparator.ONE_OF:
            return _test(place, codes.__contains__)
        case Comparator.INCLUDES:
            return _test(place, codes.issubset)
        case Comparator.EXCLUDES:
            return _test(place, codes.isdisjoint)
        case _:
            return _test(place, codes.isdisjoint, passes=0, fails=2)


def _test(place: int, holds: Callable[[Any], bool], *, passes: int = 2, fails: int = 0) -> _Judge:
    def judge_value(values: _Values) -> int:
        value = values[place]
        if value is None:
            return 1
        return passes if holds(value) else fails

    return judge_value


def _make_interval(place: int, low: int, high: int) -> _Judge:
    def judge_rank(values: _Values) -> int:
        rank = values[place]
        if rank is None:
            return 1
        return 2 if low <= rank <= high else 0

    return judge_rank
