"""What can be true of an actor and of schemes of vouchers, finance products and what is drawn."""

from app.access.actor import Actor
from app.access.predicates import Rule, is_founder, is_within
from models.products import FinanceProduct
from models.vouchers import Voucher, VoucherScheme


def of_scheme(rule: Rule) -> Rule:
    """`rule`, asked of the incubator that administers a scheme or keeps a product."""

    def apply(actor: Actor, scheme: VoucherScheme | FinanceProduct) -> bool:
        return rule(actor, scheme.incubator)

    return apply


def of_own_voucher(rule: Rule) -> Rule:
    """`rule`, asked of the startup that a voucher is for; of one that has left, nobody."""

    def apply(actor: Actor, voucher: Voucher) -> bool:
        return voucher.startup is not None and rule(actor, voucher.startup)

    return apply


def can_view_scheme(actor: Actor, scheme: VoucherScheme | FinanceProduct) -> bool:
    """Administers it, or acts for a startup that the incubator hosts; drafts are its own."""
    if scheme.incubator_id in actor.operates:
        return True
    return (
        scheme.state != "draft"
        and scheme.incubator_id in actor.hosted_by
        and is_within(actor, scheme.incubator_id)
    )


def can_view_voucher(actor: Actor, voucher: Voucher) -> bool:
    """Acts for the startup in person, or operates the incubator that administers the scheme."""
    if voucher.scheme.incubator_id in actor.operates:
        return True
    return (
        not actor.is_acting_for_another
        and voucher.startup is not None
        and is_founder(actor, voucher.startup)
    )


def is_officer(actor: Actor, voucher: Voucher) -> bool:
    """Administers the scheme, and acts neither for the startup nor for the centre.

    Nobody reviews what they claimed themselves, also where they have left the startup since.
    """
    order = voucher.order
    if voucher.scheme.incubator_id not in actor.operates or actor.is_acting_for_another:
        return False
    if voucher.startup_id is not None and voucher.startup_id in actor.founds:
        return False
    if order is not None and order.engagement.provider_id in actor.provides:
        return False
    return actor.person_id not in (voucher.reserved_by_id, voucher.claimed_by_id)
