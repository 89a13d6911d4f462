"""The addresses on this site to which this room's notices and mails lead."""

from models.engagements import Engagement


def address_of_workspace(engagement: Engagement) -> str:
    """The page on which the two sides work together."""
    return f"/engagements/{engagement.public_id}/workspace"
