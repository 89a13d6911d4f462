"""The addresses on this site to which this room's notices and mails lead."""

from typing import Final

from models.contradictions import Contradiction
from models.engagements import Engagement
from models.missed_times import MissedTime

# Where the startups of whoever reads wait for places.
QUEUE: Final = "/queue"


def address_of_engagement(engagement: Engagement) -> str:
    """The page of an engagement."""
    return f"/engagements/{engagement.public_id}"


def address_of_missed_time(missed: MissedTime) -> str:
    """The page of a time that was not kept."""
    return f"/missed-times/{missed.public_id}"


def address_of_contradiction(contradiction: Contradiction) -> str:
    """The page on which the two sides differ about a session."""
    return f"/contradictions/{contradiction.public_id}"
