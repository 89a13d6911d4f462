"""What proposing, booking, confirming, moving and cancelling a time have in common.

The caller holds the lock of the engagement, and with it that of the provider, on whose row the
limits of a week and a month are counted.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor
from app.calendars.errors import TimeAlreadyTaken, TimeInThePast, TimeTooFar
from app.calendars.local_times import FURTHEST, is_session_span, list_quarters
from app.calendars.queries import read_limits
from app.engagements.announcements import list_people
from app.engagements.attending import choose_taken
from app.engagements.errors import PlaceOrLinkMissing, SessionAlreadyPlanned, SessionTimeInvalid
from app.engagements.together import leave_to_twin, list_taken_by_twin
from app.engagements.trace import leave_trace
from models.engagements import CoachingSession, Engagement, SessionQuarter, TimeSpan
from models.lifecycle import ENGAGEMENT, ENGAGEMENT_TAKES_PLACE, SESSION_OPEN, ActionNotAllowed
from models.vocabulary import Side


def check_running(engagement: Engagement, action: str) -> None:
    """Times are planned only while the engagement takes a place. Raises ActionNotAllowed."""
    if engagement.state not in ENGAGEMENT_TAKES_PLACE:
        raise ActionNotAllowed(ENGAGEMENT.name, f"{action} a session of", engagement.state)


def check_near(starts_at: datetime, at: datetime) -> None:
    """Before anything is counted from it: it can be meant. Raises TimeInThePast, TimeTooFar."""
    if starts_at <= at:
        raise TimeInThePast
    if starts_at > at + FURTHEST:
        raise TimeTooFar(days=FURTHEST.days)


def check_plan(starts_at: datetime, ends_at: datetime, place: str, link: str, at: datetime) -> None:
    """It can be met so.

    Raises SessionTimeInvalid, TimeInThePast, TimeTooFar, PlaceOrLinkMissing.
    """
    if not is_session_span(starts_at, ends_at):
        raise SessionTimeInvalid
    check_near(starts_at, at)
    if not place.strip() and not link.strip():
        raise PlaceOrLinkMissing


def check_free_of_siblings(
    session: Session,
    engagement: Engagement,
    starts_at: datetime,
    ends_at: datetime,
    *,
    apart_from: CoachingSession | None,
) -> None:
    """A form sent twice must not plan the same hour twice. Raises SessionAlreadyPlanned."""
    query = select(CoachingSession.id).where(
        CoachingSession.engagement_id == engagement.id,
        CoachingSession.state.in_(SESSION_OPEN),
        CoachingSession.starts_at < ends_at,
        CoachingSession.ends_at > starts_at,
    )
    if apart_from is not None:
        query = query.where(CoachingSession.id != apart_from.id)
    if session.scalar(query) is not None:
        raise SessionAlreadyPlanned


def take_time(
    session: Session,
    coaching_session: CoachingSession,
    *,
    host_id: int | None,
    others: Collection[int | None],
) -> None:
    """The time is taken for `host_id`, with the provider's buffer after it, and for `others`.

    Raises TimeAlreadyTaken, TimeTooClose, WeekFull, MonthFull.
    """
    starts_at, ends_at = coaching_session.starts_at, coaching_session.ends_at
    limits = read_limits(
        session,
        provider=coaching_session.engagement.provider,
        host_id=host_id,
        since=starts_at,
        until=ends_at,
        apart_from=coaching_session,
    )
    if obstacle := limits.find_obstacle(starts_at, ends_at):
        raise obstacle
    people = {host_id, *choose_taken(session, coaching_session, others)} - {None}
    # The same people meet the other mentor at the same time: that is one time, not two.
    people -= list_taken_by_twin(session, coaching_session) - {host_id}
    _take_quarters(
        session,
        coaching_session,
        {
            person_id: ends_at + (limits.buffer if person_id == host_id else timedelta())
            for person_id in people
            if person_id is not None
        },
    )


def take_for_startup(
    session: Session, coaching_session: CoachingSession, person_ids: Collection[int]
) -> None:
    """The time of a confirmed session is taken for these of the startup and for no others of it.

    Who meets the other mentor then stays taken by that. Raises TimeAlreadyTaken.
    """
    leave_to_twin(session, coaching_session)
    across = {each.id for each in list_people(session, coaching_session.engagement, Side.PROVIDER)}
    session.execute(
        delete(SessionQuarter).where(
            SessionQuarter.coaching_session_id == coaching_session.id,
            SessionQuarter.person_id.not_in(across),
        )
    )
    _take_quarters(
        session,
        coaching_session,
        dict.fromkeys(
            set(person_ids) - across - list_taken_by_twin(session, coaching_session),
            coaching_session.ends_at,
        ),
    )


def _take_quarters(
    session: Session, coaching_session: CoachingSession, until: Mapping[int, datetime]
) -> None:
    """Each of these people is taken from its beginning on, up to when is said of them."""
    # In one order for everybody: two sessions with the same people must not each hold a quarter
    # that the other wants. The buffer is taken, too, so that it holds also against sessions of
    # the same person under another profile, whose lock is another one.
    quarters = [
        {
            "coaching_session_id": coaching_session.id,
            "person_id": person_id,
            "quarter_at": quarter_at,
        }
        for person_id in sorted(until)
        for quarter_at in list_quarters(coaching_session.starts_at, until[person_id])
    ]
    if not quarters:
        return
    try:
        with session.begin_nested():
            session.execute(insert(SessionQuarter), quarters)
    except IntegrityError:
        raise TimeAlreadyTaken from None


def free_time(session: Session, coaching_session: CoachingSession) -> None:
    """Nobody is taken by it any more; who meets the other mentor then is taken by that."""
    leave_to_twin(session, coaching_session)
    session.execute(
        delete(SessionQuarter).where(SessionQuarter.coaching_session_id == coaching_session.id)
    )


def note_step(
    session: Session,
    coaching_session: CoachingSession,
    actor: Actor,
    kind: str,
    at: datetime,
    note: str = "",
    former: TimeSpan | None = None,
) -> None:
    """The trace and the record say what was done with the session, and what its time was before."""
    leave_trace(
        session,
        engagement=coaching_session.engagement,
        actor=actor,
        kind=kind,
        at=at,
        note=note,
        subject=coaching_session,
        former=former,
    )
