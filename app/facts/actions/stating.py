"""Stating a fact."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.facts.actions.standing import (
    Subject,
    get_tenant_id,
    list_beside,
    lock_subject,
    supersede,
)
from app.facts.errors import FactDocumentUnfit, FactTimeUnfit, FactUnfit
from app.facts.values import StatedFact, make_year
from app.vault.queries.documents import get_newest
from models.documents import Document
from models.fact_types import FACT_SPECS, FactSpec, FactSubject, FactTime
from models.facts import Fact, is_value_of
from models.organisations import Startup

# A day may have begun where the subject is and not yet where the clock of the record is.
_AHEAD = timedelta(days=1)


def state_fact(
    session: Session,
    *,
    subject: Subject,
    stated: StatedFact,
    actor: Actor,
    at: datetime,
    document: Document | None = None,
) -> Fact:
    """It is known that `subject` has the value, and nobody has confirmed it yet.

    What was stated of the same thing and not confirmed is superseded; what was confirmed stands
    until this is confirmed too. Stated word for word again, the first one is returned. `document`
    shows it, in its newest version. Raises NotPermitted, FactUnfit, FactTimeUnfit,
    FactDocumentUnfit.
    """
    require(actor, "fact:state", subject)
    spec = FACT_SPECS[stated.fact_type]
    about = FactSubject.STARTUP if isinstance(subject, Startup) else FactSubject.PROVIDER
    if about not in spec.subjects or not is_value_of(spec, stated.value):
        raise FactUnfit
    _check_time(spec, stated, at)
    if document is not None and (document.owner is not subject or document.state != "available"):
        raise FactDocumentUnfit
    lock_subject(session, subject)
    fact = Fact(
        startup_id=subject.id if isinstance(subject, Startup) else None,
        provider_id=None if isinstance(subject, Startup) else subject.id,
        fact_type=stated.fact_type,
        state="stated",
        unit=stated.unit,
        source=stated.source,
        source_note=stated.source_note,
        document_id=document.id if document else None,
        document_number=get_newest(document).number if document else None,
        stated_at=at,
        stated_by_id=actor.person_id,
    )
    fact.set_value(stated.value)
    fact.set_time(stated.begins_on, stated.ends_on)
    older = list_beside(session, fact, "stated")
    for each in older:
        if _says_the_same(each, fact):
            return each
    gone = supersede(session, older, at=at)
    session.add(fact)
    session.flush()
    for each in gone:
        each.superseded_by_id = fact.id
    session.flush()
    record(
        session,
        actor=actor,
        kind="fact_stated",
        subject=fact,
        at=at,
        incubator_id=get_tenant_id(subject),
        detail={"type": fact.fact_type.value},
    )
    return fact


def _check_time(spec: FactSpec, stated: StatedFact, at: datetime) -> None:
    begins_on, ends_on = stated.begins_on, stated.ends_on
    if spec.time is FactTime.ALWAYS:
        if begins_on is not None or ends_on is not None:
            raise FactTimeUnfit
        return
    if begins_on is None or ends_on is None or begins_on > (at + _AHEAD).date():
        raise FactTimeUnfit
    wanted = (begins_on, begins_on) if spec.time is FactTime.DAY else make_year(begins_on.year)
    if (begins_on, ends_on) != wanted:
        raise FactTimeUnfit


def _says_the_same(one: Fact, other: Fact) -> bool:
    names = ("value", "unit", "source", "source_note", "document_id", "document_number")
    return one.stated_by_id == other.stated_by_id and all(
        getattr(one, name) == getattr(other, name) for name in names
    )
