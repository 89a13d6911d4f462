"""Reads of this room: finding engagements and sessions by their public ids, and what they show.

How much a viewer sees is in `engagement_views`, lists in `engagement_lists`, what waits for
whom in `turns`.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, get_side
from app.engagements.engagement_lists import (
    count_by_state,
    get_heading,
    list_coming_sessions,
    list_engagements,
)
from app.engagements.engagement_views import EngagementView, get_engagement_view
from app.engagements.turns import list_turns, list_waiting
from models.engagements import CoachingSession, Engagement, Feedback
from models.matches import Match, MatchRun
from models.needs import Need
from models.providers import Provider

__all__ = [
    "EngagementView",
    "count_by_state",
    "find_engagement",
    "find_latest_match",
    "find_session",
    "get_engagement_view",
    "get_heading",
    "has_given_feedback",
    "list_coming_sessions",
    "list_engagements",
    "list_turns",
    "list_waiting",
]


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
