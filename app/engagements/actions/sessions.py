"""What people do with the sessions of an engagement: propose, confirm, move, cancel, record."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.calendars.errors import TimeInThePast
from app.engagements.announcements import tell_side
from app.engagements.errors import (
    OtherSideMustConfirm,
    PlaceNotAgreed,
    SessionBegun,
    SessionNotOver,
)
from app.engagements.inviting import part_times, tell_of_session
from app.engagements.missing import (
    count_if_late,
    count_no_show,
    counts_other_side,
    is_agreed_time,
)
from app.engagements.session_steps import (
    check_free_of_siblings,
    check_plan,
    check_running,
    free_time,
    note_step,
    take_time,
)
from app.engagements.snapshots import remember_profile
from app.engagements.trace import (
    get_other_side,
    get_own_side,
    lock_engagement,
    lock_session,
)
from app.errors import ChangedMeanwhile, ReasonMissing
from models.engagements import CoachingSession, Engagement
from models.lifecycle import COACHING_SESSION, ENGAGEMENT, SESSION_OPEN
from models.missed_times import MissedBy, MissedTimeKind
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
) -> CoachingSession:
    """One side proposes a time, and the other side is asked to confirm it.

    The engagement must be accepted or active. Raises NotPermitted, ActionNotAllowed,
    SessionTimeInvalid, TimeInThePast, PlaceOrLinkMissing, SessionAlreadyPlanned.
    """
    require(actor, "session:propose", engagement)
    side = get_own_side(actor, engagement)
    lock_engagement(session, engagement)
    check_running(engagement, "propose")
    check_plan(starts_at, ends_at, place, link, at)
    check_free_of_siblings(session, engagement, starts_at, ends_at, apart_from=None)
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
    note_step(session, coaching_session, actor, "session_proposed", at)
    other = get_other_side(side)
    tell_of_session(session, coaching_session, (other,), "session_proposed", at)
    return coaching_session


def confirm(
    session: Session,
    *,
    coaching_session: CoachingSession,
    actor: Actor,
    at: datetime,
    sequence: int | None = None,
) -> None:
    """The other side agrees: the time is taken for whoever proposed, confirmed and first asked.

    The first confirmed session makes the engagement active. Both sides get the calendar entry.
    `sequence` is that of the time which the confirming person saw. Raises NotPermitted,
    ActionNotAllowed, ChangedMeanwhile when the session was moved since, OtherSideMustConfirm,
    TimeInThePast, TimeAlreadyTaken, TimeTooClose, WeekFull, MonthFull.
    """
    engagement = lock_session(session, coaching_session)
    require(actor, "session:confirm", coaching_session)
    side = get_own_side(actor, engagement)
    target = COACHING_SESSION.follow("confirm", coaching_session.state)
    check_running(engagement, "confirm")
    if sequence is not None and sequence != coaching_session.sequence:
        raise ChangedMeanwhile
    if side is coaching_session.proposed_by_side:
        raise OtherSideMustConfirm
    if coaching_session.starts_at <= at:
        raise TimeInThePast
    # Who proposed stands on the other side: one of the two is the provider's.
    by_provider = coaching_session.proposed_by_side is Side.PROVIDER
    host_id = coaching_session.proposed_by_id if by_provider else actor.acts_as_id
    others = coaching_session.proposed_by_id, actor.acts_as_id, engagement.requested_by_id
    take_time(session, coaching_session, host_id=host_id, others=others)
    coaching_session.state = target
    coaching_session.confirmed_by_id = actor.acts_as_id
    if ENGAGEMENT.is_allowed("begin", engagement.state):
        engagement.state = ENGAGEMENT.follow("begin", engagement.state)
    note_step(session, coaching_session, actor, "session_confirmed", at)
    tell_of_session(session, coaching_session, Side, "session_confirmed", at)


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
) -> None:
    """A new time is proposed in place of the old one, which is free again.

    Either side may do so; the other one confirms. Where a confirmed time is given up late, by the
    rules of the incubator, that is counted. What was one time with two mentors is two in calendars
    from then on. Raises NotPermitted, ActionNotAllowed,
    SessionTimeInvalid, TimeInThePast, PlaceOrLinkMissing, SessionAlreadyPlanned, SessionBegun.
    """
    engagement = lock_session(session, coaching_session)
    require(actor, "session:move", coaching_session)
    side = get_own_side(actor, engagement)
    target = COACHING_SESSION.follow("move", coaching_session.state)
    check_running(engagement, "move")
    _check_not_begun(coaching_session, at)
    check_plan(starts_at, ends_at, place, link, at)
    check_free_of_siblings(session, engagement, starts_at, ends_at, apart_from=coaching_session)
    was_confirmed = coaching_session.state == "confirmed"
    # Another place at the same time is no other time, and who agreed on that is kept.
    former = (coaching_session.starts_at, coaching_session.ends_at)
    is_other_time = former != (starts_at, ends_at)
    if is_other_time:
        count_if_late(
            session, coaching_session, MissedTimeKind.LATE_MOVE, side=side, actor=actor, at=at
        )
    free_time(session, coaching_session)
    coaching_session.state = target
    coaching_session.starts_at = starts_at
    coaching_session.ends_at = ends_at
    coaching_session.place = place
    coaching_session.link = link
    coaching_session.proposed_by_side = side
    coaching_session.proposed_by_id = actor.acts_as_id
    if is_other_time:
        coaching_session.confirmed_by_id = None
    coaching_session.sequence += 1
    former_time = former if is_other_time else None
    note_step(session, coaching_session, actor, "session_moved", at, former=former_time)
    part_times(session, coaching_session, at)
    other = get_other_side(side)
    kind = "session_moved" if is_other_time else "session_place_moved"
    tell_of_session(session, coaching_session, (other,), kind, at, former_time)
    if was_confirmed:
        # It stands in their calendars as well, as it was.
        kind = "session_move_sent" if is_other_time else "session_place_sent"
        tell_of_session(session, coaching_session, (side,), kind, at, former_time)


def cancel(
    session: Session,
    *,
    coaching_session: CoachingSession,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """The session will not take place: its time is free, and the other side is told why.

    Whoever has a confirmed time in the calendar is told, on both sides. Where it is given up late,
    by the rules of the incubator, that is counted. Raises NotPermitted, ReasonMissing,
    ActionNotAllowed, SessionBegun.
    """
    lock_session(session, coaching_session)
    require(actor, "session:cancel", coaching_session)
    if not reason.strip():
        raise ReasonMissing
    _check_not_begun(coaching_session, at)
    _cancel_locked(session, coaching_session, reason, actor, at)


def cancel_coming(
    session: Session,
    *,
    engagement: Engagement,
    reason: str,
    actor: Actor,
    at: datetime,
    counts: bool = True,
) -> None:
    """Every session of an engagement that just ended is cancelled, unless it has begun.

    A confirmed session that has begun stays, so that it can be recorded; one that was to begin soon
    is given up late, unless `counts` is false. The caller holds the lock of the engagement. Raises
    NotFound, NotPermitted.
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
            _cancel_locked(session, coaching_session, reason, actor, at, counts=counts)


