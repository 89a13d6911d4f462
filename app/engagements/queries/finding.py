"""Finding engagements and sessions by their public ids, and what hangs on them."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, get_side
from models.engagements import CoachingSession, Engagement, Feedback
from models.matches import Match, MatchRun
from models.needs import Need
from models.providers import Provider
from models.vocabulary import ProviderKind


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


def find_engagement_with_mentor(session: Session, public_id: str) -> Engagement | None:
    """The engagement with this public id, where it is one of coaching: it has sessions."""
    found = find_engagement(session, public_id)
    return found if found is not None and _is_coaching(found) else None


def find_engagement_without_mentor(session: Session, public_id: str) -> Engagement | None:
    """The engagement with this public id, where it is a talk about money or an order."""
    found = find_engagement(session, public_id)
    return found if found is not None and not _is_coaching(found) else None


def find_coaching(session: Session, public_id: str) -> CoachingSession | None:
    """The session with this public id, where it is one with a mentor."""
    found = find_session(session, public_id)
    return found if found is not None and _is_coaching(found.engagement) else None


def find_talk_or_appointment(session: Session, public_id: str) -> CoachingSession | None:
    """The time with this public id, where it is one with an investor or a centre."""
    found = find_session(session, public_id)
    return found if found is not None and not _is_coaching(found.engagement) else None


def _is_coaching(engagement: Engagement) -> bool:
    return engagement.provider.kind is ProviderKind.MENTOR


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
