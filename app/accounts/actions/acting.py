"""An operator stands in for a person whom their incubator looks after. The record names both."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.accounts.queries import can_be_stood_in_for, list_incubators_looking_after
from app.audit import record
from app.errors import NotFound, NotPermitted
from models.organisations import Incubator
from models.people import Person


def begin_acting(
    session: Session,
    *,
    person: Person,
    actor: Actor,
    at: datetime,
    incubator_public_id: str | None = None,
) -> int:
    """`actor` may act for `person`, within the incubator whose id is returned.

    That incubator hosts a startup of the person or has the person's provider in its pool, and
    the actor operates it; where several do, `incubator_public_id` chooses. Raises NotFound when
    none of them looks after the person, NotPermitted for somebody who operates an incubator or
    regulates themselves: nobody borrows such rights.
    """
    require(actor, "acting:begin", person)
    looking_after = set(list_incubators_looking_after(session, person)) & actor.operates
    if incubator_public_id is not None:
        named = session.execute(
            select(Incubator.id, Incubator.public_id).where(Incubator.id.in_(looking_after))
        )
        # Compared here and not there: PostgreSQL refuses to look at a text that holds a NUL.
        looking_after = {row[0] for row in named if row[1] == incubator_public_id}
    if not looking_after or not person.is_active:
        raise NotFound
    if person.id == actor.person_id or not can_be_stood_in_for(session, person):
        raise NotPermitted
    incubator_id = min(looking_after)
    record(
        session,
        actor=actor,
        kind="began_acting",
        subject=person,
        at=at,
        incubator_id=incubator_id,
    )
    session.flush()
    return incubator_id


def end_acting(session: Session, *, person: Person, actor: Actor, at: datetime) -> None:
    """The record says that `actor` no longer acts for `person`. Raises NotFound unless they did."""
    require(actor, "person:leave", person)
    record(
        session,
        actor=actor,
        kind="ended_acting",
        subject=person,
        at=at,
        incubator_id=actor.within_incubator_id,
    )
    session.flush()
