"""What each side says after a session that was held."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.engagements.actions import engagements as actions
from app.engagements.errors import FeedbackAlreadyGiven, RatingInvalid
from app.engagements.trace import get_own_side, leave_trace, lock_session
from app.errors import OutOfOrder
from app.events import announce
from models.engagements import CoachingSession, Engagement, Feedback
from models.lifecycle import ENGAGEMENT, SESSION_OPEN
from models.revisions import mark_changed
from models.vocabulary import Side

RATINGS = range(1, 6)


def give(
    session: Session,
    *,
    coaching_session: CoachingSession,
    rating: int,
    preparation: int | None,
    wants_to_continue: bool,
    comment: str,
    private_note: str,
    actor: Actor,
    at: datetime,
) -> Feedback:
    """One side's feedback stands, once and for all. Ratings run from 1 (poor) to 5 (excellent).

    `comment` is for the operators of the incubator alone; `private_note` is for its author alone
    and cannot be written for somebody else. When both sides have spoken about every session that
    was held and none is planned, the engagement is complete.

    Raises NotPermitted, OutOfOrder unless the session was held, RatingInvalid,
    FeedbackAlreadyGiven.
    """
    engagement = lock_session(session, coaching_session)
    require(actor, "feedback:give", coaching_session)
    side = get_own_side(actor, engagement)
    if private_note:
        require(actor, "feedback:note", coaching_session)
    if coaching_session.state != "held":
        raise OutOfOrder
    if rating not in RATINGS or (preparation is not None and preparation not in RATINGS):
        raise RatingInvalid
    if _count(session, engagement, coaching_session=coaching_session, side=side):
        raise FeedbackAlreadyGiven
    feedback = Feedback(
        engagement=engagement,
        coaching_session=coaching_session,
        author_id=actor.acts_as_id,
        side=side,
        rating=rating,
        preparation=preparation,
        wants_to_continue=wants_to_continue,
        comment=comment,
        private_note=private_note,
        given_at=at,
    )
    session.add(feedback)
    session.flush()
    if side is Side.STARTUP:
        # The mean of these ratings is part of what matching knows of a provider.
        mark_changed(session, engagement.provider_id, standing_only=True)
    leave_trace(
        session,
        engagement=engagement,
        actor=actor,
        kind="feedback_given",
        at=at,
        subject=coaching_session,
    )
    if _count(session, engagement, coaching_session=coaching_session) == len(Side):
        announce(
            session,
            act="feedback_revealed",
            incubator_id=engagement.incubator_id,
            subject=coaching_session,
            at=at,
        )
    if is_said_and_done(session, engagement):
        actions.complete(session, engagement=engagement, actor=actor, at=at)
    return feedback


def is_said_and_done(session: Session, engagement: Engagement) -> bool:
    """Whether an active engagement has nothing left to do.

    Something was held, nothing is planned, and both sides have spoken about all that was held.
    """
    states = actions.list_session_states(session, engagement)
    if not ENGAGEMENT.is_allowed("complete", engagement.state):
        return False
    # What the operators are still to decide about may turn out to have been held.
    if "held" not in states or states.intersection((*SESSION_OPEN, "contested")):
        return False
    held = session.scalar(
        select(func.count()).where(
            CoachingSession.engagement_id == engagement.id, CoachingSession.state == "held"
        )
    )
    return _count(session, engagement) == len(Side) * (held or 0)


def _count(
    session: Session,
    engagement: Engagement,
    *,
    coaching_session: CoachingSession | None = None,
    side: Side | None = None,
) -> int:
    query = select(func.count()).where(Feedback.engagement_id == engagement.id)
    if coaching_session is not None:
        query = query.where(Feedback.coaching_session_id == coaching_session.id)
    if side is not None:
        query = query.where(Feedback.side == side)
    return session.scalar(query) or 0
