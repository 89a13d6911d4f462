"""What the clock does: offers find the accounts they were meant for, and terms end."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, require
from app.clock import today
from app.commissioners.ending import end_all_cares
from app.commissioners.holding import hold_commissioner, move_commissioner
from app.commissioners.trace import leave_mark, tell_commissioner, tell_operators
from models.commissioner_states import COMMISSIONER_STANDS
from models.commissioners import Commissioner
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

    Raises NotPermitted for anybody but the clock.
    """
    require(actor, "commissioner:mind")
    on = today(at)
    due = session.scalars(
        select(Commissioner)
        .where(Commissioner.state.in_(COMMISSIONER_STANDS), Commissioner.last_day < on)
        .order_by(Commissioner.id)
        .limit(limit)
    ).all()
    for commissioner in due:
        hold_commissioner(session, commissioner)
        if commissioner.state not in COMMISSIONER_STANDS:
            continue
        move_commissioner(commissioner, "lapse", at=at)
        leave_mark(session, commissioner, "commissioner_over", actor=actor, at=at)
        tell_commissioner(session, commissioner, "commissioner_over", at=at)
        tell_operators(session, commissioner, "commissioner_over", at=at)
        end_all_cares(session, commissioner, actor=actor, at=at)
    return len(due)
