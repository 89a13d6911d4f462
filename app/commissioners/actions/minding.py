"""What the clock does: offers find their accounts, terms end, and so does what nobody answers."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.access import Acting, require
from app.clock import today
from app.commissioners.ending import end_all_cares
from app.commissioners.holding import (
    hold_care,
    hold_commissioner,
    move_care,
    move_commissioner,
)
from app.commissioners.trace import (
    leave_mark,
    tell_carer,
    tell_commissioner,
    tell_operators,
    tell_operators_of_care,
    tell_startup,
)
from app.words.answer_times import find_bound
from models.commissioner_states import COMMISSIONER_STANDS
from models.commissioners import Commissioner, CompanyCare
from models.people import Person


def link_commissioners(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` offers are those of the accounts with their address; gives how many.

    Raises NotPermitted for anybody but the clock.
    """
    require(actor, "commissioner:mind")
    found = session.execute(
        select(Commissioner, Person)
        .join(Person, Person.email == Commissioner.contact)
        .where(
            Commissioner.person_id.is_(None),
            Commissioner.state == "offered",
            Person.deactivated_at.is_(None),
        )
        .order_by(Commissioner.id)
        .limit(limit)
    ).all()
    for commissioner, person in found:
        hold_commissioner(session, commissioner)
        if commissioner.state != "offered" or commissioner.person_id is not None:
            continue
        commissioner.person = person
        commissioner.updated_at = at
        leave_mark(session, commissioner, "commissioner_linked", actor=actor, at=at)
        tell_commissioner(session, commissioner, "commissioner_offered", at=at)
    return len(found)


def lapse_commissioners(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` whose last day is over are no commissioners any more; gives how many.

    That of whoever was asked and has not answered is the earlier one of the term's and the one for
    an answer. Raises NotPermitted for anybody but the clock.
    """
    require(actor, "commissioner:mind")
    on = today(at)
    is_unanswered = and_(
        Commissioner.state.in_(("offered", "applied")), Commissioner.updated_at < find_bound(at)
    )
    due = session.scalars(
        select(Commissioner)
        .where(
            Commissioner.state.in_(COMMISSIONER_STANDS),
            or_(Commissioner.last_day < on, is_unanswered),
        )
        .order_by(Commissioner.id)
        .limit(limit)
    ).all()
    for commissioner in due:
        hold_commissioner(session, commissioner)
        if commissioner.state not in COMMISSIONER_STANDS:
            continue
        was_active = commissioner.state == "active"
        kind = "commissioner_over" if was_active else "commissioner_unanswered"
        move_commissioner(commissioner, "lapse", at=at)
        leave_mark(session, commissioner, kind, actor=actor, at=at)
        tell_commissioner(session, commissioner, kind, at=at)
        tell_operators(session, commissioner, kind, at=at)
        end_all_cares(session, commissioner, actor=actor, at=at)
    return len(due)


def lapse_cares(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` startups that wait for an answer, or are waited for, do so no more.

    All who were told of it are told; gives how many. Raises NotPermitted for anybody but the clock.
    """
    require(actor, "commissioner:mind")
    bound = find_bound(at)
    is_unanswered = or_(
        and_(CompanyCare.state == "assigned", CompanyCare.created_at < bound),
        and_(CompanyCare.state == "asked", CompanyCare.consented_at < bound),
    )
    due = session.scalars(
        select(CompanyCare).where(is_unanswered).order_by(CompanyCare.id).limit(limit)
    ).all()
    for care in due:
        hold_care(session, care)
        if care.state not in ("assigned", "asked"):
            continue
        was_assigned = care.state == "assigned"
        move_care(care, "lapse", at=at)
        leave_mark(session, care, "care_unanswered", actor=actor, at=at)
        tell_startup(session, care, "care_unanswered", at=at)
        # Of a startup that has not consented the commissioner never hears.
        tell_carer(session, care, "care_unanswered", at=at)
        if was_assigned:
            tell_operators_of_care(session, care, "care_unanswered", at=at)
    return len(due)
