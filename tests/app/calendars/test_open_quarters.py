"""Which quarters are open: weeks, exceptions, clocks that are put forward and back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars.local_times import QUARTER, LocalTimeRepeated, LocalTimeSkipped, resolve_local
from app.calendars.open_quarters import list_open_quarters
from app.calendars.values import DayHours, Difference, join_hours
from models.calendars import ExceptionKind

pytestmark = pytest.mark.engagements

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 9)


def list_clocks(opened: set[datetime], zone: ZoneInfo) -> list[str]:
    return [each.astimezone(zone).strftime("%a %H:%M") for each in sorted(opened)]


def test_a_week_is_opened_by_the_clock_there() -> None:
    opened = list_open_quarters(
        [DayHours(0, 9 * 60, 10 * 60)],
        [],
        zone=SHANGHAI,
        first_on=MONDAY,
        last_on=MONDAY + timedelta(days=6),
    )
    assert list_clocks(opened, SHANGHAI) == ["Mon 09:00", "Mon 09:15", "Mon 09:30", "Mon 09:45"]
    assert min(opened) == datetime(2026, 3, 9, 1, tzinfo=UTC)


def test_what_is_added_counts_more_than_what_is_taken_away() -> None:
    differences = [
        Difference(ExceptionKind.EXTRA, MONDAY, MONDAY, 9 * 60, 9 * 60 + 30),
        Difference(ExceptionKind.AWAY, MONDAY, MONDAY + timedelta(days=1)),
    ]
    hours = [DayHours(weekday, 9 * 60, 11 * 60) for weekday in (0, 1, 2)]
    opened = list_open_quarters(
        hours, differences, zone=SHANGHAI, first_on=MONDAY, last_on=MONDAY + timedelta(days=2)
    )
    assert list_clocks(opened, SHANGHAI)[:3] == ["Mon 09:00", "Mon 09:15", "Wed 09:00"]


@pytest.mark.parametrize(
    ("on", "clocks"),
    [
        # From two to three there is nothing, in October it comes twice.
        (date(2026, 3, 29), ["01:45", "03:00"]),
        (date(2026, 10, 25), ["01:45", "03:00"]),
        (date(2026, 11, 1), ["01:45", "02:00", "02:15", "02:30", "02:45", "03:00"]),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice_is_not_open(on: date, clocks: list[str]) -> None:
    hours = [DayHours(6, 60 + 45, 3 * 60 + 15)]
    opened = list_open_quarters(hours, [], zone=BERLIN, first_on=on, last_on=on)
    assert [each[4:] for each in list_clocks(opened, BERLIN)] == clocks


def test_nine_o_clock_stays_nine_o_clock_when_summer_comes() -> None:
    hours = [DayHours(weekday, 9 * 60, 9 * 60 + 15) for weekday in range(7)]
    opened = sorted(
        list_open_quarters(
            hours, [], zone=BERLIN, first_on=date(2026, 3, 28), last_on=date(2026, 3, 29)
        )
    )
    assert [each.hour for each in opened] == [8, 7]


@settings(max_examples=40)
@given(
    on=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    zone=st.sampled_from(
        ["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Africa/Cairo"]
    ),
    begins=st.integers(0, 95),
    length=st.integers(1, 96),
)
def test_every_day_is_as_its_clock_says(on: date, zone: str, begins: int, length: int) -> None:
    ends = min(begins + length, 96)
    there = ZoneInfo(zone)
    expected = set()
    for number in range(begins, ends):
        try:
            clock = time(number // 4, number % 4 * 15)
            expected.add(resolve_local(on, clock, there))
        except (LocalTimeSkipped, LocalTimeRepeated):
            continue
    hours = [DayHours(on.weekday(), begins * 15, ends * 15)]
    assert list_open_quarters(hours, [], zone=there, first_on=on, last_on=on) == expected
    assert all(each.timestamp() % QUARTER.total_seconds() == 0 for each in expected)


def test_hours_that_touch_become_one() -> None:
    hours = [
        DayHours(1, 600, 660),
        DayHours(0, 540, 600),
        DayHours(0, 600, 660),
        DayHours(0, 0, 15),
    ]
    assert join_hours(hours) == (DayHours(0, 0, 15), DayHours(0, 540, 660), DayHours(1, 600, 660))
