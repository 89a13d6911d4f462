"""Confirming a fact that somebody else stated."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.facts.actions.standing import get_tenant_id, list_beside, lock_fact, supersede
from app.facts.errors import OwnFact
from models.facts import Fact
from models.lifecycle import FACT


def confirm_fact(session: Session, *, fact: Fact, actor: Actor, at: datetime) -> None:
    """`fact` is confirmed, and what was confirmed of the same thing before is superseded.

    Raises NotPermitted, OwnFact when the actor stated it, ActionNotAllowed when it no longer waits.
    """
    require(actor, "fact:confirm", fact)
    lock_fact(session, fact)
    if fact.stated_by_id is not None and fact.stated_by_id in (actor.person_id, actor.acts_as_id):
        raise OwnFact
    state = FACT.follow("confirm", fact.state)
    for each in supersede(session, list_beside(session, fact, "confirmed"), at=at):
        each.superseded_by_id = fact.id
    fact.state = state
    fact.confirmed_at = at
    fact.confirmed_by_id = actor.person_id
    session.flush()
    record(
        session,
        actor=actor,
        kind="fact_confirmed",
        subject=fact,
        at=at,
        incubator_id=get_tenant_id(fact.subject),
        detail={"type": fact.fact_type.value},
    )
