"""What is to be talked about next, and what came of it."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.errors import ChangedMeanwhile, OutOfOrder
from app.transactions import hold
from app.workspace.announcements import tell_other_side
from app.workspace.errors import SessionNotHeld
from app.workspace.trace import begin, leave_step, require_few, require_text
from models.engagements import CoachingSession, Engagement
from models.orm import delete_where
from models.workspace import AgendaPoint, MinutesWriter, SessionMinutes


def add_point(
    session: Session, *, engagement: Engagement, text: str, actor: Actor, at: datetime
) -> AgendaPoint:
    """`text` is on the agenda of the next session.

    Raises NotFound, NotPermitted, NothingWritten, OutOfOrder, WorkspaceClosed, TooManyKept.
    """
    require(actor, "workspace:write", engagement)
    require_text(text)
    side = begin(session, engagement=engagement, actor=actor, at=at)
    require_few(
        session,
        select(func.count()).where(
            AgendaPoint.engagement_id == engagement.id, AgendaPoint.coaching_session_id.is_(None)
        ),
    )
    point = AgendaPoint(
        engagement=engagement, author_id=actor.person_id, side=side, text=text, added_at=at
    )
    session.add(point)
    leave_step(
        session,
        engagement=engagement,
        subject=point,
        actor=actor,
        kind="agenda_point_added",
        at=at,
    )
    return point


def remove_point(session: Session, *, point: AgendaPoint, actor: Actor, at: datetime) -> None:
    """It is not on the agenda any more. Raises NotFound, NotPermitted, WorkspaceClosed, OutOfOrder
    for one that was taken up at a session."""
    require(actor, "agenda_point:remove", point)
    engagement = point.engagement
    begin(session, engagement=engagement, actor=actor, at=at)
    hold(session, point)
    session.refresh(point)
    if point.coaching_session_id is not None:
        raise OutOfOrder
    leave_step(
        session,
        engagement=engagement,
        subject=point,
        actor=actor,
        kind="agenda_point_removed",
        at=at,
    )
    delete_where(session, AgendaPoint, AgendaPoint.id == point.id)


def write_minutes(
    session: Session,
    *,
    coaching_session: CoachingSession,
    text: str,
    version: int,
    actor: Actor,
    at: datetime,
) -> SessionMinutes:
    """The minutes of a session that was held say `text`; the other side is told.

    `version` is that of the minutes that were read, 0 for none. Points of the agenda that were
    there before the end of the session are taken up by it.

    Raises NotFound, NotPermitted, NothingWritten, OutOfOrder, WorkspaceClosed, SessionNotHeld,
    ChangedMeanwhile.
    """
    require(actor, "session:minute", coaching_session)
    require_text(text)
    engagement = coaching_session.engagement
    side = begin(session, engagement=engagement, actor=actor, at=at)
    session.refresh(coaching_session)
    if coaching_session.state != "held":
        raise SessionNotHeld
    minutes = session.scalar(
        select(SessionMinutes).where(SessionMinutes.coaching_session_id == coaching_session.id)
    )
    if (minutes.version if minutes else 0) != version:
        raise ChangedMeanwhile
    if minutes is None:
        minutes = SessionMinutes(engagement=engagement, coaching_session=coaching_session)
        session.add(minutes)
    minutes.text = text
    minutes.written_by_id = actor.person_id
    minutes.written_at = at
    leave_step(
        session, engagement=engagement, subject=minutes, actor=actor, kind="minutes_written", at=at
    )
    if session.get(MinutesWriter, (minutes.id, actor.person_id)) is None:
        session.add(MinutesWriter(minutes_id=minutes.id, person_id=actor.person_id))
    session.execute(
        update(AgendaPoint)
        .where(
            AgendaPoint.engagement_id == engagement.id,
            AgendaPoint.coaching_session_id.is_(None),
            AgendaPoint.added_at <= coaching_session.ends_at,
        )
        .values(coaching_session_id=coaching_session.id)
    )
    tell_other_side(
        session,
        engagement=engagement,
        side=side,
        kind="minutes_written",
        actor=actor,
        at=at,
        about=coaching_session,
    )
    return minutes
