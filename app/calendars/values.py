"""The shape of what a provider says about its time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.calendars import DAY_MINUTES, ExceptionKind


@dataclass(frozen=True, slots=True, order=True)
class DayHours:
    """From when to when on a weekday (Monday is 0), in minutes after midnight."""

    weekday: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Days that differ from every week, between two minutes of each day."""

    kind: ExceptionKind
    first_on: date
    last_on: date
    begins: int = 0
    ends: int = DAY_MINUTES


@dataclass(frozen=True, slots=True)
class AvailabilityValues:
    """All that can be set, but the exceptions. `host_id` None: whoever joined first."""

    time_zone: str
    hours: tuple[DayHours, ...] = ()
    buffer_minutes: int = 15
    week_limit: int | None = None
    month_limit: int | None = None
    notice_hours: int = 24
    horizon_days: int = 60
    place: str = ""
    link: str = ""
    host_id: int | None = None


def join_hours(hours: Iterable[DayHours]) -> tuple[DayHours, ...]:
    """The same time without overlaps, in order: what touches or overlaps becomes one."""
    joined: list[DayHours] = []
    for each in sorted(hours):
        last = joined[-1] if joined else None
        if last is not None and last.weekday == each.weekday and each.begins <= last.ends:
            joined[-1] = DayHours(last.weekday, last.begins, max(last.ends, each.ends))
        else:
            joined.append(each)
    return tuple(joined)
