"""The addresses on this site to which this room's notices and mails lead."""

from models.engagements import Engagement
from models.needs import Need
from models.providers import Provider


def address_of_mandate(provider: Provider) -> str:
    """The page with the mandate of an investor."""
    return f"/providers/{provider.public_id}/mandate"


def address_of_openings(need: Need) -> str:
    """The page that says which funds are open for a need."""
    return f"/needs/{need.public_id}/funds"


def address_of_funnel(provider: Provider) -> str:
    """The page with the deals of an investor."""
    return f"/providers/{provider.public_id}/deals"


def address_of_deal(engagement: Engagement) -> str:
    """The page that the fund has of a deal."""
    return f"/engagements/{engagement.public_id}/deal"
