"""The addresses on this site to which this room's notices and mails lead."""

from models.engagements import Engagement
from models.financings import Financing
from models.needs import Need
from models.providers import Provider


def address_of_financing(financing: Financing) -> str:
    """The page that the founder has of a financing."""
    return f"/financings/{financing.public_id}"


def address_of_need_financing(need: Need) -> str:
    """The page that leads to the financing of a need."""
    return f"/needs/{need.public_id}/financing"


def address_of_commitment(engagement: Engagement) -> str:
    """The page that a fund has of a financing for which it accepted a request."""
    return f"/engagements/{engagement.public_id}/commitment"


def address_of_commitments(provider: Provider) -> str:
    """The page with all financings in which a fund takes part."""
    return f"/providers/{provider.public_id}/commitments"
