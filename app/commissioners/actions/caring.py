"""Companies come into the care of a commissioner: assigned or asking, and both sides agree."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.commissioners.ending import end_one, tell_of_end
from app.commissioners.errors import (
    CareKnown,
    CompaniesFull,
    NotYetTheirs,
    OneSided,
    StartupElsewhere,
)
from app.commissioners.holding import (
    count_active,
    hold_care,
    hold_commissioner,
    move_care,
    require_in_time,
)
from app.commissioners.trace import leave_mark, tell_carer, tell_startup
from app.commissioners.values import CARES_A_DAY
from app.transactions import limit_a_day
from models.commissioner_states import CARE_STANDS, COMPANY_CARE
from models.commissioners import Commissioner, CompanyCare
from models.organisations import Startup


def assign_company(
    session: Session,
    *,
    commissioner: Commissioner,
    startup: Startup,
    words: str,
    actor: Actor,
    at: datetime,
) -> CompanyCare:
    """The incubator would give `startup` to a commissioner, who hears of it once it consents.

    Raises NotPermitted, NotYetTheirs, StartupElsewhere, CareKnown, TooOften.
    """
    require(actor, "commissioner:assign", commissioner)
    care = _begin(session, commissioner, startup, "assigned", words, actor=actor, at=at)
    leave_mark(session, care, "care_assigned", actor=actor, at=at)
    tell_startup(session, care, "care_assigned", at=at, but=actor)
    return care


def ask_commissioner(
    session: Session,
    *,
    commissioner: Commissioner,
    startup: Startup,
    words: str,
    actor: Actor,
    at: datetime,
) -> CompanyCare:
    """`startup` asks a commissioner of its incubator, and so consents to be known.

    Raises NotPermitted, NotYetTheirs, StartupElsewhere, CareKnown, TooOften.
    """
    require(actor, "commissioner:ask", commissioner)
    if startup.id not in actor.founds:
        raise StartupElsewhere
    care = _begin(session, commissioner, startup, "asked", words, actor=actor, at=at)
    leave_mark(session, care, "care_asked", actor=actor, at=at)
    tell_carer(session, care, "care_asked", at=at)
    return care


def consent_to_care(session: Session, *, care: CompanyCare, actor: Actor, at: datetime) -> None:
    """The startup lets the commissioner know of it.

    Raises NotPermitted, AnswerTooLate, ActionNotAllowed.
    """
    require(actor, "care:consent", care)
    hold_care(session, care)
    require_in_time(care, at)
    move_care(care, "consent", at=at)
    care.consented_at = at
    leave_mark(session, care, "care_consented", actor=actor, at=at)
    tell_carer(session, care, "care_asked", at=at)


def accept_company(session: Session, *, care: CompanyCare, actor: Actor, at: datetime) -> None:
    """The commissioner takes the company. Of two for the last place, one has it.

    Raises NotPermitted, AnswerTooLate, ActionNotAllowed, NotYetTheirs, StartupElsewhere, OneSided,
    CompaniesFull.
    """
    require(actor, "care:accept", care)
    hold_care(session, care)
    require_in_time(care, at)
    _check(care.commissioner, care.startup)
    if care.startup_id in actor.founds:
        raise OneSided
    most = care.commissioner.most_companies
    if most is not None and COMPANY_CARE.is_allowed("accept", care.state):
        taken = count_active(session, CompanyCare, commissioner_id=care.commissioner_id)
        if taken >= most:
            raise CompaniesFull
    move_care(care, "accept", at=at)
    leave_mark(session, care, "care_accepted", actor=actor, at=at)
    tell_startup(session, care, "care_accepted", at=at)


def decline_company(
    session: Session, *, care: CompanyCare, words: str, actor: Actor, at: datetime
) -> None:
    """Whoever is asked does not agree. Raises NotPermitted, ActionNotAllowed."""
    require(actor, "care:decline", care)
    hold_care(session, care)
    move_care(care, "decline", at=at)
    care.end_words = words
    care.ended_by_id = actor.person_id
    leave_mark(session, care, "care_declined", actor=actor, at=at)
    tell_startup(session, care, "care_declined", at=at, but=actor)


def withdraw_company(session: Session, *, care: CompanyCare, actor: Actor, at: datetime) -> None:
    """Whoever asked takes it back. Raises NotPermitted, ActionNotAllowed."""
    require(actor, "care:withdraw", care)
    hold_care(session, care)
    move_care(care, "withdraw", at=at)
    care.ended_by_id = actor.person_id
    leave_mark(session, care, "care_withdrawn", actor=actor, at=at)
    tell_startup(session, care, "care_withdrawn", at=at, but=actor)
    tell_carer(session, care, "care_withdrawn", at=at, but=actor)


def end_care(
    session: Session, *, care: CompanyCare, words: str, actor: Actor, at: datetime
) -> None:
    """One of the sides, or the incubator, ends it; what was open in it is closed.

    Raises NotPermitted, CareOver.
    """
    require(actor, "care:end", care)
    hold_care(session, care)
    if care.state != "active":
        move_care(care, "end", at=at)
    end_one(session, care, words, actor=actor, at=at)
    tell_of_end(session, care, actor=actor, at=at)


def _begin(
    session: Session,
    commissioner: Commissioner,
    startup: Startup,
    state: str,
    words: str,
    *,
    actor: Actor,
    at: datetime,
) -> CompanyCare:
    hold_commissioner(session, commissioner)
    _check(commissioner, startup)
    if session.scalar(
        select(CompanyCare.id).where(
            CompanyCare.commissioner_id == commissioner.id,
            CompanyCare.startup_id == startup.id,
            CompanyCare.state.in_(CARE_STANDS),
        )
    ):
        raise CareKnown
    limit_a_day(
        session,
        CompanyCare.created_at,
        CompanyCare.commissioner_id == commissioner.id,
        CompanyCare.startup_id == startup.id,
        most=CARES_A_DAY,
        at=at,
    )
    care = CompanyCare(
        commissioner=commissioner,
        startup=startup,
        state=state,
        words=words,
        created_at=at,
        updated_at=at,
        consented_at=at if state == "asked" else None,
        begun_by_id=actor.person_id,
    )
    session.add(care)
    session.flush()
    return care


def _check(commissioner: Commissioner, startup: Startup) -> None:
    if commissioner.state != "active":
        raise NotYetTheirs
    if startup.incubator_id != commissioner.incubator_id:
        raise StartupElsewhere
