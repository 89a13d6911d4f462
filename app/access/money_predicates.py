"""What can be true of an actor and of financings, and of the funds that take part in them."""

from app.access.actor import Actor
from app.access.predicates import (
    in_person,
    is_founder,
    is_fund_side,
    is_own_fund,
    is_startup_side,
)
from models.arrangements import Arrangement
from models.engagements import Engagement
from models.financings import Financing, Interest
from models.providers import Provider


def is_own_fund_in_person(actor: Actor, provider: Provider) -> bool:
    """Acts for this investor, and stands in for nobody."""
    return in_person(actor, provider) and is_own_fund(actor, provider)


def is_fund_in_person(actor: Actor, engagement: Engagement) -> bool:
    """Acts for the investor of this engagement, and stands in for nobody."""
    return in_person(actor, engagement) and is_fund_side(actor, engagement)


def is_raising_founder(actor: Actor, interest: Interest | Financing) -> bool:
    """Acts for the startup that raises the money, and stands in for nobody."""
    financing = interest.financing if isinstance(interest, Interest) else interest
    return in_person(actor, financing) and is_founder(actor, financing.need.startup)


def is_investing_fund(actor: Actor, interest: Interest) -> bool:
    """Acts for the fund whose interest it is, and stands in for nobody."""
    return (
        in_person(actor, interest)
        and interest.provider is not None
        and is_own_fund(actor, interest.provider)
    )


def is_arranging_fund(actor: Actor, arrangement: Arrangement) -> bool:
    """Acts for the fund whose arrangement it is, and stands in for nobody."""
    return is_fund_in_person(actor, arrangement.engagement)


def is_founder_side_in_person(actor: Actor, engagement: Engagement) -> bool:
    """Acts for the startup of this engagement, and stands in for nobody."""
    return in_person(actor, engagement) and is_startup_side(actor, engagement)


def is_arranging_founder(actor: Actor, arrangement: Arrangement) -> bool:
    """Acts for the startup that is offered it, and stands in for nobody; a draft is the fund's."""
    return arrangement.state != "draft" and is_founder_side_in_person(actor, arrangement.engagement)
