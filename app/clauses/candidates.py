"""To what one quantity could change: for each set of checks it can make pass, the nearest value."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Final

from app.clauses.documents import Check, Codes, Document, Elapsed, Interval, judge
from app.clauses.quantities import Missing, Quantity, is_number
from app.clauses.terms import UNITS, Aggregate, Comparator, Known, Number, Verdict, make_number

# Total effort, how many quantities change, by how much relative to what they are, and by how much.
Cost = tuple[int, int, Fraction, Fraction]
NO_COST: Final[Cost] = (0, 0, Fraction(0), Fraction(0))

# Of more checks of sets of codes on one quantity, not all combinations are tried.
_SETS_TRIED: Final = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that `quantity` could have, and which checks pass then, by their places.

    `bound` is the end that the value just reaches; where `is_open`, it has to go beyond it.
    """

    quantity: Quantity
    wanted: Known
    passes: frozenset[int]
    cost: Cost
    bound: Number | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class _Reached:
    wanted: Known
    bound: Number | None = None
    is_open: bool = False


def list_candidates(
    document: Document,
    quantity: Quantity,
    checks: Sequence[tuple[int, Check]],
    found: Known | Missing,
    on: date,
) -> list[Candidate]:
    """The cheapest candidate for each set of checks that can be made to pass together.

    `checks` are all that compare `quantity`, with their places. Left out are candidates by which
    no check passes that does not pass now, and those that another one outdoes at no more cost.
    """
    effort = get_effort(document.efforts, quantity)
    if effort is None:
        return []
    conditions = [(place, check.resolve(on)) for place, check in checks]
    now = _list_passing(conditions, found)
    is_whole = all(_is_whole(check) for _place, check in checks)
    intervals = [each for _place, each in conditions if isinstance(each, Interval)]
    codes = [each for _place, each in conditions if isinstance(each, Codes)]
    reached = (
        *_reach_numbers(intervals, found, is_whole=is_whole, scale=quantity.scale),
        *_reach_codes(codes, found),
    )
    best: dict[frozenset[int], Candidate] = {}
    for each in reached:
        passes = _list_passing(conditions, each.wanted)
        cost = (effort, 1, *_measure(found, each.wanted, passes))
        if not passes - now or (passes in best and best[passes].cost <= cost):
            continue
        best[passes] = Candidate(quantity, each.wanted, passes, cost, each.bound, each.is_open)
    return sorted(
        (
            one
            for one in best.values()
            if not any(
                one.passes < other.passes and other.cost <= one.cost for other in best.values()
            )
        ),
        key=lambda each: each.cost,
    )


def get_effort(efforts: Mapping[str, int | None], quantity: Quantity) -> int | None:
    """How hard `quantity` is to change, None for never; a ratio as the easier of its two facts."""
    facts = (quantity.fact,) if quantity.over is None else (quantity.fact, quantity.over)
    known = [effort for fact in facts if (effort := efforts.get(fact, 1)) is not None]
    return min(known, default=None)


def _list_passing(
    conditions: Iterable[tuple[int, Interval | Codes]], value: Known | Missing
) -> frozenset[int]:
    return frozenset(
        place for place, condition in conditions if judge(condition, value) is Verdict.PASS
    )


def _is_whole(check: Check) -> bool:
    quantity = check.quantity
    if quantity.scale is not None or isinstance(check.condition, Elapsed):
        return True
    if quantity.over is not None:
        return False
    if quantity.window is not None and quantity.window.aggregate in (
        Aggregate.MEAN,
        Aggregate.GROWTH,
    ):
        return False
    return check.unit is None or UNITS[check.unit].is_whole


