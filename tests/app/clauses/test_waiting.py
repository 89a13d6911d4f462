"""What time alone does, and the calendar that it goes by."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clauses import Verdict, evaluate, find_earliest, find_latest
from app.clauses.calendar import add_months, find_first_begin, find_last_begin
from tests.app.clauses.samples import ON, all_of, any_of, bands, check, know, make, score

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
spans = st.integers(0, 400)


def aged(comparator: str, years: int, **more: Any) -> dict[str, Any]:
    return check("founded_on", comparator, years, unit="year", elapsed=True, **more)


@given(days, spans)
def test_a_month_ends_on_its_day_or_its_last(day: date, months: int) -> None:
    end = add_months(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@given(days, spans)
def test_the_ends_of_what_has_begun(on: date, months: int) -> None:
    last = find_last_begin(on, months)
    assert add_months(last, months) <= on < add_months(last + timedelta(days=1), months)
    first = find_first_begin(on, months)
    assert add_months(first, months) >= on > add_months(first - timedelta(days=1), months)


def test_it_passes_once_it_is_old_enough() -> None:
    document = make(all_of(aged("at_least", 1), check("staff", "at_least", 3)))
    facts = know(founded_on=date(2025, 6, 30), staff=3)
    assert find_earliest(document, facts, ON) == date(2026, 6, 30)
    assert find_earliest(document, know(founded_on=date(2025, 6, 30), staff=2), ON) is None
    assert find_earliest(document, know(founded_on=date(2024, 6, 30), staff=3), ON) == ON
    assert find_earliest(document, know(staff=3), ON) is None
    open_ended = make(aged("at_least", 1, closed=False))
    assert find_earliest(open_ended, facts, ON) == date(2026, 7, 1)


def test_it_no_longer_passes_once_it_is_too_old() -> None:
    document = make(any_of(aged("at_most", 3), check("staff", "at_least", 100)))
    facts = know(founded_on=date(2024, 6, 30), staff=3)
    assert find_latest(document, facts, ON) == date(2027, 6, 30)
    assert find_latest(document, know(founded_on=date(2024, 6, 30), staff=100), ON) is None
    assert find_latest(document, know(founded_on=date(2020, 6, 30), staff=3), ON) is None


def test_a_score_waits_too() -> None:
    document = make(score(3, bands((1, aged("at_least", 1)), (3, aged("at_least", 2)))))
    assert find_earliest(document, know(founded_on=date(2025, 6, 30)), ON) == date(2027, 6, 30)


@pytest.mark.parametrize("unit", ["day", "month", "year"])
@given(days, st.integers(0, 60), st.booleans(), st.booleans())
def test_the_day_that_is_given_is_the_first(
    unit: str, begun: date, amount: int, closed: bool, is_least: bool
) -> None:
    comparator = "at_least" if is_least else "at_most"
    document = make(check("founded_on", comparator, amount, unit=unit, elapsed=True, closed=closed))
    facts = know(founded_on=begun)
    first, last = find_earliest(document, facts, ON), find_latest(document, facts, ON)

    def judge(day: date) -> bool:
        return evaluate(document, facts, day).verdict is Verdict.PASS

    if first is None:
        assert not judge(ON)
    else:
        assert judge(first)
        assert first == ON or not judge(first - timedelta(days=1))
    if last is not None:
        assert judge(last)
        assert not judge(last + timedelta(days=1))
