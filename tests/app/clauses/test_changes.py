"""The smallest change is enough, is the smallest, and is told exactly."""

from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clauses import Change, Facts, Missing, Quantity, Stated, Verdict, evaluate
from app.clauses import changes as module
from app.clauses.changes import find_smallest_change
from tests.app.clauses.made import GRID, NUMBERS, known, rules, rules_of_numbers
from tests.app.clauses.samples import ON, all_of, any_of, bands, check, know, make, score, year


def find(clause: dict[str, Any], facts: Facts, **more: Any) -> Change | None:
    return find_smallest_change(make(clause, **more), facts, ON)


def get(clause: dict[str, Any], facts: Facts, **more: Any) -> Change:
    change = find(clause, facts, **more)
    assert change is not None
    return change


def say(change: Change) -> list[tuple[str, Any, Any]]:
    return [(step.quantity.fact, step.wanted, step.bound) for step in change.steps]


def test_what_passes_needs_no_change() -> None:
    assert get(check("a", "at_least", 5), know(a=5)) == Change((), 0, is_smallest=True)


def test_the_nearest_value_that_is_enough() -> None:
    change = get(check("a", "at_least", 5, path="2.3"), know(a=3))
    (step,) = change.steps
    assert (step.quantity, step.found, step.wanted) == (Quantity("a"), 3, 5)
    assert (step.paths, step.bound, step.is_open) == (("2.3",), 5, False)
    (step,) = get(check("a", "at_least", 5, closed=False), know(a=3)).steps
    assert (step.wanted, step.bound, step.is_open) == (6, 5, True)
    (step,) = get(check("a", "at_most", 5, closed=False), know(a=9)).steps
    assert (step.wanted, step.bound, step.is_open) == (4, 5, True)
    share = check("a", "at_most", 50, unit="percent", over="b", closed=False)
    (step,) = get(share, know(a=3, b=4)).steps
    assert (step.bound, step.is_open) == (Fraction(1, 2), True)
    assert isinstance(step.wanted, Fraction)
    assert step.wanted < Fraction(1, 2)


def test_what_is_not_known_is_to_be_said() -> None:
    change = get(all_of(check("a", "at_least", 5), check("b", "at_most", 2)), know(a=7))
    (step,) = change.steps
    assert (step.quantity.fact, step.found, step.wanted) == ("b", Missing.NOT_STATED, 2)


def test_the_smaller_of_two_ways() -> None:
    two = all_of(check("a", "at_least", 5), check("b", "at_least", 5))
    one = check("c", "at_least", 5_000)
    assert say(get(any_of(two, one), know(a=0, b=0, c=0))) == [("c", 5000, 5000)]
    assert say(get(any_of(two, one), know(a=0, b=5, c=4_999))) == [("c", 5000, 5000)]
    assert say(get(any_of(two, one), know(a=4, b=5, c=0))) == [("a", 5, 5)]


def test_effort_counts_before_number_and_what_is_fixed_never_changes() -> None:
    ways = any_of(
        all_of(check("a", "at_least", 5), check("b", "at_least", 5)), check("c", "at_least", 5)
    )
    facts = know(a=0, b=0, c=0)
    assert [f for f, _w, _b in say(get(ways, facts, efforts={"c": 2}))] == ["c"]
    assert [f for f, _w, _b in say(get(ways, facts, efforts={"c": 3}))] == ["a", "b"]
    assert [f for f, _w, _b in say(get(ways, facts, efforts={"a": None}))] == ["c"]
    assert find(ways, facts, efforts={"a": None, "c": None}) is None


def test_one_quantity_changes_once_for_all_that_compare_it() -> None:
    clause = all_of(
        check("a", "at_least", 5),
        any_of(check("a", "at_most", 6), check("b", "at_least", 1)),
        check("a", "at_least", 4, closed=False),
    )
    assert say(get(clause, know(a=0, b=0))) == [("a", 5, 5)]
    torn = all_of(check("a", "at_least", 5), check("a", "at_most", 4))
    assert find(torn, know(a=0)) is None
    # What passes now may have to give way to another part.
    either = all_of(
        any_of(check("a", "at_most", 2), check("b", "at_least", 1)), check("a", "at_least", 5)
    )
    assert say(get(either, know(a=0, b=0))) == [("a", 5, 5), ("b", 1, 1)]