def _measure(
    found: Known | Missing, wanted: Known, passes: frozenset[int]
) -> tuple[Fraction, Fraction]:
    """How far a change goes: for numbers d / (|found| + d), which is below 1, and d itself.

    For sets 1, and the codes that come and go; for what is not known 1, and how many checks are
    met, so that no more is asked for than is needed; for codes 1.
    """
    if is_number(found) and is_number(wanted):
        far = abs(Fraction(found) - Fraction(wanted))
        return (far / (abs(Fraction(found)) + far) if far else Fraction(0)), far
    if isinstance(found, frozenset) and isinstance(wanted, frozenset):
        return Fraction(1), Fraction(len(found ^ wanted))
    return Fraction(1), Fraction(len(passes) if isinstance(found, Missing) else 0)


def _reach_numbers(
    intervals: Sequence[Interval],
    found: Known | Missing,
    *,
    is_whole: bool,
    scale: tuple[str, ...] | None,
) -> Iterator[_Reached]:
    """A value in each stretch that the ends of `intervals` cut, the nearest to what was found."""
    ends = sorted({end for each in intervals for end in (each.low, each.high) if end is not None})
    if not ends:
        return
    start = found if is_number(found) else None
    reached = [_Reached(end, end) for end in ends]
    stretches: list[tuple[Number | None, Number | None]] = [(None, ends[0])]
    stretches += [*pairwise(ends), (ends[-1], None)]
    for low, high in stretches:
        reached += _reach_between(low, high, start, is_whole=is_whole)
    for each in reached:
        value = each.wanted
        if is_whole and not isinstance(value, int):
            continue
        if scale is not None and not (isinstance(value, int) and 0 <= value < len(scale)):
            continue
        yield each


def _reach_between(
    low: Number | None, high: Number | None, start: Number | None, *, is_whole: bool
) -> list[_Reached]:
    """A value inside an open stretch, close to the end that is nearer to `start`."""
    if start is not None and (low is None or start > low) and (high is None or start < high):
        return [_Reached(start)]
    comes_from_below = high is None or (low is not None and (start is None or start <= low))
    if comes_from_below and low is not None:
        value: Number
        if is_whole:
            value = math.floor(low) + 1
        elif high is None:
            value = low + (abs(Fraction(low)) / 100 or Fraction(1))
        else:
            value = (Fraction(low) + Fraction(high)) / 2
        value = make_number(Fraction(value))
        return [_Reached(value, low, True)] if high is None or value < high else []
    if high is None:
        return []
    if is_whole:
        value = math.ceil(high) - 1
    elif low is None:
        value = high - (abs(Fraction(high)) / 100 or Fraction(1))
    else:
        value = (Fraction(low) + Fraction(high)) / 2
    value = make_number(Fraction(value))
    return [_Reached(value, high, True)] if low is None or value > low else []


def _reach_codes(conditions: Sequence[Codes], found: Known | Missing) -> Iterator[_Reached]:
    singles = [each for each in conditions if each.comparator is Comparator.ONE_OF]
    for code in sorted({code for each in singles for code in each.codes}, key=str):
        yield _Reached(code)
    sets = [each for each in conditions if each.comparator is not Comparator.ONE_OF]
    sizes = range(1, len(sets) + 1) if len(sets) <= _SETS_TRIED else (1, len(sets))
    for size in sizes:
        for chosen in combinations(sets, size):
            yield _Reached(_change_set(chosen, found))


def _change_set(conditions: Iterable[Codes], found: Known | Missing) -> frozenset[str]:
    """The set that was found, with few codes come and gone, so that it meets all `conditions`."""
    held = set(found) if isinstance(found, frozenset) else set()
    excluded: set[str] = set()
    overlapping = []
    for condition in conditions:
        codes = {str(code) for code in condition.codes}
        match condition.comparator:
            case Comparator.EXCLUDES:
                excluded |= codes
            case Comparator.INCLUDES:
                held |= codes
            case _:
                overlapping.append(codes)
    held -= excluded
    for codes in overlapping:
        if held.isdisjoint(codes) and (free := sorted(codes - excluded)):
            held.add(free[0])
    return frozenset(held)
