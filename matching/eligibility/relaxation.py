"""Which conditions a need would have to give up so that more providers fit: the least sets.

Exact over all subsets, in one pass over the rows. A row that does not fit is let in by giving up
the conditions that it does not keep, and by no smaller set. Only a centre's services are otherwise:
gate, lead time and price are kept together by one service, so a centre may be let in by giving up
the one or the other; each of the at most eight subsets of them is looked at by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matching.eligibility.conditions import CENTRE, SERVICE_ORDER, find_services, find_unmet
from matching.index.columns import BoolRows, Columns
from matching.records import Condition, Relaxation

# With so many who fit, nothing has to be given up.
ENOUGH = 3

# How many sets of conditions are named: a choice, not a list to study.
RELAXATIONS_NAMED = 3

# Sets of conditions, bit by bit.
_Masks = NDArray[np.int64]


def find_relaxations(
    columns: Columns, conditions: Sequence[Condition], reachable: BoolRows, judged: BoolRows
) -> tuple[Relaxation, ...]:
    """The smallest sets of hard conditions without which more of the `reachable` rows fit.

    All have the same size; those that let most in come first, and at most `RELAXATIONS_NAMED` are
    named. Empty when `ENOUGH` fit already, or when nobody is reachable who does not fit. `judged`
    as in `Eligibility`. Raises ConditionUnknown.
    """
    hard: dict[str, list[Condition]] = {}
    for condition in conditions:
        if condition.hard:
            hard.setdefault(condition.attribute, []).append(condition)
    attributes = list(hard)
    rows = np.flatnonzero(reachable)
    unmet = _mark_unmet(columns, hard, rows, judged)
    served = dict(_find_served(columns, hard, rows))

    def count_fitting(given_up: int) -> int:
        of_services = given_up & _get_bits(attributes, SERVICE_ORDER)
        return int(np.count_nonzero(((unmet & ~given_up) == 0) & served[of_services]))

    now = count_fitting(0)
    if now >= ENOUGH:
        return ()
    lets_in = {
        int(mask) | dropped for dropped, fits in served.items() for mask in np.unique(unmet[fits])
    }
    found: list[tuple[int, int]] = []
    for given_up in sorted(lets_in, key=int.bit_count):
        if found and given_up.bit_count() > found[0][1].bit_count():
            break
        # Who fits already is let in by giving up nothing, whatever else is given up for it.
        if (count := count_fitting(given_up)) > now:
            found.append((count, given_up))
    found.sort(key=lambda pair: (-pair[0], pair[1]))
    return tuple(
        Relaxation(tuple(name for bit, name in enumerate(attributes) if given_up >> bit & 1), count)
        for count, given_up in found[:RELAXATIONS_NAMED]
    )


def _get_bits(attributes: Sequence[str], wanted: Sequence[str]) -> int:
    return sum(1 << bit for bit, name in enumerate(attributes) if name in wanted)


def _mark_unmet(
    columns: Columns,
    hard: Mapping[str, Sequence[Condition]],
    rows: NDArray[np.intp],
    judged: BoolRows,
) -> _Masks:
    """For each of `rows` the set of conditions, but those of services, that it does not keep."""
    masks = np.zeros(len(rows), dtype=np.int64)
    for bit, (name, conditions) in enumerate(hard.items()):
        if name not in SERVICE_ORDER:
            for _, unmet in find_unmet(columns, conditions, (), judged):
                masks |= unmet[rows].astype(np.int64) << bit
    return masks


def _find_served(
    columns: Columns, hard: Mapping[str, Sequence[Condition]], rows: NDArray[np.intp]
) -> Iterator[tuple[int, BoolRows]]:
    """For each subset of the conditions of services: which of `rows` fit when it is given up."""
    columns.services.refresh()
    no_centre = ~columns.kinds.contains_any((CENTRE,))[rows]
    bits = [(1 << bit, name) for bit, name in enumerate(hard) if name in SERVICE_ORDER]
    for size in range(len(bits) + 1):
        for dropped in combinations(bits, size):
            kept = [condition for bit in bits if bit not in dropped for condition in hard[bit[1]]]
            services = np.ones(len(columns.services.rows), dtype=np.bool_)
            for condition in kept:
                services &= find_services(columns, condition)
            fits = no_centre | columns.services.has_any(services, columns.size)[rows]
            # Without any condition of services, a centre that sells nothing fits as well.
            yield sum(bit for bit, _ in dropped), fits if kept else np.ones_like(fits)
