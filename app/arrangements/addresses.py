"""The addresses on this site to which this room's notices and mails lead."""

from models.engagements import Engagement


def address_of_arrangement(engagement: Engagement) -> str:
    """The page that both sides of an engagement have of their arrangement."""
    return f"/engagements/{engagement.public_id}/arrangement"
