"""The end of a care takes its open cases with it, and that of a commissioner every care."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor
from app.commissioners.holding import move_care, move_case
from app.commissioners.trace import leave_mark, tell_carer, tell_startup
from models.commissioner_codes import CaseClosure
from models.commissioner_states import CARE_STANDS, CASE_RUNS
from models.commissioners import Commissioner, CompanyCare, FinanceCase


def end_all_cares(
    session: Session, commissioner: Commissioner, *, actor: Acting, at: datetime
) -> None:
    """Nobody is in the care of a commissioner who is none any more; the startups are told."""
    cares = session.scalars(
        select(CompanyCare)
        .where(CompanyCare.commissioner_id == commissioner.id, CompanyCare.state.in_(CARE_STANDS))
        .order_by(CompanyCare.id)
        .with_for_update(of=CompanyCare)
        .execution_options(populate_existing=True)
    ).all()
    for care in cares:
        end_one(session, care, "", actor=actor, at=at)
        tell_startup(session, care, "care_ended", at=at)


def end_one(
    session: Session, care: CompanyCare, words: str, *, actor: Acting, at: datetime
) -> None:
    """The care is over, or was never begun; what was open in it is closed."""
    move_care(care, "end" if care.state == "active" else "withdraw", at=at)
    care.end_words = words
    care.ended_by_id = actor.person_id if isinstance(actor, Actor) else None
    close_open(session, care, at=at)
    leave_mark(session, care, "care_ended", actor=actor, at=at)


def close_open(session: Session, care: CompanyCare, *, at: datetime) -> None:
    """Whatever still ran in `care` came to nothing."""
    running = session.scalars(
        select(FinanceCase)
        .where(FinanceCase.care_id == care.id, FinanceCase.state.in_(CASE_RUNS))
        .with_for_update(of=FinanceCase)
        .execution_options(populate_existing=True)
    ).all()
    for case in running:
        move_case(case, "close", at=at)
        case.closure = CaseClosure.CARE_ENDED
    session.flush()


def tell_of_end(session: Session, care: CompanyCare, *, actor: Actor, at: datetime) -> None:
    """Both sides know of it, but for whoever did it."""
    tell_startup(session, care, "care_ended", at=at, but=actor)
    tell_carer(session, care, "care_ended", at=at, but=actor)
