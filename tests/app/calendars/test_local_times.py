"""Between the reader's clock and UTC: no guess where the clock is changed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.local_times import (
    LONGEST,
    QUARTER,
    LocalTimeRepeated,
    LocalTimeSkipped,
    is_session_span,
    list_quarters,
    resolve_local,
)

pytestmark = pytest.mark.engagements

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC")


def test_a_clock_time_is_resolved_in_its_zone() -> None:
    assert resolve_local(date(2026, 3, 3), time(10), ZoneInfo("Asia/Shanghai")) == datetime(
        2026, 3, 3, 2, tzinfo=UTC
    )
    assert resolve_local(date(2026, 7, 3), time(10), BERLIN) == datetime(2026, 7, 3, 8, tzinfo=UTC)


def test_a_skipped_time_is_refused() -> None:
    with pytest.raises(LocalTimeSkipped):
        resolve_local(date(2026, 3, 29), time(2, 30), BERLIN)
    assert resolve_local(date(2026, 3, 29), time(3), BERLIN) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_repeated_time_is_refused() -> None:
    with pytest.raises(LocalTimeRepeated):
        resolve_local(date(2026, 10, 25), time(2, 30), BERLIN)
    assert resolve_local(date(2026, 10, 25), time(3), BERLIN) == datetime(
        2026, 10, 25, 2, tzinfo=UTC
    )


@given(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1)),
    st.times(),
    st.sampled_from(ZONES),
)
def test_what_is_resolved_shows_the_same_clock(on: date, clock: time, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    try:
        moment = resolve_local(on, clock, zone)
    except (LocalTimeSkipped, LocalTimeRepeated):
        assert zone_name in ("Europe/Berlin", "America/New_York")
        return
    assert moment.tzinfo is UTC
    shown = moment.astimezone(zone)
    assert (shown.date(), shown.time()) == (on, clock)


@pytest.mark.parametrize(
    ("minute", "minutes", "fits"),
    [
        (0, 15, True),
        (45, 480, True),
        (0, 0, False),
        (0, 495, False),
        (5, 15, False),
        (0, 20, False),
        (0, -15, False),
    ],
)
def test_a_session_stands_on_the_quarters(minute: int, minutes: int, fits: bool) -> None:
    starts_at = datetime(2026, 3, 3, 10, minute, tzinfo=UTC)
    assert is_session_span(starts_at, starts_at + timedelta(minutes=minutes)) is fits


@given(st.integers(0, 10**5), st.integers(1, LONGEST // QUARTER), st.sampled_from(ZONES))
def test_quarters_cover_the_session_exactly(start: int, count: int, zone_name: str) -> None:
    starts_at = datetime(2026, 1, 1, tzinfo=UTC) + QUARTER * start
    ends_at = starts_at + QUARTER * count
    local = starts_at.astimezone(ZoneInfo(zone_name))
    assert is_session_span(local, ends_at)
    quarters = list_quarters(local, ends_at)
    assert quarters == [starts_at + QUARTER * number for number in range(count)]
    assert quarters[-1] + QUARTER == ends_at
