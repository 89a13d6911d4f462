"""How long an offer between two sides waits for the other one, where nobody says a last day.

Whoever is asked has the day on which they were asked and thirty more, by the calendar of China. No
source that could be read sets such a time: it is this product's own, the same wherever nothing else
is said, so that nobody is bound by an offer that was forgotten.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

from app.clock import CHINA, today

ANSWER_DAYS: Final = 30


def get_last_day(asked_at: datetime) -> date:
    """The last day for an answer to what was asked at `asked_at`."""
    return today(asked_at) + timedelta(days=ANSWER_DAYS)


def is_over(asked_at: datetime, at: datetime) -> bool:
    """Whether that day is over at `at`."""
    return get_last_day(asked_at) < today(at)


def find_bound(at: datetime) -> datetime:
    """What was asked before this moment is over at `at`: for databases, which compare moments."""
    return datetime.combine(today(at) - timedelta(days=ANSWER_DAYS), time(), CHINA)


def end_of(day: date) -> datetime:
    """When `day` ends, as what waits says it."""
    return datetime.combine(day, time(23, 59), CHINA)
