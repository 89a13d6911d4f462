"""What can be true of an actor and of finance commissioners, companies in their care and cases.

A commissioner acts by the account that the appointment names, and in person alone.
"""

from app.access.actor import Actor
from app.access.predicates import Rule, in_person, is_founder, is_within
from models.commissioners import Commissioner, CompanyCare, FinanceCase


def is_commissioner(actor: Actor, commissioner: Commissioner) -> bool:
    """Is this commissioner, or is asked to be."""
    return in_person(actor, commissioner) and commissioner.person_id == actor.person_id


def is_appointing(actor: Actor, commissioner: Commissioner) -> bool:
    """Operates the incubator of this commissioner."""
    return commissioner.incubator_id in actor.operates


def decides_commissioner(actor: Actor, commissioner: Commissioner) -> bool:
    """Is the side that did not begin: of an offer the person, of an application the incubator."""
    if commissioner.state == "offered":
        return is_commissioner(actor, commissioner)
    return is_appointing(actor, commissioner)


def began_commissioner(actor: Actor, commissioner: Commissioner) -> bool:
    """Is the side that began: of an offer the incubator, of an application the person."""
    if commissioner.state == "offered":
        return is_appointing(actor, commissioner)
    return is_commissioner(actor, commissioner)


def can_ask_commissioner(actor: Actor, commissioner: Commissioner) -> bool:
    """Acts for a startup of the incubator where this commissioner stands."""
    return (
        in_person(actor, commissioner)
        and commissioner.state == "active"
        and commissioner.incubator_id in actor.hosted_by
        and is_within(actor, commissioner.incubator_id)
    )


def is_care_startup(actor: Actor, care: CompanyCare) -> bool:
    """Acts in person for the startup."""
    return in_person(actor, care) and is_founder(actor, care.startup)


def is_care_commissioner(actor: Actor, care: CompanyCare) -> bool:
    """Is the commissioner, and the startup has consented to be known."""
    return care.consented_at is not None and is_commissioner(actor, care.commissioner)


def is_care_operator(actor: Actor, care: CompanyCare) -> bool:
    """Operates the incubator of the commissioner."""
    return is_appointing(actor, care.commissioner)


def decides_care(actor: Actor, care: CompanyCare) -> bool:
    """Is asked: the startup whether it consents, then the commissioner."""
    rule = is_care_startup if care.state == "assigned" else is_care_commissioner
    return rule(actor, care)


def began_care(actor: Actor, care: CompanyCare) -> bool:
    """Has asked: the incubator that assigned it, or the startup."""
    rule = is_care_operator if care.state == "assigned" else is_care_startup
    return rule(actor, care)


def of_care(rule: Rule) -> Rule:
    """`rule`, asked of the care to which a case belongs."""

    def apply(actor: Actor, case: FinanceCase) -> bool:
        return rule(actor, case.care)

    return apply
