"""What people do with the sessions of an engagement: propose, confirm, move, cancel, record."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.engagements.announcements import CalendarEntry, tell_side
from app.engagements.calendar_entries import choose_method, make_calendar
from app.engagements.errors import (
    OtherSideMustConfirm,
    PlaceOrLinkMissing,
    SessionAlreadyPlanned,
    SessionNotOver,
    SessionTimeInvalid,
    TimeAlreadyTaken,
    TimeInThePast,
)
from app.engagements.local_times import is_session_span, list_quarters
from app.engagements.snapshots import remember_profile
from app.engagements.trace import (
    get_other_side,
    get_own_side,
    leave_trace,
    lock_engagement,
    lock_session,
)
from app.errors import ChangedMeanwhile, ReasonMissing
from models.engagements import CoachingSession, Engagement, SessionQuarter
from models.lifecycle import (
    COACHING_SESSION,
    ENGAGEMENT,
    ENGAGEMENT_TAKES_PLACE,
    SESSION_OPEN,
    ActionNotAllowed,
)
from models.vocabulary import Side


def propose(
    session: Session,
    *,
    engagement: Engagement,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    link: str,
    actor: Actor,
    at: datetime,
    organizer: str | None = None,
) -> CoachingSession:
    """One side proposes a time, and the other side is asked to confirm it.

    The engagement must be accepted or active. `organizer` is the mail address that the calendar
    entry names. Raises NotPermitted, ActionNotAllowed, SessionTimeInvalid, TimeInThePast,
    PlaceOrLinkMissing, SessionAlreadyPlanned.
    """
    require(actor, "session:propose", engagement)
    side = get_own_side(actor, engagement)
    lock_engagement(session, engagement)
    _check_running(engagement, "propose")
    _check_plan(starts_at, ends_at, place, link, at)
    _check_free_of_siblings(session, engagement, starts_at, ends_at, apart_from=None)
    coaching_session = CoachingSession(
        engagement=engagement,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        link=link,
        proposed_by_side=side,
        proposed_by_id=actor.acts_as_id,
        created_at=at,
    )
    session.add(coaching_session)
    session.flush()
    _leave_trace(session, coaching_session, actor, "session_proposed", at)
    _tell(session, coaching_session, get_other_side(side), "session_proposed", at, organizer)
    return coaching_session


def confirm(
    session: Session,
    *,
    coaching_session: CoachingSession,
    actor: Actor,
    at: datetime,
    sequence: int | None = None,
    organizer: str | None = None,
) -> None:
    """The other side agrees: the time is taken for whoever proposed, confirmed and first asked.

    The first confirmed session makes the engagement active. Both sides get the calendar entry.
    `sequence` is that of the time which the confirming person saw. Raises NotPermitted,
    ActionNotAllowed, ChangedMeanwhile when the session was moved since, OtherSideMustConfirm,
    TimeInThePast, TimeAlreadyTaken.
    """
    engagement = lock_session(session, coaching_session)
    require(actor, "session:confirm", coaching_session)
    side = get_own_side(actor, engagement)
    target = COACHING_SESSION.follow("confirm", coaching_session.state)
    _check_running(engagement, "confirm")
    if sequence is not None and sequence != coaching_session.sequence:
        raise ChangedMeanwhile
    if side is coaching_session.proposed_by_side:
        raise OtherSideMustConfirm
    if coaching_session.starts_at <= at:
        raise TimeInThePast
    people = {coaching_session.proposed_by_id, actor.acts_as_id, engagement.requested_by_id}
    _take_time(session, coaching_session, people={person for person in people if person})
    coaching_session.state = target
    coaching_session.confirmed_by_id = actor.acts_as_id
    if ENGAGEMENT.is_allowed("begin", engagement.state):
        engagement.state = ENGAGEMENT.follow("begin", engagement.state)
    _leave_trace(session, coaching_session, actor, "session_confirmed", at)
    for each in Side:
        _tell(session, coaching_session, each, "session_confirmed", at, organizer)


def move(
    session: Session,
    *,
    coaching_session: CoachingSession,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    link: str,
    actor: Actor,
    at: datetime,
    organizer: str | None = None,
) -> None:
    """A new time is proposed in place of the old one, which is free again.

    Either side may do so; the other one confirms. Raises NotPermitted, ActionNotAllowed,
    SessionTimeInvalid, TimeInThePast, PlaceOrLinkMissing, SessionAlreadyPlanned.
    """
    engagement = lock_session(session, coaching_session)
    require(actor, "session:move", coaching_session)
    side = get_own_side(actor, engagement)
    target = COACHING_SESSION.follow("move", coaching_session.state)
    _check_running(engagement, "move")
    _check_plan(starts_at, ends_at, place, link, at)
    _check_free_of_siblings(session, engagement, starts_at, ends_at, apart_from=coaching_session)
    _free_time(session, coaching_session)
    coaching_session.state = target
    coaching_session.starts_at = starts_at
    coaching_session.ends_at = ends_at
    coaching_session.place = place
    coaching_session.link = link
    coaching_session.proposed_by_side = side
    coaching_session.proposed_by_id = actor.acts_as_id
    coaching_session.confirmed_by_id = None
    coaching_session.sequence += 1
    _leave_trace(session, coaching_session, actor, "session_moved", at)
    _tell(session, coaching_session, get_other_side(side), "session_moved", at, organizer)


def cancel(
    session: Session,
    *,
    coaching_session: CoachingSession,
    reason: str,
    actor: Actor,
    at: datetime,
    organizer: str | None = None,
) -> None:
    """The session will not take place: its time is free, and the other side is told why.

    Whoever has a confirmed time in the calendar is told, on both sides. Raises NotPermitted,
    ReasonMissing, ActionNotAllowed.
    """
    lock_session(session, coaching_session)
    require(actor, "session:cancel", coaching_session)
    if not reason.strip():
        raise ReasonMissing
    _cancel_locked(session, coaching_session, reason, actor, at, organizer)


def cancel_coming(
    session: Session,
    *,
    engagement: Engagement,
    reason: str,
    actor: Actor,
    at: datetime,
    organizer: str | None = None,
) -> None:
    """Every session of an engagement that just ended is cancelled, unless it has begun.

    A confirmed session that has begun stays, so that it can be recorded. The caller holds the
    lock of the engagement. Raises NotFound, NotPermitted.
    """
    require(actor, "engagement:cancel", engagement)
    coming = session.scalars(
        select(CoachingSession)
        .where(
            CoachingSession.engagement_id == engagement.id,
            CoachingSession.state.in_(SESSION_OPEN),
        )
        .order_by(CoachingSession.id)
    ).all()
    for coaching_session in coming:
        if coaching_session.state == "proposed" or coaching_session.starts_at > at:
            _cancel_locked(session, coaching_session, reason, actor, at, organizer)


def record_held(
    session: Session, *, coaching_session: CoachingSession, actor: Actor, at: datetime
) -> None:
    """The session took place, and everybody on both sides is asked for feedback.

    Raises NotPermitted, ActionNotAllowed, SessionNotOver before its time.
    """
    engagement = _record(session, coaching_session, "record_held", actor, at)
    _leave_trace(session, coaching_session, actor, "session_held", at)
    remember_profile(session, engagement=engagement, at=at)
    for side in Side:
        tell_side(
            session,
            engagement=engagement,
            side=side,
            kind="feedback_wanted",
            at=at,
            unless=actor,
        )


def record_missed(
    session: Session, *, coaching_session: CoachingSession, actor: Actor, at: datetime
) -> None:
    """The session did not take place although it was confirmed.

    Raises NotPermitted, ActionNotAllowed, SessionNotOver before its time.
    """
    _record(session, coaching_session, "record_missed", actor, at)
    _leave_trace(session, coaching_session, actor, "session_missed", at)


def _record(
    session: Session, coaching_session: CoachingSession, action: str, actor: Actor, at: datetime
) -> Engagement:
    engagement = lock_session(session, coaching_session)
    require(actor, "session:record", coaching_session)
    target = COACHING_SESSION.follow(action, coaching_session.state)
    if coaching_session.starts_at > at:
        raise SessionNotOver
    coaching_session.state = target
    return engagement


def _cancel_locked(
    session: Session,
    coaching_session: CoachingSession,
    reason: str,
    actor: Actor,
    at: datetime,
    organizer: str | None,
) -> None:
    was_confirmed = coaching_session.state == "confirmed"
    side = get_own_side(actor, coaching_session.engagement)
    target = COACHING_SESSION.follow("cancel", coaching_session.state)
    _free_time(session, coaching_session)
    coaching_session.state = target
    coaching_session.reason = reason
    coaching_session.sequence += 1
    _leave_trace(session, coaching_session, actor, "session_cancelled", at, note=reason)
    told = tuple(Side) if was_confirmed else (get_other_side(side),)
    for each in told:
        _tell(session, coaching_session, each, "session_cancelled", at, organizer)


def _check_running(engagement: Engagement, action: str) -> None:
    """Sessions are planned only while the engagement takes one of the provider's places."""
    if engagement.state not in ENGAGEMENT_TAKES_PLACE:
        raise ActionNotAllowed(ENGAGEMENT.name, f"{action} a session of", engagement.state)


