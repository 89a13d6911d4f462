"""From when to when a calendar says that somebody is taken (RFC 5545), and nothing else of it.

Recurrences are worked out by `dateutil`, on the clock of the entry's own zone, up to a horizon:
docs/adr/recurrences-are-worked-out-with-dateutil.md says why.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar

Span = tuple[datetime, datetime]

# What nobody's calendar has: beyond it, whatever is read is not a person's.
MOST_ENTRIES: Final = 20_000
MOST_SPANS: Final = 5_000
_MOST_TIMES: Final = 5_000
_DEADLINE: Final = 10.0
# Entries that repeat faster than daily, or since before there were calendar programs, are none
# that somebody would have.
_SLOW: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_FIRST_YEAR: Final = 1970
_LONGEST: Final = timedelta(days=370)


class CalendarUnreadable(ValueError):
    """It is no calendar, or one that is too much. The message is a word of ours."""


def list_busy(text: bytes, *, since: datetime, until: datetime, zone: ZoneInfo) -> list[Span]:
    """The stretches from `since` to `until` in which `text` says that somebody is taken, in UTC.

    They are in order and do not touch. Entries that are transparent or cancelled count as free;
    days and times without a zone are those of `zone`. Raises CalendarUnreadable.
    """
    end = time.monotonic() + _DEADLINE
    try:
        calendars = Calendar.from_ical(text.decode("utf-8-sig"), multiple=True)
        events = [event for each in calendars for event in each.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise CalendarUnreadable("unreadable") from error
    if not calendars:
        raise CalendarUnreadable("unreadable")
    if len(events) > MOST_ENTRIES:
        raise CalendarUnreadable("too_much")
    moved = _list_moved(events, zone)
    spans: list[Span] = []
    for event in events:
        if time.monotonic() > end:
            raise CalendarUnreadable("too_much")
        try:
            spans += _read_event(event, moved, since, until, zone)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            # One entry that makes no sense must not hide the others.
            continue
    joined = join_spans(spans)
    if len(joined) > MOST_SPANS:
        raise CalendarUnreadable("too_much")
    return joined


def join_spans(spans: Iterable[Span]) -> list[Span]:
    """The same time in order, without overlaps: what touches or overlaps becomes one."""
    joined: list[Span] = []
    for begins, ends in sorted(spans):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((begins, ends))
    return joined


def _list_moved(events: Iterable[Any], zone: ZoneInfo) -> set[tuple[str, datetime]]:
    """Single times of a series that stand as entries of their own, by UID and former time."""
    moved = set()
    for event in events:
        if "recurrence-id" in event:
            try:
                moved.add((str(event.get("uid", "")), _to_utc(event["recurrence-id"].dt, zone)))
            except (ValueError, AttributeError, OverflowError):
                continue
    return moved


def _read_event(
    event: Any, moved: set[tuple[str, datetime]], since: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[Span]:
    if str(event.get("transp", "")).upper() == "TRANSPARENT":
        return
    if str(event.get("status", "")).upper() == "CANCELLED":
        return
    first = event["dtstart"].dt
    length = _read_length(event, first, zone)
    if not timedelta() < length <= _LONGEST:
        return
    is_single = "rrule" not in event and "rdate" not in event
    if is_single or "recurrence-id" in event:
        begins = _to_utc(first, zone)
        if begins < until and begins + length > since:
            yield max(begins, since), min(begins + length, until)
        return
    uid = str(event.get("uid", ""))
    for begins in _list_times(event, first, since - length, until, zone):
        if begins < until and begins + length > since and (uid, begins) not in moved:
            yield max(begins, since), min(begins + length, until)


def _read_length(event: Any, first: date, zone: ZoneInfo) -> timedelta:
    if "dtend" in event:
        return _to_utc(event["dtend"].dt, zone) - _to_utc(first, zone)
    if "duration" in event:
        length: timedelta = event["duration"].dt
        return length
    # A day without an end is that day (RFC 5545, 3.6.1); a moment takes no time.
    return timedelta() if isinstance(first, datetime) else timedelta(days=1)


def _list_times(
    event: Any, first: date, since: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[datetime]:
    """The beginnings of a series, in UTC. They recur by the clock of the entry's own zone."""
    own = _get_zone(first, zone)
    begins = _to_clock(first, own)
    if begins.year < _FIRST_YEAR:
        return
    last = until.astimezone(own).replace(tzinfo=None) + timedelta(days=1)
    times = rruleset()
    times.rdate(begins)
    for rule in _list_values(event, "rrule"):
        parts = {str(name).upper(): values for name, values in rule.items()}
        if str(parts["FREQ"][0]).upper() not in _SLOW:
            continue
        ends = [_to_clock(each, own) for each in parts.pop("UNTIL", ())]
        kept = ";".join(
            f"{name}={','.join(str(value) for value in values)}" for name, values in parts.items()
        )
        bound = min([*ends, last]).strftime("%Y%m%dT%H%M%S")
        if "COUNT" not in parts:
            kept += f";UNTIL={bound}"
        times.rrule(rrulestr(kept, dtstart=begins))
    for name, add in (("rdate", times.rdate), ("exdate", times.exdate)):
        for values in _list_values(event, name):
            for value in values.dts:
                add(_to_clock(value.dt, own))
    lower = since.astimezone(own).replace(tzinfo=None) - timedelta(days=1)
    for number, clock in enumerate(times.xafter(lower, inc=True)):
        if clock > last or number > _MOST_TIMES:
            return
        yield clock.replace(tzinfo=own).astimezone(UTC)


def _list_values(event: Any, name: str) -> list[Any]:
    values = event.get(name, [])
    return values if isinstance(values, list) else [values]


def _get_zone(first: date, zone: ZoneInfo) -> tzinfo:
    own = first.tzinfo if isinstance(first, datetime) else None
    return own or zone


def _to_clock(value: Any, own: tzinfo) -> datetime:
    """What a clock in the zone `own` shows at that day or time."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  (a clock on a wall)
    return (value.astimezone(own) if value.tzinfo else value).replace(tzinfo=None)


def _to_utc(value: Any, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=zone).astimezone(UTC)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
