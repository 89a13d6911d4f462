"""Finding engagements and sessions by their public ids, and what hangs on them."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, get_side
from models.engagements import CoachingSession, Engagement, Feedback
from models.matches import Match, MatchRun
from models.needs import Need
from models.providers import Provider


def find_engagement(session: Session, public_id: str) -> Engagement | None:
    """The engagement with this public id."""
    return session.scalar(
        select(Engagement)
        .where(Engagement.public_id == public_id)
        .options(
            joinedload(Engagement.need),
            joinedload(Engagement.startup),
            joinedload(Engagement.provider),
        )
    )


def find_session(session: Session, public_id: str) -> CoachingSession | None:
    """The session with this public id."""
    return session.scalar(
        select(CoachingSession)
        .where(CoachingSession.public_id == public_id)
        .options(joinedload(CoachingSession.engagement))
    )


def find_latest_match(session: Session, need: Need, provider: Provider) -> Match | None:
    """The newest suggestion of `provider` for `need`: its evidence goes with a request."""
    return session.scalar(
        select(Match)
        .join(MatchRun)
        .where(MatchRun.need_id == need.id, Match.provider_id == provider.id)
        .order_by(MatchRun.id.desc())
        .limit(1)
    )


def has_given_feedback(session: Session, coaching_session: CoachingSession, actor: Actor) -> bool:
    """Whether the side for which `actor` acts has spoken about this session."""
    given = select(Feedback.id).where(
        Feedback.coaching_session_id == coaching_session.id,
        Feedback.side == get_side(actor, coaching_session.engagement),
    )
    return session.scalar(given) is not None
