"""The addresses on this site to which this room's notices lead."""

from models.providers import Provider


def address_of_availability(provider: Provider) -> str:
    """The page on which a provider says when it can be met."""
    return f"/providers/{provider.public_id}/availability"


def address_of_feed(token: str) -> str:
    """Where calendar programs fetch the sessions of whoever has `token`."""
    return f"/calendar/feed/{token}.ics"
