"""Commissioners: offered or applying, accepted, declined, withdrawn, ended; how many there are."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.clock import today
from app.commissioners.ending import end_all_cares
from app.commissioners.errors import (
    CommissionerKnown,
    CommissionerUnfit,
    OneSided,
    QuotaFull,
)
from app.commissioners.holding import (
    count_active,
    hold_commissioner,
    move_commissioner,
    require_in_time,
)
from app.commissioners.queries.commissioners import read_quotas
from app.commissioners.trace import leave_mark, tell_commissioner, tell_operators
from app.commissioners.values import APPOINTMENTS_A_DAY, CommissionerValues, is_possible_limit
from app.transactions import hold, limit_a_day
from app.words.email_addresses import EmailUnusable, read_email
from models.commissioner_codes import CommissionerKind
from models.commissioner_states import COMMISSIONER, COMMISSIONER_STANDS
from models.commissioners import (
    MOST_OF_A_KIND,
    Commissioner,
    CommissionerQuota,
)
from models.email_addresses import canonical_email
from models.organisations import Incubator
from models.people import Person


def offer_commissioner(
    session: Session,
    *,
    incubator: Incubator,
    name: str,
    email: str,
    values: CommissionerValues,
    actor: Actor,
    at: datetime,
) -> Commissioner:
    """`incubator` asks whoever has `email`, by mail where there is no account yet.

    Raises NotPermitted, CommissionerUnfit, OneSided, CommissionerKnown, TooOften.
    """
    require(actor, "commissioner:offer", incubator)
    email = canonical_email(email)
    try:
        read_email(email)
    except EmailUnusable:
        raise CommissionerUnfit from None
    if not name.strip():
        raise CommissionerUnfit
    person = session.scalar(
        select(Person).where(Person.email == email, Person.deactivated_at.is_(None))
    )
    if person is not None and person.id in (actor.person_id, actor.acts_as_id):
        raise OneSided
    commissioner = _begin(
        session, incubator, "offered", name, email, person, values, actor=actor, at=at
    )
    leave_mark(session, commissioner, "commissioner_offered", actor=actor, at=at)
    tell_commissioner(session, commissioner, "commissioner_offered", at=at)
    return commissioner


def apply_as_commissioner(
    session: Session,
    *,
    incubator: Incubator,
    values: CommissionerValues,
    actor: Actor,
    at: datetime,
) -> Commissioner:
    """The person asks `incubator` to be its commissioner.

    Raises NotPermitted, CommissionerUnfit, CommissionerKnown, TooOften.
    """
    require(actor, "commissioner:apply", incubator)
    person = session.get_one(Person, actor.person_id)
    commissioner = _begin(
        session, incubator, "applied", person.name, person.email, person, values, actor=actor, at=at
    )
    leave_mark(session, commissioner, "commissioner_applied", actor=actor, at=at)
    tell_operators(session, commissioner, "commissioner_applied", at=at)
    return commissioner


def accept_commissioner(
    session: Session, *, commissioner: Commissioner, actor: Actor, at: datetime
) -> None:
    """The side that did not begin agrees. Of two who take the last place, one has it.

    Raises NotPermitted, ActionNotAllowed, OneSided, AnswerTooLate, QuotaFull.
    """
    require(actor, "commissioner:decide", commissioner)
    hold_commissioner(session, commissioner)
    # Read afresh, it may be the other side's to decide, or nobody's.
    was_offered = commissioner.state == "offered"
    if commissioner.begun_by_id == actor.person_id or (
        not was_offered and commissioner.person_id == actor.person_id
    ):
        raise OneSided
    if COMMISSIONER.is_allowed("accept", commissioner.state):
        require_in_time(commissioner, at)
        _check_quota(session, commissioner)
    move_commissioner(commissioner, "accept", at=at)
    leave_mark(session, commissioner, "commissioner_accepted", actor=actor, at=at)
    told = tell_operators if was_offered else tell_commissioner
    told(session, commissioner, "commissioner_accepted", at=at)


def decline_commissioner(
    session: Session, *, commissioner: Commissioner, words: str, actor: Actor, at: datetime
) -> None:
    """The side that did not begin does not agree. Raises NotPermitted, ActionNotAllowed."""
    require(actor, "commissioner:decide", commissioner)
    hold_commissioner(session, commissioner)
    was_offered = commissioner.state == "offered"
    _end(commissioner, "decline", words, actor, at)
    leave_mark(session, commissioner, "commissioner_declined", actor=actor, at=at)
    told = tell_operators if was_offered else tell_commissioner
    told(session, commissioner, "commissioner_declined", at=at)


def withdraw_commissioner(
    session: Session, *, commissioner: Commissioner, actor: Actor, at: datetime
) -> None:
    """Whoever began takes it back. Raises NotPermitted, ActionNotAllowed."""
    require(actor, "commissioner:withdraw", commissioner)
    hold_commissioner(session, commissioner)
    was_offered = commissioner.state == "offered"
    _end(commissioner, "withdraw", "", actor, at)
    leave_mark(session, commissioner, "commissioner_withdrawn", actor=actor, at=at)
    told = tell_commissioner if was_offered else tell_operators
    told(session, commissioner, "commissioner_withdrawn", at=at)


def end_commissioner(
    session: Session, *, commissioner: Commissioner, words: str, actor: Actor, at: datetime
) -> None:
    """One of the two sides ends it, and with it the care of every company.

    Raises NotPermitted, ActionNotAllowed.
    """
    require(actor, "commissioner:end", commissioner)
    hold_commissioner(session, commissioner)
    _end(commissioner, "end", words, actor, at)
    leave_mark(session, commissioner, "commissioner_ended", actor=actor, at=at)
    is_own = commissioner.person_id == actor.person_id
    told = tell_operators if is_own else tell_commissioner
    told(session, commissioner, "commissioner_ended", at=at)
    end_all_cares(session, commissioner, actor=actor, at=at)


def take_companies(
    session: Session,
    *,
    commissioner: Commissioner,
    most_companies: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """The commissioner takes at most so many companies; those in care stay.

    Raises NotPermitted, CommissionerUnfit.
    """
    require(actor, "commissioner:take", commissioner)
    if not is_possible_limit(most_companies):
        raise CommissionerUnfit
    hold_commissioner(session, commissioner)
    commissioner.most_companies = most_companies
    commissioner.updated_at = at
    leave_mark(session, commissioner, "commissioner_limited", actor=actor, at=at)


def set_quotas(
    session: Session,
    *,
    incubator: Incubator,
    quotas: Mapping[CommissionerKind, int | None],
    actor: Actor,
    at: datetime,
) -> None:
    """How many of each of these kinds `incubator` has at most; those who stand stay.

    Raises NotPermitted, CommissionerUnfit.
    """
    require(actor, "commissioner:limit", incubator)
    if any(most is not None and not 0 <= most <= MOST_OF_A_KIND for most in quotas.values()):
        raise CommissionerUnfit
    hold(session, incubator)
    known = {
        row.kind: row
        for row in session.scalars(
            select(CommissionerQuota).where(CommissionerQuota.incubator_id == incubator.id)
        )
    }
    for kind, most in quotas.items():
        if kind in known:
            known[kind].most = most
        else:
            session.add(CommissionerQuota(incubator_id=incubator.id, kind=kind, most=most))
    session.flush()
    record(
        session,
        actor=actor,
        kind="commissioner_quotas_set",
        subject=incubator,
        at=at,
        incubator_id=incubator.id,
    )


def _begin(
    session: Session,
    incubator: Incubator,
    state: str,
    name: str,
    email: str,
    person: Person | None,
    values: CommissionerValues,
    *,
    actor: Actor,
    at: datetime,
) -> Commissioner:
    if not values.is_possible(today(at)):
        raise CommissionerUnfit
    hold(session, incubator)
    if session.scalar(
        select(Commissioner.id).where(
            Commissioner.incubator_id == incubator.id,
            Commissioner.contact == email,
            Commissioner.state.in_(COMMISSIONER_STANDS),
        )
    ):
        raise CommissionerKnown
    limit_a_day(
        session,
        Commissioner.created_at,
        Commissioner.incubator_id == incubator.id,
        Commissioner.contact == email,
        most=APPOINTMENTS_A_DAY,
        at=at,
    )
    commissioner = Commissioner(
        incubator=incubator,
        person=person,
        state=state,
        kind=values.kind,
        name=name,
        contact=email,
        institution=values.institution,
        words=values.words,
        last_day=values.last_day,
        most_companies=values.most_companies,
        begun_by_id=actor.person_id,
        created_at=at,
        updated_at=at,
    )
    session.add(commissioner)
    session.flush()
    return commissioner


def _check_quota(session: Session, commissioner: Commissioner) -> None:
    incubator, kind = commissioner.incubator, commissioner.kind
    most = read_quotas(session, incubator)[kind]
    taken = count_active(session, Commissioner, incubator_id=incubator.id, kind=kind)
    if most is not None and taken >= most:
        raise QuotaFull


def _end(commissioner: Commissioner, action: str, words: str, actor: Actor, at: datetime) -> None:
    move_commissioner(commissioner, action, at=at)
    commissioner.end_words = words
    commissioner.ended_by_id = actor.person_id
