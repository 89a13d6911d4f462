"""The startup says who of its people comes to a session."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.calendars.errors import TimeInThePast
from app.engagements.attending import check_attendees, keep_attendees, list_attendee_ids
from app.engagements.inviting import tell_of_session
from app.engagements.session_steps import (
    check_running,
    note_step,
    take_for_startup,
)
from app.engagements.trace import lock_session
from models.engagements import CoachingSession
from models.lifecycle import COACHING_SESSION, SESSION_OPEN, ActionNotAllowed
from models.people import Person
from models.vocabulary import Side


def name_attendees(
    session: Session,
    *,
    coaching_session: CoachingSession,
    people: Collection[Person],
    actor: Actor,
    at: datetime,
) -> None:
    """These of the startup come, in place of whoever was to come before.

    Of a confirmed session their time is taken, and that of the others is free again. Both sides
    get the entry of the calendar anew. Raises NotFound, NotPermitted, ActionNotAllowed unless it
    is proposed or confirmed, TimeInThePast once it has begun, AttendeesInvalid, TimeAlreadyTaken.
    Who names the same people again changes nothing.
    """
    engagement = lock_session(session, coaching_session)
    require(actor, "session:attend", coaching_session)
    check_running(engagement, "say who comes to")
    if coaching_session.state not in SESSION_OPEN:
        raise ActionNotAllowed(COACHING_SESSION.name, "say who comes to", coaching_session.state)
    if coaching_session.starts_at <= at:
        raise TimeInThePast
    wanted = check_attendees(session, engagement, people)
    if wanted == list_attendee_ids(session, coaching_session):
        # Nobody is told twice of the same.
        return
    keep_attendees(session, coaching_session, wanted)
    if coaching_session.state == "confirmed":
        take_for_startup(session, coaching_session, wanted)
    coaching_session.sequence += 1
    note_step(session, coaching_session, actor, "session_attendees_named", at)
    tell_of_session(session, coaching_session, Side, "session_attendees_named", at)
