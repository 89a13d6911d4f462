"""The addresses on this site to which this room's notices and mails lead."""

from models.engagements import Engagement


def address_of_engagement(engagement: Engagement) -> str:
    """The page of an engagement."""
    return f"/engagements/{engagement.public_id}"
