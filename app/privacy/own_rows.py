"""Which rows of tables that both sides fill are somebody's own."""

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.privacy.export_shapes import Mine
from models.attendees import SessionAttendee
from models.contradictions import Contradiction
from models.engagements import CoachingSession, Engagement, Feedback
from models.evaluation import EngagementFeedback
from models.missed_times import MissedTime
from models.needs import Need
from models.queues import QueuePlace
from models.vocabulary import Side


def is_own_missed_time(mine: Mine) -> ColumnElement[bool]:
    """Counts are for the side that is counted, and for operators."""
    of_startup = select(Engagement.id).where(Engagement.startup_id.in_(mine.startup_ids))
    of_provider = select(Engagement.id).where(Engagement.provider_id.in_(mine.provider_ids))
    return or_(
        and_(MissedTime.side == Side.STARTUP, MissedTime.engagement_id.in_(of_startup)),
        and_(MissedTime.side == Side.PROVIDER, MissedTime.engagement_id.in_(of_provider)),
    )


def is_own_contradiction(mine: Mine) -> ColumnElement[bool]:
    """What one side says against a record, both sides read."""
    theirs = (
        select(CoachingSession.id)
        .join(CoachingSession.engagement)
        .where(
            or_(
                Engagement.startup_id.in_(mine.startup_ids),
                Engagement.provider_id.in_(mine.provider_ids),
            )
        )
    )
    return Contradiction.coaching_session_id.in_(theirs)


def is_own_queue_place(mine: Mine) -> ColumnElement[bool]:
    """Places are waited for by startups; no provider reads who waits."""
    return QueuePlace.need_id.in_(select(Need.id).where(Need.startup_id.in_(mine.startup_ids)))


def is_own_attendance(mine: Mine) -> ColumnElement[bool]:
    """To which sessions the person comes; who else comes is theirs."""
    return SessionAttendee.person_id == mine.person_id


def is_readable_feedback(mine: Mine) -> ColumnElement[bool]:
    """What one said, and of the other side once both have spoken."""
    other = aliased(Feedback)
    both_spoke = exists().where(
        other.coaching_session_id == Feedback.coaching_session_id, other.side != Feedback.side
    )
    return or_(
        Feedback.author_id == mine.person_id,
        Feedback.engagement_id.in_(_select_engagements(mine)) & both_spoke,
    )


def is_readable_at_end(mine: Mine) -> ColumnElement[bool]:
    """As `is_readable_feedback`, of what is said at the end."""
    other = aliased(EngagementFeedback)
    both_spoke = exists().where(
        other.engagement_id == EngagementFeedback.engagement_id,
        other.side != EngagementFeedback.side,
    )
    return or_(
        EngagementFeedback.author_id == mine.person_id,
        EngagementFeedback.engagement_id.in_(_select_engagements(mine)) & both_spoke,
    )


def _select_engagements(mine: Mine) -> Select[int]:
    return select(Engagement.id).where(
        or_(
            Engagement.startup_id.in_(mine.startup_ids),
            Engagement.provider_id.in_(mine.provider_ids),
        )
    )
