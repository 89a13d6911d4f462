"""Hours that count on working days of mainland China alone, by whatever clock is read.

The days are those that the State Council announces each year: holidays, and the weekends on which
work is made up (`chinese-calendar`). Of a year that is not announced yet Monday to Friday count.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chinese_calendar import holidays, is_workday

# The years of which the package has the calendar.
_ANNOUNCED = range(min(holidays).year, max(holidays).year + 1)
_CHINA = ZoneInfo("Asia/Shanghai")
_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether offices in mainland China are open on `day`."""
    return bool(is_workday(day)) if day.year in _ANNOUNCED else day.weekday() < _SATURDAY


def add_working_hours(at: datetime, hours: int) -> datetime:
    """The moment in UTC at which `hours` hours of working days have gone by since `at`.

    All 24 hours of a working day in China count, and none of any other day. What ends at midnight
    ends there, not when the next working day begins.
    """
    return add_working_minutes(at, hours * 60)


def add_working_minutes(at: datetime, minutes: int) -> datetime:
    """The same for minutes."""
    moment, left = at.astimezone(_CHINA), timedelta(minutes=minutes)
    while left > timedelta(0):
        midnight = _find_midnight(moment)
        if is_working_day(moment.date()):
            if left <= midnight - moment:
                return (moment + left).astimezone(UTC)
            left -= midnight - moment
        moment = midnight
    return moment.astimezone(UTC)


def choose_reminder(begins_at: datetime, ends_at: datetime) -> datetime:
    """When two thirds of the minutes of working days between the two are over."""
    return add_working_minutes(begins_at, count_working_minutes(begins_at, ends_at) * 2 // 3)


def count_working_minutes(begins_at: datetime, ends_at: datetime) -> int:
    """How many whole minutes of working days lie between the two; 0 where the end comes first."""
    moment, end = begins_at.astimezone(_CHINA), ends_at.astimezone(_CHINA)
    counted = timedelta(0)
    while moment < end:
        midnight = min(_find_midnight(moment), end)
        if is_working_day(moment.date()):
            counted += midnight - moment
        moment = midnight
    return counted // timedelta(minutes=1)


def _find_midnight(moment: datetime) -> datetime:
    """The end of the day of `moment`."""
    return (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
