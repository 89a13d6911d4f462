"""Withdrawing a fact: it was wrong, or holds no longer."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.errors import ReasonMissing
from app.facts.actions.standing import get_tenant_id, lock_fact
from app.facts.addresses import address_of_facts
from app.telling.notices import list_people_of, tell
from models.facts import Fact
from models.lifecycle import FACT


def withdraw_fact(session: Session, *, fact: Fact, reason: str, actor: Actor, at: datetime) -> None:
    """`fact` is not known any more, from now on; what was known when stays on record.

    What it superseded does not come back: it was replaced for a reason. Whoever acts for the
    subject is told, but the actor. Raises NotPermitted, ReasonMissing, ActionNotAllowed.
    """
    require(actor, "fact:withdraw", fact)
    if not reason:
        raise ReasonMissing
    lock_fact(session, fact)
    fact.state = FACT.follow("withdraw", fact.state)
    fact.withdrawn_at = at
    fact.withdrawn_by_id = actor.person_id
    fact.withdrawal_reason = reason
    session.flush()
    record(
        session,
        actor=actor,
        kind="fact_withdrawn",
        subject=fact,
        at=at,
        incubator_id=get_tenant_id(fact.subject),
        detail={"type": fact.fact_type.value},
    )
    for person in list_people_of(session, startup_id=fact.startup_id, provider_id=fact.provider_id):
        if person.id not in (actor.person_id, actor.acts_as_id):
            tell(
                session,
                person=person,
                kind="fact_withdrawn",
                facts={"name": fact.subject.name, "reason": reason},
                path=address_of_facts(fact.subject),
                at=at,
            )
