"""The addresses on this site to which this room's notices and mails lead."""

from models.engagements import Engagement
from models.instruments import Instrument
from models.providers import Provider
from models.verification import Claim, VerificationOrder

CLAIMS = "/claims"


def address_of_claim(claim: Claim) -> str:
    """The page of a claim, which only its startup has."""
    return f"/claims/{claim.public_id}"


def address_of_order(order: VerificationOrder) -> str:
    """The page of an order, for both sides."""
    return f"/orders/{order.public_id}"


def address_of_released(engagement: Engagement) -> str:
    """What a fund reads of the proof of a startup whose request it has accepted."""
    return f"/engagements/{engagement.public_id}/proof"


def address_of_slots(order: VerificationOrder) -> str:
    """The page with the slots of an order, for both sides."""
    return f"/orders/{order.public_id}/slots"


def address_of_instrument(instrument: Instrument) -> str:
    """The page of an instrument, which only its centre has."""
    return f"/instruments/{instrument.public_id}"


def address_of_queue(provider: Provider) -> str:
    """The page with the orders of a centre."""
    return f"/providers/{provider.public_id}/orders"
