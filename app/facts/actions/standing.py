"""Which facts stand for one type and one time of one subject, and how one gives way to another."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.transactions import hold, lock
from models.facts import Fact
from models.lifecycle import FACT
from models.organisations import Startup
from models.providers import Provider

Subject = Startup | Provider


def lock_subject(session: Session, subject: Subject) -> None:
    """Whoever else changes facts of `subject` waits for the commit. Raises NotFound."""
    hold(session, subject)


def lock_fact(session: Session, fact: Fact) -> None:
    """`fact` is read afresh, and nobody else's to change until the commit. Raises NotFound."""
    lock_subject(session, fact.subject)
    lock(session, fact)


def list_beside(session: Session, fact: Fact, *states: str) -> list[Fact]:
    """The other facts of the same subject, type and time that are in one of `states`."""
    return list(
        session.scalars(
            select(Fact).where(
                Fact.startup_id.is_not_distinct_from(fact.startup_id),
                Fact.provider_id.is_not_distinct_from(fact.provider_id),
                Fact.fact_type == fact.fact_type,
                Fact.time_key == fact.time_key,
                Fact.state.in_(states),
                Fact.id.is_distinct_from(fact.id),
            )
        )
    )


def supersede(session: Session, facts: Iterable[Fact], *, at: datetime) -> list[Fact]:
    """`facts` no longer stand; they are flushed, so that others can take their place."""
    gone = list(facts)
    for fact in gone:
        fact.state = FACT.follow("supersede", fact.state)
        fact.superseded_at = at
    session.flush()
    return gone


def get_tenant_id(subject: Subject) -> int | None:
    """The incubator whose operators may read the record of what happens to facts of `subject`."""
    return subject.incubator_id if isinstance(subject, Startup) else None
