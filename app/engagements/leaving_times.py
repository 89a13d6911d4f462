"""What becomes of times that are still to come when somebody leaves for good, as calendars have it.

Times of profiles that go are cancelled with their engagements. Here is what nobody can cancel, and
what others go on to.
"""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.engagements.inviting import tell_of_session
from app.engagements.session_steps import free_time
from app.engagements.trace import leave_trace
from app.leaving import LEFT, Leaving
from models.attendees import SessionAttendee
from models.engagements import CoachingSession, Engagement
from models.lifecycle import COACHING_SESSION, SESSION_OPEN
from models.vocabulary import Side


def cancel_coming_times(session: Session, engagement: Engagement, leaving: Leaving) -> None:
    """Nobody is left who could have cancelled them: both sides are told, with the entries."""
    for row in session.scalars(
        select(CoachingSession)
        .where(
            CoachingSession.engagement_id == engagement.id,
            CoachingSession.state.in_(SESSION_OPEN),
            or_(CoachingSession.state == "proposed", CoachingSession.starts_at > leaving.at),
        )
        .order_by(CoachingSession.id)
    ).all():
        free_time(session, row)
        row.state = COACHING_SESSION.follow("cancel", row.state)
        row.reason = LEFT
        row.sequence += 1
        leave_trace(
            session,
            engagement=engagement,
            actor=None,
            kind="session_cancelled",
            at=leaving.at,
            note=LEFT,
            subject=row,
        )
        tell_of_session(session, row, Side, "session_cancelled", leaving.at, None)


def renew_entries(session: Session, leaving: Leaving, theirs: Sequence[Engagement]) -> None:
    """Times that the person was to come to, and that stand, are no more theirs in calendars.

    Each of the others gets the entry anew, in which the person does not stand. `theirs` are the
    engagements that end.
    """
    person = leaving.person
    if person is None:
        return
    comes = select(SessionAttendee.coaching_session_id).where(
        SessionAttendee.person_id == person.id
    )
    rows = session.scalars(
        select(CoachingSession)
        .where(
            CoachingSession.state.in_(SESSION_OPEN),
            CoachingSession.starts_at > leaving.at,
            CoachingSession.engagement_id.not_in([each.id for each in theirs]),
            or_(
                CoachingSession.proposed_by_id == person.id,
                CoachingSession.confirmed_by_id == person.id,
                CoachingSession.id.in_(comes),
            ),
        )
        .order_by(CoachingSession.id)
    ).all()
    session.execute(delete(SessionAttendee).where(SessionAttendee.person_id == person.id))
    for row in rows:
        row.sequence += 1
        session.flush()
        tell_of_session(
            session, row, _list_sides(row), "session_person_left", leaving.at, None, left=person
        )


def _list_sides(row: CoachingSession) -> Sequence[Side]:
    """Who has it in their calendars: what is proposed went to the other side alone."""
    if row.state == "confirmed":
        return tuple(Side)
    return tuple(side for side in Side if side is not row.proposed_by_side)
