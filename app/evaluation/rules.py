"""Rules about feedback at the end of an engagement that ask no database."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from models.engagements import Engagement
from models.evaluation import EngagementFeedback

# What one side said is read by the other after so long, also where that has not spoken.
REVEALED_AFTER: Final = timedelta(days=7)

# So long after the end of an engagement feedback can begin to be given.
GIVEN_WITHIN: Final = timedelta(days=60)

# Whatever was accepted, once it is over.
ENDED: Final = ("completed", "cancelled")


def is_revealed(given: Sequence[EngagementFeedback], at: datetime) -> bool:
    """Whether both sides can read what was `given` on one engagement."""
    if len(given) > 1:
        return True
    return bool(given) and at >= given[0].given_at + REVEALED_AFTER


def is_in_time(engagement: Engagement, at: datetime) -> bool:
    """Whether feedback on `engagement`, which is over, can still be given at `at`."""
    return engagement.closed_at is not None and at <= engagement.closed_at + GIVEN_WITHIN


def was_engaged(engagement: Engagement) -> bool:
    """Whether it was accepted and is over: who was never answered has nothing to say of it."""
    return engagement.state in ENDED
