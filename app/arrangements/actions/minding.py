"""The clock looks at every arrangement that binds, for what nobody else has told it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, require
from app.arrangements.following import judge_end
from app.arrangements.proving import judge_tranches, list_proofs
from app.arrangements.trace import lock_arrangement
from app.clock import today
from app.facts.actions.standing import lock_subject
from models.arrangement_states import ARRANGEMENT_BINDS
from models.arrangements import Arrangement


def mind_arrangements(
    session: Session, *, actor: Acting, at: datetime, after: int = 0, limit: int
) -> int | None:
    """Up to `limit` arrangements that bind, with a number above `after`, are judged once more.

    Gives the number of the last one, None when there are no more. Raises NotPermitted for anybody
    but the clock.
    """
    require(actor, "arrangement:mind")
    found = session.scalars(
        select(Arrangement)
        .where(Arrangement.state.in_(ARRANGEMENT_BINDS), Arrangement.id > after)
        .order_by(Arrangement.id)
        .limit(limit)
    ).all()
    for arrangement in found:
        startup = arrangement.engagement.startup
        lock_subject(session, startup)
        lock_arrangement(session, arrangement)
        if arrangement.state not in ARRANGEMENT_BINDS:
            continue
        judge_tranches(session, arrangement, list_proofs(session, startup.id, today(at)), at=at)
        judge_end(session, arrangement, at=at)
    return found[-1].id if len(found) == limit else None
