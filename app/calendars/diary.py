"""Whether a time can be had: rules over what was read of the people and their hours."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.calendars.errors import (
    LengthNotOffered,
    MonthFull,
    TimeAlreadyTaken,
    TimeInThePast,
    TimeNotOpen,
    TimeTooClose,
    TimeTooFar,
    TimeTooSoon,
    WeekFull,
)
from app.calendars.local_times import list_quarters
from app.errors import DomainError
from models.calendars import LENGTHS

# A year and a week of it (ISO 8601), a year and a month.
Week = tuple[int, int]
Month = tuple[int, int]

# As long as the longest session and its buffer, so that nothing that reaches in is overlooked.
REACH = timedelta(days=1)


def get_week(moment: datetime, zone: ZoneInfo) -> Week:
    """The week in which `moment` lies by the clock of `zone`, from Monday (ISO 8601)."""
    year, week, _weekday = moment.astimezone(zone).isocalendar()
    return year, week


def get_month(moment: datetime, zone: ZoneInfo) -> Month:
    """The month in which `moment` lies by the clock of `zone`."""
    local = moment.astimezone(zone)
    return local.year, local.month


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a provider's time is taken, whoever asks for it and however.

    `spans` are the host's other sessions; `in_weeks` and `in_months` count the provider's.
    """

    zone: ZoneInfo
    buffer: timedelta = timedelta()
    week_limit: int | None = None
    month_limit: int | None = None
    spans: Collection[tuple[datetime, datetime]] = ()
    in_weeks: Mapping[Week, int] = field(default_factory=dict)
    in_months: Mapping[Month, int] = field(default_factory=dict)

    def find_obstacle(self, starts_at: datetime, ends_at: datetime) -> DomainError | None:
        """What stands against a session at that time; None where nothing does."""
        for begins, ends in self.spans:
            if begins < ends_at and starts_at < ends:
                return TimeAlreadyTaken()
            if begins < ends_at + self.buffer and starts_at < ends + self.buffer:
                return TimeTooClose(minutes=self.buffer // timedelta(minutes=1))
        week, month = get_week(starts_at, self.zone), get_month(starts_at, self.zone)
        if self.week_limit is not None and self.in_weeks.get(week, 0) >= self.week_limit:
            return WeekFull(limit=self.week_limit)
        if self.month_limit is not None and self.in_months.get(month, 0) >= self.month_limit:
            return MonthFull(limit=self.month_limit)
        return None


@dataclass(frozen=True, slots=True)
class Diary:
    """What decides whether a time is free, of one stretch of time.

    `open_quarters` are those of the provider's hours, `taken` those that somebody of the two sides
    has taken. A time is booked from `earliest` to `latest`; `at` is now.
    """

    open_quarters: Collection[datetime]
    taken: Collection[datetime]
    limits: Limits
    at: datetime
    notice_hours: int = 0
    horizon_days: int = 0

    def find_obstacle(self, starts_at: datetime, minutes: int) -> DomainError | None:
        """Why that time cannot be booked; None where it can."""
        if minutes not in LENGTHS:
            return LengthNotOffered()
        if starts_at <= self.at:
            return TimeInThePast()
        ends_at = starts_at + timedelta(minutes=minutes)
        quarters = list_quarters(starts_at, ends_at)
        if not all(quarter in self.open_quarters for quarter in quarters):
            return TimeNotOpen()
        if any(quarter in self.taken for quarter in quarters):
            return TimeAlreadyTaken()
        if starts_at < self.at + timedelta(hours=self.notice_hours):
            return TimeTooSoon(hours=self.notice_hours)
        if starts_at > self.at + timedelta(days=self.horizon_days):
            return TimeTooFar(days=self.horizon_days)
        return self.limits.find_obstacle(starts_at, ends_at)

    def together_with(self, other: "Diary") -> "JointDiary":
        """What decides for both of them."""
        return JointDiary((self, other))

    def list_free(self, minutes: int, since: datetime, until: datetime) -> list[datetime]:
        """The beginnings of the free times of `minutes`, from `since` to before `until`."""
        return [
            quarter
            for quarter in sorted(self.open_quarters)
            if since <= quarter < until and self.find_obstacle(quarter, minutes) is None
        ]


@dataclass(frozen=True, slots=True)
class JointDiary:
    """Diaries of several providers: free is what is free in all of them."""

    diaries: tuple[Diary, ...]

    def find_obstacle(self, starts_at: datetime, minutes: int) -> DomainError | None:
        """Why that time cannot be booked with all of them; None where it can."""
        obstacles = (diary.find_obstacle(starts_at, minutes) for diary in self.diaries)
        return next((each for each in obstacles if each is not None), None)

    def list_free(self, minutes: int, since: datetime, until: datetime) -> list[datetime]:
        """The beginnings of the times of `minutes` that are free with all of them."""
        first, *others = self.diaries
        return [
            starts_at
            for starts_at in first.list_free(minutes, since, until)
            if all(diary.find_obstacle(starts_at, minutes) is None for diary in others)
        ]
