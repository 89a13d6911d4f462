"""Whom a query leaves out and why, provider by provider, the nearest to fitting first.

Who is not in the pool is not listed: who asks may not know of them.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from matching.eligibility.conditions import (
    CONCERNS,
    SERVICE_ORDER,
    check_condition,
    describe_found,
    find_considered,
    find_excluded,
    find_outside_pool,
    find_rows,
    find_unmet,
)
from matching.index.columns import BoolRows, Columns
from matching.records import Against, LeftOut, LeftOutList, Query

CAPACITY = "capacity"


def list_left_out(
    columns: Columns,
    query: Query,
    excluded: Mapping[int, str],
    row_of: Mapping[int, int],
    ids: NDArray[np.int64],
    *,
    code: str | None = None,
    offset: int = 0,
    limit: int = 50,
) -> LeftOutList:
    """Those of the pool whom `query` leaves out, from `offset` on, and how many there are.

    The fewer reasons, the earlier; then by id (`ids` has that of each row). With `code`, only those
    who are left out for this reason, alone or among others. `excluded` as in `decide_eligible`.
    Raises ConditionUnknown.
    """
    reasons = _list_reasons(columns, query, excluded, row_of)
    count = np.zeros(columns.size, dtype=np.int64)
    wanted = np.zeros(columns.size, dtype=np.bool_)
    for reason, out in reasons:
        count += out
        if code in (None, reason.code):
            wanted |= out
    wanted &= find_considered(columns, query) & ~find_outside_pool(columns, query)
    rows = np.flatnonzero(wanted)
    rows = rows[np.lexsort((ids[rows], count[rows]))]
    shown = tuple(
        LeftOut(
            int(ids[row]),
            tuple(_describe(columns, row, reason) for reason, out in reasons if out[row]),
        )
        for row in rows[offset : offset + limit].tolist()
    )
    return LeftOutList(shown, len(rows))


def _list_reasons(
    columns: Columns, query: Query, excluded: Mapping[int, str], row_of: Mapping[int, int]
) -> list[tuple[Against, BoolRows]]:
    """Each reason, with what was wanted, and the rows that it shuts out."""
    hard = [condition for condition in query.conditions if condition.hard]
    for condition in hard:
        check_condition(condition)
    reasons = [
        (Against(code), find_excluded(columns, excluded, row_of, code))
        for code in sorted(set(excluded.values()))
    ]
    reasons.append((Against(CAPACITY), columns.free_capacity <= 0))
    unserved = np.zeros(columns.size, dtype=np.bool_)
    judged = find_rows(columns, query.judged, row_of)
    for condition, unmet in find_unmet(columns, hard, (), judged):
        out = unmet
        if condition.attribute in SERVICE_ORDER:
            # Each narrows the services that the one before it left: only the first that leaves
            # none says something.
            out, unserved = unmet & ~unserved, unserved | unmet
        reasons.append((Against(condition.attribute, condition.values), out))
    return reasons


def _describe(columns: Columns, row: int, reason: Against) -> Against:
    """The reason with what the provider in `row` has in place of what was wanted."""
    if reason.code not in CONCERNS:
        return reason
    found = describe_found(columns.read_standing(row), reason.code)
    return Against(reason.code, reason.wanted, found)
