"""Terms of an incubator: added and taken back, version by version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.errors import NotFound
from app.pools.errors import (
    TermIncomplete,
    TermKnown,
    TermsUsedUp,
    TermTooCommon,
    TooManyForms,
    TooManyTerms,
)
from app.ranking.own_terms import get_version, is_too_common
from app.transactions import hold
from models.incubator_terms import (
    INCUBATOR_FORMS_LIMIT,
    INCUBATOR_TERMS_EVER,
    INCUBATOR_TERMS_LIMIT,
    IncubatorTerm,
)
from models.organisations import Incubator


@dataclass(frozen=True, slots=True)
class TermValues:
    """One thing, and how it is called; the first form of each is preferred."""

    chinese: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form."""
        return (*self.chinese, *self.english, *self.abbreviations)


def add_term(
    session: Session, *, incubator: Incubator, values: TermValues, actor: Actor, at: datetime
) -> IncubatorTerm:
    """From the commit on, needs of the incubator's startups that say one form say the others too.

    Raises NotPermitted, TermIncomplete for fewer than two forms, TermTooCommon for one by which
    everybody would be found, TermKnown for a form that another term has, TooManyTerms,
    TooManyForms, TermsUsedUp.
    """
    require(actor, "incubator:edit", incubator)
    hold(session, incubator)
    session.refresh(incubator, ["terms"])
    present = [each for each in incubator.terms if each.taken_back_version is None]
    _check(values, present)
    if len(present) >= INCUBATOR_TERMS_LIMIT:
        raise TooManyTerms(limit=INCUBATOR_TERMS_LIMIT)
    forms = len(values.forms) + sum(len(each.forms) for each in present)
    if forms > INCUBATOR_FORMS_LIMIT:
        raise TooManyForms(limit=INCUBATOR_FORMS_LIMIT)
    if len(incubator.terms) >= INCUBATOR_TERMS_EVER:
        raise TermsUsedUp(limit=INCUBATOR_TERMS_EVER)
    term = IncubatorTerm(
        incubator=incubator,
        chinese=list(values.chinese),
        english=list(values.english),
        abbreviations=list(values.abbreviations),
        added_version=get_version(incubator.terms) + 1,
        added_at=at,
        added_by_id=actor.person_id,
    )
    session.add(term)
    session.flush()
    _record(session, term, "term_added", actor=actor, at=at)
    return term


def take_back_term(
    session: Session, *, incubator: Incubator, public_id: str, actor: Actor, at: datetime
) -> IncubatorTerm:
    """From the commit on the term counts no more; matches from before name their version.

    Raises NotPermitted, and NotFound where the incubator uses no such term.
    """
    require(actor, "incubator:edit", incubator)
    hold(session, incubator)
    session.refresh(incubator, ["terms"])
    for term in incubator.terms:
        if term.public_id == public_id and term.taken_back_version is None:
            term.taken_back_version = get_version(incubator.terms) + 1
            term.taken_back_at, term.taken_back_by_id = at, actor.person_id
            session.flush()
            _record(session, term, "term_taken_back", actor=actor, at=at)
            return term
    raise NotFound


def _check(values: TermValues, present: Sequence[IncubatorTerm]) -> None:
    if len({form.casefold() for form in values.forms}) < 2:
        raise TermIncomplete
    for form in values.forms:
        if is_too_common(form):
            raise TermTooCommon(form=form)
    known = {form.casefold() for each in present for form in each.forms}
    for form in values.forms:
        if form.casefold() in known:
            raise TermKnown(form=form)


def _record(
    session: Session, term: IncubatorTerm, kind: str, *, actor: Actor, at: datetime
) -> None:
    record(
        session,
        actor=actor,
        kind=kind,
        subject=term.incubator,
        incubator_id=term.incubator_id,
        at=at,
        detail={
            "term": term.public_id,
            "version": str(term.taken_back_version or term.added_version),
        },
    )