def _check_plan(
    starts_at: datetime, ends_at: datetime, place: str, link: str, at: datetime
) -> None:
    if not is_session_span(starts_at, ends_at):
        raise SessionTimeInvalid
    if starts_at <= at:
        raise TimeInThePast
    if not place.strip() and not link.strip():
        raise PlaceOrLinkMissing


def _check_free_of_siblings(
    session: Session,
    engagement: Engagement,
    starts_at: datetime,
    ends_at: datetime,
    *,
    apart_from: CoachingSession | None,
) -> None:
    """A form sent twice must not plan the same hour twice; the engagement's lock makes it sure."""
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


def _take_time(session: Session, coaching_session: CoachingSession, *, people: set[int]) -> None:
    # In one order for everybody: two sessions with the same people must not each hold a quarter
    # that the other wants.
    quarters = [
        {
            "coaching_session_id": coaching_session.id,
            "person_id": person_id,
            "quarter_at": quarter_at,
        }
        for person_id in sorted(people)
        for quarter_at in list_quarters(coaching_session.starts_at, coaching_session.ends_at)
    ]
    try:
        with session.begin_nested():
            session.execute(insert(SessionQuarter), quarters)
    except IntegrityError:
        raise TimeAlreadyTaken from None


def _free_time(session: Session, coaching_session: CoachingSession) -> None:
    session.execute(
        delete(SessionQuarter).where(SessionQuarter.coaching_session_id == coaching_session.id)
    )


def _leave_trace(
    session: Session,
    coaching_session: CoachingSession,
    actor: Actor,
    kind: str,
    at: datetime,
    note: str = "",
) -> None:
    leave_trace(
        session,
        engagement=coaching_session.engagement,
        actor=actor,
        kind=kind,
        at=at,
        note=note,
        subject=coaching_session,
    )


def _tell(
    session: Session,
    coaching_session: CoachingSession,
    side: Side,
    kind: str,
    at: datetime,
    organizer: str | None,
) -> None:
    method = choose_method(coaching_session)
    tell_side(
        session,
        engagement=coaching_session.engagement,
        side=side,
        kind=kind,
        at=at,
        facts={
            "where": coaching_session.place or coaching_session.link,
            "reason": coaching_session.reason,
        },
        times={"time": coaching_session.starts_at},
        calendar=CalendarEntry(
            make_calendar(coaching_session, method=method, at=at, organizer=organizer),
            method.value,
        ),
    )
