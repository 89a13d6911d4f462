"""What can be true of an actor and of what somebody asks a human about lists."""

from app.access.actor import Actor
from app.access.predicates import in_person, is_founder
from models.enquiries import ListEnquiry


def is_asker(actor: Actor, enquiry: ListEnquiry) -> bool:
    """Acts for the startup, or for the provider, that asks."""
    if enquiry.need is not None:
        return is_founder(actor, enquiry.need.startup)
    return enquiry.provider_id in actor.provides


def is_asked_to_look(actor: Actor, enquiry: ListEnquiry) -> bool:
    """Operates the incubator that is to answer."""
    return enquiry.incubator_id in actor.operates


def answers_enquiry(actor: Actor, enquiry: ListEnquiry) -> bool:
    """Operates that incubator in person, and is not who asks: it is another who looks."""
    return (
        in_person(actor, enquiry)
        and is_asked_to_look(actor, enquiry)
        and not is_asker(actor, enquiry)
    )
