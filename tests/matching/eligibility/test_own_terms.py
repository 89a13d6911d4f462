"""Whose own terms the caller has judged is asked the same by no condition."""

import numpy as np

from matching.eligibility.conditions import OWN_TERMS, decide_eligible
from matching.eligibility.left_out import list_left_out
from matching.eligibility.relaxation import find_relaxations
from matching.index.columns import Columns
from matching.records import Condition, Query, Standing

# The condition on the amount shuts out both; that on the place only the second.
CONDITIONS = (Condition("amount", ("9000000",), True), Condition("place", ("310000",), True))
FUNDS = (
    Standing(ticket_max_yuan=3_000_000, place_code="310115"),
    Standing(ticket_max_yuan=3_000_000, place_code="370200", remote=False),
)


def make_columns() -> Columns:
    columns = Columns()
    for row, standing in enumerate(FUNDS):
        columns.put(row, "investor", standing)
    return columns


def test_conditions_on_own_terms_concern_a_judged_fund_no_more() -> None:
    columns, row_of, ids = make_columns(), {7: 0, 8: 1}, np.array([7, 8])
    query = Query("", "investor", CONDITIONS)
    asked = decide_eligible(columns, query, {}, row_of)
    assert (asked.rows[:2].tolist(), asked.excluded_by) == (
        [False, False],
        {"amount": 2, "place": 1},
    )
    judged = Query("", "investor", CONDITIONS, judged=frozenset({7, 8, 99}))
    found = decide_eligible(columns, judged, {}, row_of)
    assert (found.rows[:2].tolist(), found.excluded_by) == ([True, False], {"place": 1})
    left_out = list_left_out(columns, judged, {}, row_of, ids)
    assert [[reason.code for reason in each.reasons] for each in left_out.shown] == [["place"]]
    (way,) = find_relaxations(columns, CONDITIONS, found.reachable, found.judged)
    assert (way.attributes, way.found) == (("place",), 2)
    assert set(OWN_TERMS) == {"fields", "funding_stage", "amount", "instruments"}
