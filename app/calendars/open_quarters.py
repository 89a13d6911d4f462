"""Which quarters of an hour are open, by weekly hours, exceptions and a clock on a wall.

A wall clock that is put forward skips times and one that is put back shows them twice; a quarter
that does not exist, or comes twice, is not open: a guess would bring people an hour apart.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.calendars.local_times import (
    QUARTER,
    LocalTimeRepeated,
    LocalTimeSkipped,
    resolve_local,
)
from app.calendars.values import DayHours, Difference
from models.calendars import ExceptionKind

_QUARTER_MINUTES = 15
_DAY = timedelta(days=1)


def list_open_quarters(
    hours: Iterable[DayHours],
    differences: Iterable[Difference],
    *,
    zone: ZoneInfo,
    first_on: date,
    last_on: date,
) -> set[datetime]:
    """The beginnings, in UTC, of the open quarters of the days from `first_on` to `last_on` there.

    On a day the weekly hours count, then what is taken away, then what is added.
    """
    weekly: dict[int, set[int]] = {}
    for each in hours:
        weekly.setdefault(each.weekday, set()).update(_cut(each.begins, each.ends))
    ordered = sorted(differences, key=lambda each: each.kind is ExceptionKind.EXTRA)
    opened: set[datetime] = set()
    on = first_on
    while on <= last_on:
        numbers = set(weekly.get(on.weekday(), ()))
        for difference in ordered:
            if not difference.first_on <= on <= difference.last_on:
                continue
            changed = _cut(difference.begins, difference.ends)
            if difference.kind is ExceptionKind.AWAY:
                numbers -= changed
            else:
                numbers |= changed
        opened.update(_resolve(on, numbers, zone))
        on += _DAY
    return opened


def _cut(begins: int, ends: int) -> set[int]:
    """The numbers of the quarters of a day between two of its minutes."""
    return set(range(begins // _QUARTER_MINUTES, ends // _QUARTER_MINUTES))


def _resolve(on: date, numbers: set[int], zone: ZoneInfo) -> Iterator[datetime]:
    """The moments of the quarters of a day that come exactly once."""
    midnight = datetime.combine(on, time(), tzinfo=zone)
    offset = midnight.utcoffset()
    # Looked at from outside: a change at midnight itself belongs to one of the two days.
    steady = offset == (midnight + _DAY).utcoffset() == (midnight - timedelta(hours=3)).utcoffset()
    for number in numbers:
        if steady:
            moment = midnight.astimezone(UTC) + QUARTER * number
        else:
            hour, quarter = divmod(number, 4)
            try:
                moment = resolve_local(on, time(hour, quarter * _QUARTER_MINUTES), zone)
            except (LocalTimeSkipped, LocalTimeRepeated):
                continue
        if moment.minute % _QUARTER_MINUTES == 0:
            yield moment
