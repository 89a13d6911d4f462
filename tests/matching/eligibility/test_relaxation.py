"""Which conditions to give up, and who is left out why, against trying everything."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.eligibility.conditions import ConditionUnknown, decide_eligible
from matching.eligibility.left_out import list_left_out
from matching.eligibility.relaxation import ENOUGH, RELAXATIONS_NAMED, find_relaxations
from matching.index.columns import Columns
from matching.records import Against, Condition, Query, Relaxation, Service, Standing

KIND = "centre"


def lay_out(*standings: Standing, kind: str = KIND) -> Columns:
    columns = Columns()
    for row, standing in enumerate(standings):
        columns.put(row, kind, standing)
    return columns


def relax(columns: Columns, *conditions: Condition, kind: str = KIND) -> tuple[Relaxation, ...]:
    query = Query("", kind, conditions)
    eligibility = decide_eligible(columns, query, {}, {})
    return find_relaxations(columns, conditions, eligibility.reachable, eligibility.judged)


def count_fitting(columns: Columns, query: Query, given_up: tuple[str, ...]) -> int:
    kept = tuple(c for c in query.conditions if c.attribute not in given_up)
    without = Query("", query.kind, kept, query.pool)
    return int(np.count_nonzero(decide_eligible(columns, without, {}, {}).rows))


HARD = [
    Condition("fields", ("chips",), hard=True),
    Condition("place", ("310000",), hard=True),
    Condition("languages", ("en",), hard=True),
    Condition("gate", ("lab",), hard=True),
    Condition("lead_time", ("20",), hard=True),
    Condition("price", ("1000",), hard=True),
    Condition("voucher", ("true",), hard=True),
    Condition("hours", ("9",), hard=True),
]
services = st.builds(
    Service,
    gate=st.sampled_from(["lab", "pilot"]),
    lead_time_days=st.sampled_from([10, 30]),
    price_yuan=st.sampled_from([500, 5000]),
    free_slots=st.just(1),
)
standings = st.builds(
    Standing,
    published=st.sampled_from([True, True, True, False]),
    fields=st.frozensets(st.sampled_from(["chips", "drugs"])),
    place_code=st.sampled_from([None, "310115", "320500"]),
    remote=st.booleans(),
    languages=st.frozensets(st.sampled_from(["zh", "en"])),
    free_capacity=st.sampled_from([1, 1, 0]),
    services=st.lists(services, max_size=3).map(tuple),
    accepts_vouchers=st.booleans(),
)


@given(
    st.lists(standings, max_size=8),
    st.lists(st.sampled_from(HARD), unique=True),
    st.lists(st.sampled_from(["fields", "gate", "price"]), unique=True),
)
def test_the_least_sets_are_those_that_trying_all_subsets_finds(
    found: list[Standing], conditions: list[Condition], soft: list[str]
) -> None:
    stated = tuple(
        Condition(c.attribute, c.values, hard=c.attribute not in soft) for c in conditions
    )
    columns, query = lay_out(*found), Query("", KIND, stated)
    hard = [c.attribute for c in stated if c.hard]
    now = count_fitting(columns, query, ())
    expected: dict[tuple[str, ...], int] = {}
    for size in range(1, len(hard) + 1):
        tried = {s: count_fitting(columns, query, s) for s in combinations(hard, size)}
        expected = {subset: count for subset, count in tried.items() if count > now}
        if expected:
            break
    if now >= ENOUGH:
        expected = {}
    answered = relax(columns, *stated)
    assert all(expected[each.attributes] == each.found for each in answered)
    assert len(answered) == min(len(expected), RELAXATIONS_NAMED)
    assert [each.found for each in answered] == sorted(expected.values(), reverse=True)[
        : len(answered)
    ]


def test_one_service_has_to_keep_all_that_is_asked_of_services() -> None:
    lab_slow = Service("lab", 30, 500, 1)
    pilot_quick = Service("pilot", 10, 500, 1)
    columns = lay_out(Standing(services=(lab_slow, pilot_quick)))
    gate, quick = HARD[3], HARD[4]
    assert relax(columns, gate, quick) == (Relaxation(("gate",), 1), Relaxation(("lead_time",), 1))


def test_who_is_full_or_paused_is_let_in_by_nothing() -> None:
    columns = lay_out(Standing(free_capacity=0), Standing(published=False))
    assert relax(columns, HARD[1]) == ()


def test_where_enough_fit_nothing_has_to_be_given_up() -> None:
    here, there = Standing(place_code="310115"), Standing(place_code="440300")
    assert relax(lay_out(*[here] * ENOUGH, there), HARD[1]) == ()
    assert relax(lay_out(*[here] * (ENOUGH - 1), there), HARD[1]) == (
        Relaxation(("place",), ENOUGH),
    )


def test_a_condition_of_another_kind_is_not_to_be_given_up() -> None:
    columns = lay_out(Standing(place_code="440300", hours_per_month=1), kind="investor")
    assert relax(columns, HARD[1], HARD[7], kind="investor") == (Relaxation(("place",), 1),)


def list_reasons(
    columns: Columns, query: Query, excluded: dict[int, str] | None = None, **options: object
) -> dict[int, list[str]]:
    """Left out under the ids 100, 101, … of the rows."""
    ids = np.arange(columns.size) + 100
    row_of = {int(i): row for row, i in enumerate(ids)}
    found = list_left_out(columns, query, excluded or {}, row_of, ids, **options)  # type: ignore[arg-type]
    return {each.provider_id: [a.code for a in each.reasons] for each in found.shown}


@given(st.lists(standings, max_size=8), st.lists(st.sampled_from(HARD), unique=True))
def test_whoever_is_considered_is_eligible_or_left_out_with_a_reason(
    found: list[Standing], conditions: list[Condition]
) -> None:
    columns, query = lay_out(*found), Query("", KIND, tuple(conditions))
    eligibility = decide_eligible(columns, query, {}, {})
    out = list_reasons(columns, query)
    assert len(out) + np.count_nonzero(eligibility.rows) == eligibility.considered
    assert all(out.values())
    for code in eligibility.excluded_by:
        some = list_reasons(columns, query, code=code)
        assert some == {i: codes for i, codes in out.items() if code in codes}


def test_the_nearest_come_first_in_pages_with_what_they_have() -> None:
    columns = lay_out(
        Standing(free_capacity=0, place_code="440300"),
        Standing(place_code="320500"),
        Standing(place_code="310115"),
        Standing(place_code="310115"),
    )
    query = Query("", KIND, (HARD[1],))
    excluded = {103: "conflict"}
    assert list(list_reasons(columns, query, excluded).items()) == [
        (101, ["place"]),
        (103, ["conflict"]),
        (100, ["capacity", "place"]),
    ]
    assert list_reasons(columns, query, excluded, offset=1, limit=1) == {103: ["conflict"]}
    assert list_reasons(columns, query, excluded, code="seat") == {}
    ids = np.arange(columns.size) + 100
    found = list_left_out(columns, query, {}, {}, ids, limit=1)
    assert found.count == 2
    assert found.shown[0].reasons == (Against("place", ("310000",), ("320500",)),)


def test_of_one_service_only_the_first_condition_that_fails_is_a_reason() -> None:
    columns = lay_out(Standing(services=(Service("pilot", 30, 5000, 1),)))
    assert list_reasons(columns, Query("", KIND, tuple(HARD[3:6]))) == {100: ["gate"]}


@pytest.mark.privacy
def test_who_is_outside_the_pool_is_not_listed() -> None:
    closed = Standing(open_to_all=False, pools=frozenset({5}), place_code="440300")
    columns = lay_out(closed, closed, kind="mentor")
    query = Query("", "mentor", (HARD[1],), pool=6)
    assert list_reasons(columns, query, {100: "conflict"}) == {}
    assert len(list_reasons(columns, Query("", "mentor", (HARD[1],), pool=5))) == 2


def test_a_condition_that_cannot_be_read_is_refused() -> None:
    wrong = Query("", KIND, (Condition("shoe_size", ("44",), hard=True),))
    with pytest.raises(ConditionUnknown):
        list_reasons(lay_out(Standing()), wrong)