def test_the_cheapest_bands_that_reach_the_mark() -> None:
    def ladder(fact: str, *steps: tuple[int, int]) -> dict[str, Any]:
        return bands(*((points, check(fact, "at_least", bound)) for bound, points in steps))

    sheet = score(
        60,
        ladder("staff", (10, 4), (15, 8), (20, 12), (25, 16), (30, 20)),
        ladder("rd", (2, 10), (3, 20), (4, 30), (5, 40), (6, 50)),
        ladder("rights", (1, 6), (2, 12), (3, 18), (4, 24), (5, 30)),
    )
    # 4 + 20 + 12 are there; 24 more: one step alone cannot, rd by two and rights by two can,
    # or rd by three.
    change = get(sheet, know(staff=12, rd=3, rights=2))
    assert say(change) == [("rd", 6, 6)]
    assert change.is_smallest
    # Where rd cannot change, one of the others is enough at first, then both, each as far as is
    # needed: 4 + 30 + 12 are there.
    change = get(sheet, know(staff=12, rd=4, rights=2), efforts={"rd": None})
    assert say(change) == [("rights", 5, 5)]
    change = get(sheet | {"mark": 70}, know(staff=12, rd=4, rights=2), efforts={"rd": None})
    assert say(change) == [("staff", 20, 20), ("rights", 5, 5)]


def test_a_part_with_a_least_of_its_own() -> None:
    clause = score(
        10,
        bands((10, check("a", "at_least", 1))),
        bands((4, check("b", "at_least", 1)), (8, check("b", "at_least", 5)), least=4),
    )
    assert say(get(clause, know(a=1, b=0))) == [("b", 1, 1)]


def test_codes_and_sets_change_by_as_few_codes_as_do() -> None:
    assert say(get(check("k", "one_of", codes=["y", "x"]), know(k="z"))) == [("k", "x", None)]
    clause = all_of(
        check("s", "overlaps", codes=["x", "y"]),
        check("s", "excludes", codes=["x"]),
        check("s", "includes", codes=["z"]),
    )
    assert say(get(clause, know(s=frozenset({"x"})))) == [("s", frozenset({"y", "z"}), None)]
    assert say(get(clause, know())) == [("s", frozenset({"y", "z"}), None)]
    accident = check("accident", "equals") | {"bound": False}
    assert say(get(accident, know())) == [("accident", False, None)]


def test_a_scale_is_climbed_no_further_than_it_must() -> None:
    gate = {
        "kind": "check",
        "fact": "gate",
        "comparator": "at_least",
        "bound": "prototype",
        "scale": ["principle", "lab", "prototype", "pilot"],
    }
    assert say(get(gate, know(gate="lab"))) == [("gate", 2, 2)]
    assert find(gate | {"bound": "pilot", "closed": False}, know(gate="lab")) is None


def test_time_is_changed_like_any_other_fact_unless_it_is_fixed() -> None:
    clause = check("founded_on", "at_least", 1, unit="year", elapsed=True)
    facts = know(founded_on=date(2025, 6, 1))
    wanted = date(2025, 3, 3).toordinal()
    assert say(get(clause, facts)) == [("founded_on", wanted, wanted)]
    assert find(clause, facts, efforts={"founded_on": None}) is None


@given(rules, known)
def test_applied_it_makes_the_rule_pass(rule: dict[str, Any], facts: Facts) -> None:
    document = make(rule)
    change = find_smallest_change(document, facts, ON)
    passes = evaluate(document, facts, ON).verdict is Verdict.PASS
    if passes:
        assert change is not None
        assert change.steps == ()
    if change is not None:
        assert change.is_smallest
        assumed = change.assumed
        assert evaluate(document, facts, ON, assumed=assumed).verdict is Verdict.PASS
        # Nothing of it can be left out.
        for left_out in assumed:
            rest = {q: value for q, value in assumed.items() if q != left_out}
            assert evaluate(document, facts, ON, assumed=rest).verdict is not Verdict.PASS


