"""The addresses on this site to which this room's notices and mails lead."""

from models.engagements import Engagement
from models.organisations import Startup


def address_of_room(startup: Startup) -> str:
    """The page that the founder has of the startup's room."""
    return f"/startups/{startup.public_id}/room"


def address_of_visit(engagement: Engagement) -> str:
    """The page that an investor has of the room of whom it accepted a request."""
    return f"/engagements/{engagement.public_id}/room"
