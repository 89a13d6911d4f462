"""Hours count on working days of mainland China, whatever the calendar says of that year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engagements.working_time import (
    add_working_hours,
    add_working_minutes,
    count_working_minutes,
    is_working_day,
)

pytestmark = pytest.mark.engagements

CHINA = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 3, 3), True),  # a Tuesday
        (date(2026, 3, 7), False),  # a Saturday
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 2, 14), True),  # a Saturday on which the Spring Festival is made up for
        (date(2045, 3, 3), True),  # nothing is announced yet: a Friday
        (date(2045, 3, 4), False),
    ],
)
def test_days_on_which_offices_are_open(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        # On a Tuesday morning: the same hour on Friday.
        (datetime(2026, 3, 3, 10, tzinfo=CHINA), datetime(2026, 3, 6, 10, tzinfo=CHINA)),
        # On a Thursday evening: the weekend does not count.
        (datetime(2026, 3, 5, 20, tzinfo=CHINA), datetime(2026, 3, 10, 20, tzinfo=CHINA)),
        # On a Saturday: from Monday on, up to the end of Wednesday.
        (datetime(2026, 3, 7, 9, tzinfo=CHINA), datetime(2026, 3, 12, 0, tzinfo=CHINA)),
        # Before the holidays of October, which last until the 7th.
        (datetime(2026, 9, 30, 12, tzinfo=CHINA), datetime(2026, 10, 10, 12, tzinfo=CHINA)),
    ],
)
def test_three_working_days(asked: datetime, due: datetime) -> None:
    assert add_working_hours(asked, 72) == due
    # By whatever clock it is told.
    assert add_working_hours(asked.astimezone(ZoneInfo("America/New_York")), 72) == due


@settings(max_examples=40, deadline=None)
@given(
    at=st.integers(0, 4 * 365 * 24 * 60),
    hours=st.integers(0, 200),
    more=st.integers(0, 100),
)
def test_time_goes_on_and_ends_on_a_working_day(at: int, hours: int, more: int) -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=at)
    due = add_working_hours(moment, hours)
    assert due - moment >= timedelta(hours=hours)
    # What is added in two parts comes to the same.
    assert add_working_hours(due, more) == add_working_hours(moment, hours + more)
    if hours:
        assert is_working_day((due - timedelta(microseconds=1)).astimezone(CHINA).date())


@settings(max_examples=40, deadline=None)
@given(at=st.integers(0, 4 * 365 * 24 * 60), minutes=st.integers(0, 12_000))
def test_what_is_added_is_what_is_counted(at: int, minutes: int) -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=at)
    due = add_working_minutes(moment, minutes)
    assert count_working_minutes(moment, due) == minutes
    assert count_working_minutes(due, moment) == 0