def record_held(
    session: Session, *, coaching_session: CoachingSession, actor: Actor, at: datetime
) -> None:
    """The session took place, and everybody on both sides is asked for feedback.

    Raises NotPermitted, ActionNotAllowed, SessionNotOver before its end.
    """
    engagement = _record(session, coaching_session, "record_held", actor, at)
    note_step(session, coaching_session, actor, "session_held", at)
    remember_profile(session, engagement=engagement, at=at)
    for side in Side:
        tell_side(
            session,
            engagement=engagement,
            side=side,
            kind="feedback_wanted",
            at=at,
            times={"time": coaching_session.starts_at},
            unless=actor,
        )


def record_missed(
    session: Session,
    *,
    coaching_session: CoachingSession,
    actor: Actor,
    at: datetime,
    missed_by: MissedBy | None = None,
) -> None:
    """The session did not take place although it was confirmed; who did not come is counted.

    Nobody is where `missed_by` is not said. Whoever wished for another place at that time, without
    an answer, counts nobody but its own side. Raises NotPermitted, ActionNotAllowed, SessionNotOver
    before its end, PlaceNotAgreed.
    """
    engagement = coaching_session.engagement
    was_open = coaching_session.state == "proposed"
    _record(session, coaching_session, "record_missed", actor, at)
    if (
        was_open
        and missed_by is not None
        and counts_other_side(
            missed_by, get_own_side(actor, engagement), coaching_session.proposed_by_side
        )
    ):
        raise PlaceNotAgreed
    note_step(session, coaching_session, actor, "session_missed", at)
    if missed_by is not None:
        count_no_show(session, coaching_session, missed_by, actor=actor, at=at)


def _check_not_begun(coaching_session: CoachingSession, at: datetime) -> None:
    """Whoever is missing must not make it a late cancelling. Raises SessionBegun."""
    if coaching_session.state == "confirmed" and coaching_session.starts_at <= at:
        raise SessionBegun


def _record(
    session: Session, coaching_session: CoachingSession, action: str, actor: Actor, at: datetime
) -> Engagement:
    engagement = lock_session(session, coaching_session)
    require(actor, "session:record", coaching_session)
    state = coaching_session.state
    if is_agreed_time(coaching_session) and state == "proposed":
        # Another place was wished for, at a time that both had agreed on: that time stood.
        state = COACHING_SESSION.follow("confirm", state)
    target = COACHING_SESSION.follow(action, state)
    if coaching_session.ends_at > at:
        raise SessionNotOver
    coaching_session.state = target
    coaching_session.recorded_side = get_own_side(actor, engagement)
    coaching_session.recorded_by_id = actor.person_id
    coaching_session.recorded_at = at
    return engagement


def _cancel_locked(
    session: Session,
    coaching_session: CoachingSession,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    counts: bool = True,
) -> None:
    was_confirmed = coaching_session.state == "confirmed"
    side = get_own_side(actor, coaching_session.engagement)
    target = COACHING_SESSION.follow("cancel", coaching_session.state)
    if counts:
        count_if_late(
            session, coaching_session, MissedTimeKind.LATE_CANCEL, side=side, actor=actor, at=at
        )
    free_time(session, coaching_session)
    coaching_session.state = target
    coaching_session.reason = reason
    coaching_session.sequence += 1
    note_step(session, coaching_session, actor, "session_cancelled", at, note=reason)
    told = tuple(Side) if was_confirmed else (get_other_side(side),)
    tell_of_session(session, coaching_session, told, "session_cancelled", at)
