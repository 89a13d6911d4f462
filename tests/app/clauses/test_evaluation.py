"""What a rule says of what is known, and why."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.clauses import Facts, Gap, Missing, Stated, Verdict, evaluate
from tests.app.clauses.samples import ON, all_of, any_of, bands, check, know, make, score, year

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN


def judge(clause: dict[str, Any], facts: Facts, on: date = ON) -> Verdict:
    return evaluate(make(clause), facts, on).verdict


@pytest.mark.parametrize(
    ("more", "verdicts"),
    [
        ({"comparator": "at_least", "bound": 5}, (FAIL, PASS, PASS)),
        ({"comparator": "at_least", "bound": 5, "closed": False}, (FAIL, FAIL, PASS)),
        ({"comparator": "at_most", "bound": 5}, (PASS, PASS, FAIL)),
        ({"comparator": "at_most", "bound": 5, "closed": False}, (PASS, FAIL, FAIL)),
        ({"comparator": "equals", "bound": 5}, (FAIL, PASS, FAIL)),
        ({"comparator": "between", "low": 4, "high": 5}, (PASS, PASS, FAIL)),
        ({"comparator": "between", "low": 4, "high": 5, "low_closed": False}, (FAIL, PASS, FAIL)),
        ({"comparator": "between", "low": 4, "high": 5, "high_closed": False}, (PASS, FAIL, FAIL)),
    ],
)
def test_every_bound_is_open_or_closed(more: dict[str, Any], verdicts: tuple[Verdict, ...]) -> None:
    clause = {"kind": "check", "fact": "staff", "unit": "count"} | more
    assert tuple(judge(clause, know(staff=staff)) for staff in (4, 5, 6)) == verdicts


def test_bounds_are_met_exactly_in_every_unit() -> None:
    revenue = check("revenue", "at_least", "0.3", unit="ten_thousand_yuan")
    assert judge(revenue, know(revenue=3_000)) is PASS
    assert judge(revenue, know(revenue=2_999)) is FAIL
    assert judge(revenue, know(revenue=Decimal("2999.99"))) is FAIL
    # A third is nothing that a decimal could hold.
    third = check("a", "at_least", "33.333333333", unit="percent", over="b")
    assert judge(third, know(a=1, b=3)) is PASS
    assert judge(third | {"bound": "33.333333334"}, know(a=1, b=3)) is FAIL


@pytest.mark.parametrize(
    ("parts", "of_all", "of_any"),
    [
        ((PASS, PASS), PASS, PASS),
        ((PASS, UNKNOWN), UNKNOWN, PASS),
        ((FAIL, UNKNOWN), FAIL, UNKNOWN),
        ((FAIL, PASS), FAIL, PASS),
        ((UNKNOWN, UNKNOWN), UNKNOWN, UNKNOWN),
        ((FAIL, FAIL), FAIL, FAIL),
    ],
)
def test_three_values(parts: tuple[Verdict, Verdict], of_all: Verdict, of_any: Verdict) -> None:
    values = {PASS: 5, FAIL: 4}
    facts = know(
        **{name: values[part] for name, part in zip("ab", parts, strict=True) if part in values}
    )
    checks = [check(name, "at_least", 5) for name in "ab"]
    for turned in (checks, checks[::-1]):
        assert judge(all_of(*turned), facts) is of_all
        assert judge(any_of(*turned), facts) is of_any


STAFF_SHARE = bands(
    *(
        (points, check("tech", "at_least", bound, over="staff", unit="percent"))
        for bound, points in ((30, 20), (20, 12), (10, 4))
    ),
    path="staff",
    least=4,
)
RIGHTS = bands(
    (30, check("patents", "at_least", 1)),
    (12, check("designs", "at_least", 2)),
    path="rights",
)


def test_a_score_counts_the_best_band_of_each_part() -> None:
    result = evaluate(
        make(score(40, STAFF_SHARE, RIGHTS)), know(tech=5, staff=20, patents=1, designs=9), ON
    )
    assert (result.verdict, result.points, result.possible, result.mark) == (PASS, 42, 42, 40)
    assert [(part.path, part.points) for part in result.children] == [("staff", 12), ("rights", 30)]


def test_a_score_is_unknown_while_what_is_not_known_could_still_reach_it() -> None:
    clause = score(40, STAFF_SHARE, RIGHTS)
    assert judge(clause, know(tech=5, staff=20, designs=9)) is UNKNOWN
    assert judge(clause, know(tech=5, staff=20, patents=0)) is FAIL
    assert judge(score(33, STAFF_SHARE, RIGHTS), know(tech=6, staff=20, designs=9)) is UNKNOWN
    # Enough points are certain, whatever the rest turns out to be.
    assert judge(score(12, RIGHTS, bands((1, check("x", "at_least", 1)))), know(designs=2)) is PASS


def test_a_part_can_need_points_of_its_own() -> None:
    clause = score(30, STAFF_SHARE, RIGHTS)
    assert judge(clause, know(tech=1, staff=20, patents=1)) is FAIL
    assert judge(clause, know(patents=1)) is UNKNOWN
    grouped = score(12, {"parts": [RIGHTS, STAFF_SHARE], "least": 16}, path="whole")
    assert judge(grouped, know(tech=2, staff=20, patents=0, designs=2)) is PASS
    assert judge(grouped, know(tech=2, staff=20, patents=0, designs=1)) is FAIL


def test_a_mark_can_be_open() -> None:
    part = bands((70, check("a", "at_least", 1)))
    more = bands((1, check("b", "at_least", 1)))
    clause = score(70, part, more, closed=False)
    assert judge(clause, know(a=1, b=0)) is FAIL
    assert judge(clause, know(a=1, b=1)) is PASS


def test_codes() -> None:
    stage = check("stage", "one_of", codes=["seed", "angel"])
    assert judge(stage, know(stage="seed")) is PASS
    assert judge(stage, know(stage="growth")) is FAIL
    fields = {
        comparator: check("fields", comparator, codes=["chips", "health"])
        for comparator in ("overlaps", "includes", "excludes")
    }
    for held, verdicts in (
        (("chips",), (PASS, FAIL, FAIL)),
        (("chips", "health", "cars"), (PASS, PASS, FAIL)),
        (("cars",), (FAIL, FAIL, PASS)),
        ((), (FAIL, FAIL, PASS)),
    ):
        facts = know(fields=frozenset(held))
        assert tuple(judge(each, facts) for each in fields.values()) == verdicts
    # One code is not a set of them, and a set not one of them.
    assert judge(fields["overlaps"], know(fields="chips")) is UNKNOWN
    assert judge(stage, know(stage=frozenset({"seed"}))) is UNKNOWN


def test_truth_values_are_neither_numbers_nor_words() -> None:
    clause = check("accident", "equals") | {"bound": False}
    assert judge(clause, know(accident=False)) is PASS
    assert judge(clause, know(accident=True)) is FAIL
    assert judge(clause, know(accident="no")) is FAIL
    assert judge(check("accident", "at_most", 0), know(accident=False)) is UNKNOWN


def test_codes_of_a_scale_are_compared_by_their_order() -> None:
    clause = {
        "kind": "check",
        "fact": "gate",
        "comparator": "at_least",
        "bound": "prototype",
        "scale": ["principle", "lab", "prototype", "pilot"],
    }
    assert [judge(clause, know(gate=gate)) for gate in ("lab", "prototype", "pilot", "moon")] == [
        FAIL,
        PASS,
        PASS,
        UNKNOWN,
    ]


@pytest.mark.parametrize(
    ("begun", "comparator", "closed", "verdict"),
    [
        (date(2025, 3, 3), "at_least", True, PASS),
        (date(2025, 3, 4), "at_least", True, FAIL),
        (date(2025, 3, 3), "at_least", False, FAIL),
        (date(2025, 3, 2), "at_least", False, PASS),
        (date(2025, 3, 3), "at_most", True, PASS),
        (date(2025, 3, 2), "at_most", True, FAIL),
        (date(2025, 3, 3), "at_most", False, FAIL),
        (date(2025, 3, 4), "at_most", False, PASS),
    ],
)
@pytest.mark.parametrize(("bound", "unit"), [(1, "year"), (12, "month"), (365, "day")])
def test_time_that_has_passed(
    begun: date, comparator: str, closed: bool, verdict: Verdict, bound: int, unit: str
) -> None:
    clause = check("founded_on", comparator, bound, unit=unit, elapsed=True, closed=closed)
    assert judge(clause, know(founded_on=begun)) is verdict


def test_a_leap_day_is_a_year_old_on_the_last_day_of_february() -> None:
    clause = check("founded_on", "at_least", 1, unit="year", elapsed=True)
    facts = know(founded_on=date(2024, 2, 29))
    assert judge(clause, facts, date(2025, 2, 27)) is FAIL
    assert judge(clause, facts, date(2025, 2, 28)) is PASS


def test_dates_are_compared() -> None:
    clause = check("valid_until", "at_least", "2026-03-03", unit="date")
    assert judge(clause, know(valid_until=date(2026, 3, 3))) is PASS
    assert judge(clause, know(valid_until=date(2026, 3, 2))) is FAIL


THREE_YEARS = {"years": 3, "aggregate": "sum"}


def test_a_window_of_years_needs_every_year() -> None:
    clause = check("rd", "at_least", 6, window=THREE_YEARS)
    stated = [year(2022, 100), year(2023, 1), year(2024, 2), year(2025, 3), year(2026, 100)]
    assert judge(clause, know(rd=stated)) is PASS
    assert judge(clause, know(rd=[*stated[:3], year(2025, 2)])) is FAIL
    result = evaluate(make(clause), know(rd=stated[:3]), ON)
    assert (result.verdict, result.value) == (UNKNOWN, Missing.YEAR_MISSING)


def test_a_young_company_has_a_shorter_window() -> None:
    window = THREE_YEARS | {"since": "founded_on"}
    clause = check("rd", "at_least", 3, window=window)
    facts = know(rd=[year(2025, 3)], founded_on=date(2025, 5, 1))
    assert judge(clause, facts) is PASS
    assert judge(clause, know(rd=[year(2025, 3)], founded_on=date(2024, 5, 1))) is UNKNOWN
    # Not a whole year yet: nothing to add up is not nothing spent.
    result = evaluate(make(clause), know(rd=[year(2025, 3)], founded_on=date(2026, 1, 1)), ON)
    assert (result.verdict, result.value) == (UNKNOWN, Missing.NOT_DEFINED)


def test_growth_is_yearly_and_undefined_from_nothing() -> None:
    clause = check(
        "revenue", "at_least", 20, unit="percent", window={"years": 3, "aggregate": "growth"}
    )
    assert judge(clause, know(revenue=[year(2023, 100), year(2024, 1), year(2025, 144)])) is PASS
    assert judge(clause, know(revenue=[year(2023, 100), year(2024, 1), year(2025, 143)])) is FAIL
    result = evaluate(
        make(clause), know(revenue=[year(2023, 0), year(2024, 1), year(2025, 144)]), ON
    )
    assert (result.verdict, result.value) == (UNKNOWN, Missing.NOT_DEFINED)


@pytest.mark.parametrize(
    ("aggregate", "value"),
    [("sum", 9), ("mean", 3), ("least", 2), ("most", 4), ("last", 4)],
)
def test_what_a_window_comes_to(aggregate: str, value: int) -> None:
    clause = check("rd", "at_least", 1, window={"years": 3, "aggregate": aggregate})
    facts = know(rd=[year(2025, 4), year(2023, 2), year(2024, 3)])
    assert evaluate(make(clause), facts, ON).value == value


def test_a_window_of_months_holds_what_ended_in_them() -> None:
    clause = check("equity", "at_least", 5, window={"months": 36, "aggregate": "sum"})
    paid = [
        Stated(100, date(2023, 3, 3), date(2023, 3, 3)),
        Stated(3, date(2023, 3, 4), date(2023, 3, 4)),
        Stated(2, date(2026, 3, 3), date(2026, 3, 3)),
        Stated(100, date(2026, 3, 4), date(2026, 3, 4)),
    ]
    result = evaluate(make(clause), know(equity=paid), ON)
    assert (result.verdict, result.value) == (PASS, 5)
    result = evaluate(make(clause), know(equity=paid[:1]), ON)
    assert (result.verdict, result.value) == (UNKNOWN, Missing.TOO_OLD)


def test_the_last_value_that_had_begun_counts() -> None:
    clause = check("staff", "at_least", 1)
    stated = [year(2024, 4), year(2025, 5), year(2027, 7)]
    assert evaluate(make(clause), know(staff=stated), ON).value == 5
    assert evaluate(make(clause), know(staff=stated), date(2023, 1, 1)).value is Missing.NOT_STATED
    assert evaluate(make(clause), know(staff=stated[2:]), ON).verdict is UNKNOWN


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (know(rd=5), Missing.NOT_STATED),
        (know(rd=5, sales=0), Missing.NOT_DEFINED),
        (know(rd=5, sales=-1), Missing.NOT_DEFINED),
        (know(rd=5, sales="much"), Missing.UNSUITABLE),
        (know(rd=5, sales=Decimal("NaN")), Missing.UNSUITABLE),
    ],
)
def test_a_ratio_that_nobody_can_tell_is_unknown(facts: Facts, missing: Missing) -> None:
    result = evaluate(make(check("rd", "at_least", 5, unit="percent", over="sales")), facts, ON)
    assert (result.verdict, result.value) == (UNKNOWN, missing)


def test_the_gap_says_what_is_missing() -> None:
    assert evaluate(make(check("staff", "at_least", 5)), know(staff=3), ON).gap == Gap(2, True)
    assert evaluate(make(check("staff", "at_most", 5, closed=False)), know(staff=5), ON).gap == Gap(
        0, False, is_open=True
    )
    share = evaluate(
        make(check("rd", "at_least", 5, unit="percent", over="sales")), know(rd=3, sales=100), ON
    ).gap
    assert share == Gap(Fraction(1, 50), True, numerator=2, denominator=40)
    age = evaluate(
        make(check("founded_on", "at_least", 1, unit="year", elapsed=True)),
        know(founded_on=date(2025, 3, 13)),
        ON,
    ).gap
    assert age == Gap(10, is_raise=False)
    assert evaluate(make(check("staff", "at_least", 5)), know(), ON).gap is None


def test_the_explanation_has_the_form_of_the_rule() -> None:
    document = make(
        all_of(
            check("a", "at_least", 1, path="2.1", words={"en": "One at least"}),
            any_of(check("b", "at_least", 1), check("c", "at_least", 1), path="2.2"),
            path="2",
        )
    )
    result = evaluate(document, know(a=0, c=1), ON)
    assert (result.kind, result.path, result.verdict) == ("all", "2", FAIL)
    first, second = result.children
    assert (first.path, first.words["en"], first.value) == ("2.1", "One at least", 0)
    assert (second.path, second.verdict) == ("2.2", PASS)
    assert [(child.path, child.verdict) for child in second.children] == [
        ("2.2.1", UNKNOWN),
        ("2.2.2", PASS),
    ]
