"""Time that has passed, by the calendar.

A period of months ends on the day of the same number in its last month, or on that month's last
day where there is none of that number (Civil Code of China, articles 202 and 203).
"""

import calendar
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The day on which `months` after `day` have passed. Stays within the years 1 to 9999."""
    number = min(max(day.year * 12 + day.month - 1 + months, 12), 9999 * 12 + 11)
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def find_last_begin(on: date, months: int) -> date:
    """The latest day from which `months` have passed by `on`."""
    day = add_months(on, -months)
    # A month's end is reached from several days: 28 February from 28 to 31 January.
    while day < date.max and add_months(day + timedelta(days=1), months) <= on:
        day += timedelta(days=1)
    while day > date.min and add_months(day, months) > on:
        day -= timedelta(days=1)
    return day


def find_first_begin(on: date, months: int) -> date:
    """The earliest day from which `months` have not passed before `on`."""
    day = find_last_begin(on, months)
    while day > date.min and add_months(day - timedelta(days=1), months) >= on:
        day -= timedelta(days=1)
    while day < date.max and add_months(day, months) < on:
        day += timedelta(days=1)
    return day
