"""Between the clock on a reader's wall and UTC, without guessing.

A wall clock that is put forward skips times and one that is put back shows them twice
(Python's `fold`, PEP 495): both are refused, because a guess would bring people an hour apart.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
SHORTEST = QUARTER
LONGEST = timedelta(hours=8)

# Nobody means a session further away than this; a mistyped year is the usual cause.
FURTHEST = timedelta(days=730)


class LocalTimeSkipped(ValueError):
    """The clock is put forward over this time: it does not exist on that day."""


class LocalTimeRepeated(ValueError):
    """The clock is put back over this time: it comes twice on that day."""


def resolve_local(on: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment in UTC at which a wall clock in `zone` shows `clock` on the day `on`.

    Raises LocalTimeSkipped and LocalTimeRepeated; OverflowError at the ends of the calendar.
    """
    first = datetime.combine(on, clock, tzinfo=zone)
    second = first.replace(fold=1)
    moment = first.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != first.replace(tzinfo=None):
        raise LocalTimeSkipped(first.isoformat())
    if second.utcoffset() != first.utcoffset():
        raise LocalTimeRepeated(first.isoformat())
    return moment


def is_session_span(starts_at: datetime, ends_at: datetime) -> bool:
    """Whether it begins on a quarter of an hour and lasts some quarters, up to eight hours."""
    first = starts_at.astimezone(UTC)
    on_quarter = first.second == first.microsecond == 0 and first.minute % 15 == 0
    length = ends_at - starts_at
    return on_quarter and SHORTEST <= length <= LONGEST and not length % QUARTER


def list_quarters(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """The beginnings, in UTC, of the quarters of an hour from `starts_at` up to `ends_at`."""
    first = starts_at.astimezone(UTC)
    return [first + QUARTER * number for number in range((ends_at - starts_at) // QUARTER)]
