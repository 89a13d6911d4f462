"""When somebody is taken, by what a calendar says: series, zones, what is too much."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.calendars import busy
from app.calendars.busy import CalendarUnreadable, join_spans, list_busy

pytestmark = pytest.mark.engagements

SHANGHAI = ZoneInfo("Asia/Shanghai")
SINCE = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = datetime(2026, 4, 30, tzinfo=UTC)


def write(*entries: str) -> bytes:
    events = "".join(f"BEGIN:VEVENT\n{each}\nEND:VEVENT\n" for each in entries)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Tests//EN\n{events}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def read(*entries: str) -> list[str]:
    spans = list_busy(write(*entries), since=SINCE, until=UNTIL, zone=SHANGHAI)
    return [f"{begins:%m-%d %H:%M}–{ends:%H:%M}" for begins, ends in spans]


def test_what_stands_once_is_read_in_its_zone() -> None:
    assert read("UID:1\nDTSTART:20260302T010000Z\nDTEND:20260302T020000Z") == ["03-02 01:00–02:00"]
    floating = "UID:1\nDTSTART:20260302T090000\nDURATION:PT90M"
    assert read(floating) == ["03-02 01:00–02:30"]
    zoned = "UID:1\nDTSTART;TZID=Europe/Berlin:20260402T090000\nDURATION:PT1H"
    assert read(zoned) == ["04-02 07:00–08:00"]
    assert read("UID:1\nDTSTART;VALUE=DATE:20260302") == ["03-01 16:00–16:00"]


def test_a_series_keeps_to_its_clock_when_summer_comes() -> None:
    series = (
        "UID:1\nDTSTART;TZID=Europe/Berlin:20260309T090000\nDURATION:PT1H\n"
        "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20260323T090000"
    )
    assert read(series) == ["03-09 08:00–09:00", "03-16 08:00–09:00", "03-30 07:00–08:00"]


def test_one_time_of_a_series_that_was_moved_replaces_it() -> None:
    series = "UID:1\nDTSTART:20260302T010000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3"
    moved = "UID:1\nRECURRENCE-ID:20260303T010000Z\nDTSTART:20260303T050000Z\nDURATION:PT1H"
    assert read(series, moved) == [
        "03-02 01:00–02:00",
        "03-03 05:00–06:00",
        "03-04 01:00–02:00",
    ]
    cancelled = moved + "\nSTATUS:CANCELLED"
    assert read(series, cancelled) == ["03-02 01:00–02:00", "03-04 01:00–02:00"]


def test_added_times_and_an_end_are_kept_to() -> None:
    series = (
        "UID:1\nDTSTART:20260302T010000Z\nDURATION:PT1H\n"
        "RRULE:FREQ=DAILY;UNTIL=20260303T235900Z\nRDATE:20260310T030000Z"
    )
    assert read(series) == ["03-02 01:00–02:00", "03-03 01:00–02:00", "03-10 03:00–04:00"]


def test_what_is_free_or_makes_no_sense_takes_no_time() -> None:
    good = "UID:9\nDTSTART:20260302T010000Z\nDURATION:PT1H"
    for nothing in (
        good + "\nTRANSP:TRANSPARENT",
        good + "\nSTATUS:CANCELLED",
        "UID:2",
        "UID:2\nDTSTART:tomorrow",
        "UID:2\nDTSTART:20260302T010000Z\nDTEND:20260302T000000Z",
        "UID:2\nDTSTART:20200302T010000Z\nDURATION:PT1H",
        "UID:2\nDTSTART:20260302T010000Z\nDURATION:P900D",
    ):
        assert read(nothing) == []
        assert read(nothing.replace("UID:9", "UID:8"), good) == ["03-02 01:00–02:00"]


def test_a_series_without_end_ends_at_the_horizon() -> None:
    daily = "UID:1\nDTSTART:19990101T010000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    assert len(read(daily)) == 60
    # What nobody lives by is left out rather than counted through.
    for rule in ("FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY"):
        assert read(f"UID:1\nDTSTART:19700101T000000Z\nDURATION:PT1M\nRRULE:{rule}") in (
            [],
            ["03-01 00:00–00:01"],
        )
    never = (
        "UID:1\nDTSTART:20000101T000000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"
    )
    assert read(never) == []


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "text", [b"", b"<html></html>", b"\xff\xfe", b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n"]
)
def test_what_is_no_calendar_is_said_to_be_none(text: bytes) -> None:
    with pytest.raises(CalendarUnreadable, match="unreadable"):
        list_busy(text, since=SINCE, until=UNTIL, zone=SHANGHAI)


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = "UID:1\nDTSTART:20260302T010000Z\nDURATION:PT1H"
    monkeypatch.setattr(busy, "MOST_ENTRIES", 2)
    with pytest.raises(CalendarUnreadable, match="too_much"):
        read(entry, entry, entry)
    monkeypatch.setattr(busy, "_DEADLINE", -1.0)
    with pytest.raises(CalendarUnreadable, match="too_much"):
        read(entry)


def test_stretches_that_touch_become_one() -> None:
    hour = timedelta(hours=1)
    spans = [(SINCE + 2 * hour, SINCE + 3 * hour), (SINCE, SINCE + hour)]
    assert join_spans(spans) == sorted(spans)
    assert join_spans([*spans, (SINCE + hour, SINCE + 2 * hour)]) == [(SINCE, SINCE + 3 * hour)]
