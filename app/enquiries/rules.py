"""Until when a question is answered, and when whoever answers is told again."""

from datetime import datetime, timedelta
from typing import Final

# Told to whoever asks, before they ask.
ANSWER_WITHIN: Final = timedelta(days=14)
_RECALLED_BEFORE: Final = timedelta(days=4)
_RECALLED_AGAIN: Final = timedelta(days=7)

WORDS_LIMIT: Final = 2000

# Of one need, or one provider.
MOST_A_DAY: Final = 5

# Lists of so many days are counted for a provider who asks.
COUNTED_FOR: Final = timedelta(days=90)


def find_next_reminder(due_at: datetime, at: datetime) -> datetime:
    """When whoever answers is told again of what is due at `due_at`, seen from `at`.

    Four days before, when it is due, and then once a week.
    """
    before = due_at - _RECALLED_BEFORE
    if at < before:
        return before
    return due_at if at < due_at else at + _RECALLED_AGAIN
