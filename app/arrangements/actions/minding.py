"""What the clock does: all that binds is judged once more, and what nobody answers ends."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.access import Acting, require
from app.arrangements.actions.ending import clear_end
from app.arrangements.following import RESTS_ON_GATES, judge_end
from app.arrangements.proving import judge_tranches, list_proofs
from app.arrangements.trace import leave_step, lock_arrangement, tell_sides
from app.arrangements.values import is_too_late
from app.clock import today
from app.facts.actions.standing import lock_subject
from app.words.answer_times import find_bound
from models.arrangement_states import ARRANGEMENT, ARRANGEMENT_BINDS
from models.arrangements import Arrangement


def mind_arrangements(
    session: Session, *, actor: Acting, at: datetime, after: int = 0, limit: int
) -> int | None:
    """Up to `limit` arrangements that bind, or were paid by gates, are judged once more.

    Their numbers are above `after`. Gives the number of the last one, None when there are no more.
    Raises NotPermitted for anybody but the clock.
    """
    require(actor, "arrangement:mind")
    found = session.scalars(
        select(Arrangement)
        .where(RESTS_ON_GATES, Arrangement.id > after)
        .order_by(Arrangement.id)
        .limit(limit)
    ).all()
    for arrangement in found:
        startup = arrangement.engagement.startup
        lock_subject(session, startup)
        lock_arrangement(session, arrangement)
        judge_tranches(session, arrangement, list_proofs(session, startup.id, today(at)), at=at)
        judge_end(session, arrangement, at=at)
    return found[-1].id if len(found) == limit else None


def lapse_offers(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` offers whose last day for an answer is over are drafts again, and proposed ends
    are withdrawn; gives how many.

    Nothing that was set down is lost, and both sides are told. Raises NotPermitted for anybody but
    the clock.
    """
    require(actor, "arrangement:mind")
    bound = find_bound(at)
    is_unanswered = or_(
        and_(
            Arrangement.state == "offered",
            or_(Arrangement.offered_at < bound, Arrangement.due_on <= today(at)),
        ),
        and_(
            Arrangement.state.in_(ARRANGEMENT_BINDS),
            Arrangement.end_outcome.is_not(None),
            Arrangement.end_proposed_at < bound,
        ),
    )
    due = session.scalars(
        select(Arrangement).where(is_unanswered).order_by(Arrangement.id).limit(limit)
    ).all()
    for arrangement in due:
        lock_arrangement(session, arrangement)
        if not is_too_late(arrangement, at):
            continue
        if arrangement.state == "offered":
            kind = "arrangement_unanswered"
            arrangement.state = ARRANGEMENT.follow("lapse", arrangement.state)
            arrangement.offered_by_id = None
        else:
            kind = "arrangement_end_unanswered"
            clear_end(arrangement)
        leave_step(session, arrangement, kind, side=None, actor=actor, at=at)
        tell_sides(session, arrangement, kind, at=at)
    return len(due)
