"""Last days by the calendar of mainland China.

A last day on which no office is open ends with the next working day (Civil Code, article 203).
"""

from datetime import date, timedelta

from app.engagements.working_time import is_working_day


def find_last_day(day: date) -> date:
    """The day with which a term ends whose last day is `day`."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
