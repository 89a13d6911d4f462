"""Which rows of tables that both sides fill are somebody's own."""

from sqlalchemy import ColumnElement, and_, or_, select

from app.privacy.export_shapes import Mine
from models.attendees import SessionAttendee
from models.contradictions import Contradiction
from models.engagements import CoachingSession, Engagement
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