@given(rules_of_numbers, known)
@settings(max_examples=60)
def test_no_smaller_one_exists_among_all_values(rule: dict[str, Any], facts: Facts) -> None:
    document = make(rule)
    change = find_smallest_change(document, facts, ON)
    quantities = [
        q
        for q in map(Quantity, NUMBERS)
        if q in {check.quantity for check in document.list_checks()}
    ]
    stated = {q: facts[q.fact][0].value if q.fact in facts else None for q in quantities}

    def weigh(values: dict[Quantity, int]) -> tuple[int, Fraction]:
        moved = Fraction(0)
        for quantity, value in values.items():
            before = stated[quantity]
            if not isinstance(before, int):
                moved += 1
            elif far := abs(before - value):
                moved += Fraction(far, abs(before) + far)
        return len(values), moved

    best = None
    for values in product(*([None, *(v for v in GRID if v != stated[q])] for q in quantities)):
        chosen = {q: v for q, v in zip(quantities, values, strict=True) if v is not None}
        weight = weigh(chosen)
        if (best is None or weight < best) and (
            evaluate(document, facts, ON, assumed=chosen).verdict is Verdict.PASS
        ):
            best = weight
    if change is None:
        assert best is None
    else:
        wanted = {step.quantity: step.wanted for step in change.steps}
        assert best == weigh({q: v for q, v in wanted.items() if isinstance(v, int)})


@given(rules, known)
def test_facts_that_say_what_was_wanted_pass(rule: dict[str, Any], facts: Facts) -> None:
    """Not only in the mind: where every quantity is a fact of its own, stating it is enough."""
    document = make(rule)
    change = find_smallest_change(document, facts, ON)
    if change is None or any(step.quantity.over or step.quantity.window for step in change.steps):
        return
    assert all(not isinstance(step.wanted, Fraction) for step in change.steps)
    said = {**facts, **{step.quantity.fact: [Stated(step.wanted)] for step in change.steps}}
    judged = evaluate(document, said, ON).verdict
    shares = {check.quantity.fact for check in document.list_checks() if check.quantity.over}
    shares |= {check.quantity.over for check in document.list_checks() if check.quantity.over}
    if not shares & {step.quantity.fact for step in change.steps}:
        assert judged is Verdict.PASS


@given(st.integers(1, 99), st.integers(0, 50), st.integers(1, 50), st.booleans())
def test_both_ways_to_mend_a_ratio_mend_it(
    percent: int, above: int, below: int, closed: bool
) -> None:
    document = make(check("a", "at_least", percent, unit="percent", over="b", closed=closed))
    gap = evaluate(document, know(a=above, b=below), ON).gap
    if gap is None:
        return
    more = Fraction(0) if closed else Fraction(1, 1000)
    assert gap.numerator is not None
    raised = know(a=above + Fraction(gap.numerator) + more, b=below)
    assert evaluate(document, raised, ON).verdict is Verdict.PASS
    if gap.denominator is not None:
        lowered = know(a=above, b=below - Fraction(gap.denominator) - more)
        assert evaluate(document, lowered, ON).verdict is not Verdict.FAIL


def test_beyond_its_limit_it_gives_a_change_that_is_enough_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "STEPS_LIMIT", 3)
    clause = all_of(
        check("a", "at_least", 5), any_of(check("b", "at_least", 5), check("c", "at_least", 5))
    )
    change = get(clause, know(a=0, b=0, c=0))
    assert not change.is_smallest
    assert [step.quantity.fact for step in change.steps] in (["a", "b"], ["a", "c"])


def test_a_large_rule_is_answered_within_its_limit() -> None:
    parts = [
        bands(*((points, check(f"f{number}", "at_least", points)) for points in range(1, 7)))
        for number in range(25)
    ]
    change = get(score(100, *parts), know(**{f"f{number}": 1 for number in range(25)}))
    assert change.is_smallest
    assert change.effort == 15
    window = {"years": 3, "aggregate": "sum"}
    sums = all_of(*(check(f"f{n}", "at_least", 6, window=window) for n in range(25)))
    facts = know(**{f"f{n}": [year(y, 1) for y in (2023, 2024, 2025)] for n in range(25)})
    assert get(sums, facts).effort == 25
