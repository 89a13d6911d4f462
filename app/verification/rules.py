"""What a slot at an instrument keeps or breaks: plain records in, breaches out, no database.

Days and opening hours are those of China, where the centres are; slots begin and end on half hours.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from app.clock import CHINA
from models.canonical import canonical_line
from models.instruments import (
    DAY_MINUTES,
    INSTRUMENT_LIMIT,
    LONGEST_MINUTES,
    MOST_HORIZON_DAYS,
    MOST_MISSED,
    MOST_NOTICE_HOURS,
    MOST_PLACES,
    SLOT_NOTE_LIMIT,
    STEP_MINUTES,
)

STEP: Final = timedelta(minutes=STEP_MINUTES)
# For so long a missed slot counts: this product's rule, no source sets one.
COUNTED_FOR: Final = timedelta(days=90)


class Breach(StrEnum):
    """What stands against a slot."""

    STEP = "step"
    SHORT = "short"
    LONG = "long"
    HOURS = "hours"
    OUTAGE = "outage"
    PLACE = "place"
    DAY = "day"
    NOTICE = "notice"
    HORIZON = "horizon"


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to another."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """How long it lasts, whole minutes alone."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def overlaps(self, other: "Span") -> bool:
        """Whether they share a moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def list_steps(self) -> list[datetime]:
        """The beginnings, in UTC, of its half hours."""
        first = self.starts_at.astimezone(UTC)
        return [first + STEP * number for number in range((self.ends_at - self.starts_at) // STEP)]


def make_span(starts_at: datetime, minutes: int) -> Span | None:
    """So long from a moment on; None at the ends of the calendar."""
    try:
        return Span(
            starts_at.astimezone(UTC), starts_at.astimezone(UTC) + timedelta(minutes=minutes)
        )
    except OverflowError:
        return None


def is_far(span: Span, at: datetime) -> bool:
    """Whether it lies where nobody books anything, and calendars may end."""
    year = timedelta(days=366)
    return span.starts_at < at - year or span.ends_at > at + 2 * year


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentValues:
    """What a centre says of an instrument; see `models.instruments.Instrument`."""

    name: str
    description: str = ""
    is_open: bool = True
    places: int = 1
    least_minutes: int = 60
    most_minutes: int = 8 * 60
    opens_minute: int = 0
    closes_minute: int = DAY_MINUTES
    is_weekdays_only: bool = False
    notice_hours: int = 24
    horizon_days: int = 60
    day_minutes: int | None = None
    cancel_hours: int = 24
    most_missed: int | None = None

    @property
    def is_possible(self) -> bool:
        """Whether every rule can be kept, and they go together."""
        return (
            0 < len(self.name) <= INSTRUMENT_LIMIT
            and self.name == canonical_line(self.name)
            and len(self.description) <= SLOT_NOTE_LIMIT
            and 1 <= self.places <= MOST_PLACES
            and STEP_MINUTES <= self.least_minutes <= self.most_minutes <= LONGEST_MINUTES
            and not self.least_minutes % STEP_MINUTES
            and not self.most_minutes % STEP_MINUTES
            and 0 <= self.opens_minute < self.closes_minute <= DAY_MINUTES
            and not self.opens_minute % STEP_MINUTES
            and not self.closes_minute % STEP_MINUTES
            and 0 <= self.notice_hours <= MOST_NOTICE_HOURS
            and 0 <= self.cancel_hours <= MOST_NOTICE_HOURS
            and 1 <= self.horizon_days <= MOST_HORIZON_DAYS
            and (self.day_minutes is None or self.least_minutes <= self.day_minutes <= DAY_MINUTES)
            and (self.most_missed is None or 1 <= self.most_missed <= MOST_MISSED)
        )


def list_breaches(
    values: InstrumentValues, span: Span, outages: Iterable[Span], others: Sequence[Span]
) -> list[Breach]:
    """What `span` breaks of the rules that hold at any time.

    `others` are the startup's other slots at the instrument.
    """
    found = []
    if not _is_on_steps(span):
        found.append(Breach.STEP)
    if span.minutes < values.least_minutes:
        found.append(Breach.SHORT)
    if span.minutes > values.most_minutes:
        found.append(Breach.LONG)
    if not is_within_hours(values, span):
        found.append(Breach.HOURS)
    if any(span.overlaps(outage) for outage in outages):
        found.append(Breach.OUTAGE)
    if values.day_minutes is not None and not _keeps_days(values.day_minutes, span, others):
        found.append(Breach.DAY)
    return found


def list_too_near_or_far(values: InstrumentValues, span: Span, at: datetime) -> list[Breach]:
    """What `span` breaks of the rules that hold when it is booked at `at`."""
    if span.starts_at < at + timedelta(hours=values.notice_hours):
        return [Breach.NOTICE]
    if span.starts_at > at + timedelta(days=values.horizon_days):
        return [Breach.HORIZON]
    return []


def is_within_hours(values: InstrumentValues, span: Span) -> bool:
    """Whether it is taken over and handed back while the instrument is attended."""
    begins, ends = span.starts_at.astimezone(CHINA), span.ends_at.astimezone(CHINA)
    # Midnight ends the day before.
    last_day = ends.date() if ends.time() != time() else ends.date() - timedelta(days=1)
    ends_minute = ends.hour * 60 + ends.minute or DAY_MINUTES
    if values.is_weekdays_only and (begins.weekday() > 4 or last_day.weekday() > 4):
        return False
    begins_minute = begins.hour * 60 + begins.minute
    return (
        values.opens_minute <= begins_minute < values.closes_minute
        and values.opens_minute < ends_minute <= values.closes_minute
    )


def count_minutes(span: Span) -> Counter[date]:
    """How many minutes of it lie on each day."""
    counted: Counter[date] = Counter()
    begins, ends = span.starts_at.astimezone(CHINA), span.ends_at.astimezone(CHINA)
    while begins < ends:
        midnight = datetime.combine(begins.date() + timedelta(days=1), time(), CHINA)
        until = min(midnight, ends)
        counted[begins.date()] += int((until - begins).total_seconds() // 60)
        begins = until
    return counted


def _keeps_days(day_minutes: int, span: Span, others: Iterable[Span]) -> bool:
    own = count_minutes(span)
    total = own.copy()
    for other in others:
        total.update(count_minutes(other))
    return all(total[day] <= day_minutes for day in own)


def _is_on_steps(span: Span) -> bool:
    first = span.starts_at.astimezone(UTC)
    return (
        first.second == first.microsecond == 0
        and not first.minute % STEP_MINUTES
        and span.ends_at > span.starts_at
        and not (span.ends_at - span.starts_at) % STEP
    )
