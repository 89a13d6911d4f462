"""What can be true of an actor and of claims and orders at centres."""

from app.access.actor import Actor
from app.access.predicates import Rule, is_provider, is_provider_side
from models.engagements import Engagement
from models.instruments import Instrument, Slot
from models.providers import Provider
from models.verification import Claim, VerificationOrder


def is_own_centre(actor: Actor, provider: Provider) -> bool:
    """Acts for this provider, which is a centre."""
    return provider.kind == "centre" and is_provider(actor, provider)


def is_centre_side(actor: Actor, engagement: Engagement) -> bool:
    """Acts for the provider of this engagement, which is a centre."""
    return engagement.provider.kind == "centre" and is_provider_side(actor, engagement)


def of_claim(rule: Rule) -> Rule:
    """`rule`, asked of the startup whose claim it is."""

    def apply(actor: Actor, claim: Claim) -> bool:
        return rule(actor, claim.startup)

    return apply


def of_order(rule: Rule) -> Rule:
    """`rule`, asked of the engagement to which an order belongs."""

    def apply(actor: Actor, order: VerificationOrder) -> bool:
        return rule(actor, order.engagement)

    return apply


def of_instrument(rule: Rule) -> Rule:
    """`rule`, asked of the centre whose instrument it is."""

    def apply(actor: Actor, instrument: Instrument) -> bool:
        return rule(actor, instrument.provider)

    return apply


def of_slot(rule: Rule) -> Rule:
    """`rule`, asked of the engagement for whose order a slot is."""

    def apply(actor: Actor, slot: Slot) -> bool:
        return rule(actor, slot.order.engagement)

    return apply
