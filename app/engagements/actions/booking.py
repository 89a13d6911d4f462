"""What needs no other word: a free time is booked, an offered one is picked."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.calendars.diary import REACH
from app.calendars.errors import LengthNotOffered, TimeInThePast, TimeTooFar
from app.calendars.local_times import is_session_span
from app.calendars.queries import find_availability, find_host_id, list_members, read_diary
from app.engagements.announcements import tell_side
from app.engagements.attending import check_attendees, keep_attendees
from app.engagements.errors import NotTogether, OfferedTimesInvalid, OfferGone, PlaceOrLinkMissing
from app.engagements.inviting import tell_of_session
from app.engagements.session_steps import (
    check_free_of_siblings,
    check_near,
    check_plan,
    check_running,
    note_step,
    take_time,
)
from app.engagements.together import find_partner
from app.engagements.trace import leave_trace, lock_engagement
from app.words.wording import keep_several
from models.calendars import HORIZON_DAYS_RANGE, LENGTHS, MOST_OFFERED, OfferedTime, TimeOffer
from models.dual_mentoring import JointTime
from models.engagements import CoachingSession, Engagement
from models.lifecycle import ENGAGEMENT
from models.people import Person
from models.vocabulary import Side


def book(
    session: Session,
    *,
    engagement: Engagement,
    starts_at: datetime,
    minutes: int,
    place: str,
    link: str,
    actor: Actor,
    at: datetime,
    attendees: Collection[Person] = (),
    together: bool = False,
) -> CoachingSession:
    """The startup takes a free time of the provider's hours: a confirmed session.

    `place` and `link` are where to meet; without either it is what the provider has set.
    `attendees` of the startup come, all of whom are free then; without any it is `actor` and
    whoever asked the provider. With `together` it is taken with the second mentor as well, who is
    free then, too: each has a session of their own. All sides are told. Raises AttendeesInvalid,
    NotFound, NotPermitted, ActionNotAllowed, NotTogether, SessionAlreadyPlanned,
    PlaceOrLinkMissing, and whatever a diary finds in the way.
    """
    require(actor, "session:book", engagement)
    partner = find_partner(session, engagement) if together else None
    both = [each for each in (engagement, partner) if each is not None]
    for each in sorted(both, key=lambda one: (one.provider_id, one.id)):
        lock_engagement(session, each)
    check_running(engagement, "book")
    # Meanwhile they may have gone apart, or the startup works with another one.
    if together and (partner is None or find_partner(session, engagement) is not partner):
        raise NotTogether
    if partner is not None:
        require(actor, "session:book", partner)
    # Whatever lies beyond every calendar is told so before any day is counted from it.
    if starts_at <= at:
        raise TimeInThePast
    if starts_at > at + timedelta(days=HORIZON_DAYS_RANGE[1]):
        raise TimeTooFar(days=HORIZON_DAYS_RANGE[1])
    named = check_attendees(session, engagement, attendees) if attendees else []
    people = named or [
        each for each in (actor.acts_as_id, engagement.requested_by_id) if each is not None
    ]
    for each in both:
        diary = read_diary(
            session,
            provider=each.provider,
            people=people,
            since=starts_at,
            until=starts_at + REACH,
            at=at,
        )
        if obstacle := diary.find_obstacle(starts_at, minutes):
            raise obstacle
    hours = [find_availability(session, each.provider_id) for each in both]
    if not place.strip() and not link.strip() and hours[0] is not None:
        place, link = hours[0].place, hours[0].link
    made: list[CoachingSession] = []
    for each, availability in zip(both, hours, strict=True):
        row = _make_confirmed(
            session,
            engagement=each,
            starts_at=starts_at,
            minutes=minutes,
            place=place,
            link=link,
            host_id=find_host_id(session, each.provider, availability),
            attendees=named,
            first=made[0] if made else None,
            side=Side.STARTUP,
            step="session_booked",
            actor=actor,
            at=at,
        )
        made.append(row)
    # Once both are there, so that the startup has one entry, with both mentors, from the beginning.
    for row in made:
        sides = tuple(Side) if row is made[0] else (Side.PROVIDER,)
        tell_of_session(session, row, sides, "session_confirmed", at)
    return made[0]


def offer_times(
    session: Session,
    *,
    engagement: Engagement,
    starts: Sequence[datetime],
    minutes: int,
    place: str,
    link: str,
    actor: Actor,
    at: datetime,
) -> TimeOffer:
    """The provider offers up to five times, in place of what it offered before.

    No time is taken until one is picked. Raises NotFound, NotPermitted, ActionNotAllowed,
    OfferedTimesInvalid, LengthNotOffered, SessionTimeInvalid, TimeInThePast, TimeTooFar,
    PlaceOrLinkMissing.
    """
    require(actor, "session:offer", engagement)
    lock_engagement(session, engagement)
    check_running(engagement, "offer")
    if not 1 <= len(set(starts)) == len(starts) <= MOST_OFFERED:
        raise OfferedTimesInvalid(most=MOST_OFFERED)
    if minutes not in LENGTHS:
        raise LengthNotOffered
    for starts_at in starts:
        check_near(starts_at, at)
        check_plan(starts_at, starts_at + timedelta(minutes=minutes), place, link, at)
    _remove_offer(session, engagement)
    offer = TimeOffer(
        engagement=engagement,
        minutes=minutes,
        place=place,
        link=link,
        offered_by_id=actor.acts_as_id,
        created_at=at,
        times=[OfferedTime(starts_at=starts_at) for starts_at in sorted(starts)],
    )
    session.add(offer)
    length = timedelta(minutes=minutes)
    leave_trace(
        session,
        engagement=engagement,
        actor=actor,
        kind="times_offered",
        at=at,
        offered=[(each.starts_at, each.starts_at + length) for each in offer.times],
    )
    tell_side(
        session,
        engagement=engagement,
        side=Side.STARTUP,
        kind="times_offered",
        at=at,
        facts={"minutes": str(minutes), **keep_several("times", sorted(starts))},
    )
    return offer


def withdraw_offer(session: Session, *, engagement: Engagement, actor: Actor, at: datetime) -> None:
    """None of them can be picked any more. Raises NotFound, NotPermitted, OfferGone."""
    require(actor, "session:offer", engagement)
    lock_engagement(session, engagement)
    if not _remove_offer(session, engagement):
        raise OfferGone
    leave_trace(session, engagement=engagement, actor=actor, kind="offer_withdrawn", at=at)


def pick_offered(
    session: Session,
    *,
    engagement: Engagement,
    starts_at: datetime,
    actor: Actor,
    at: datetime,
) -> CoachingSession:
    """The startup picks one of the offered times: a confirmed session, and the offer is gone.

    It is gone as well where whoever offered them does not act for the provider any more.
    Raises NotFound, NotPermitted, ActionNotAllowed, OfferGone, TimeInThePast, TimeAlreadyTaken,
    TimeTooClose, WeekFull, MonthFull, SessionAlreadyPlanned.
    """
    require(actor, "session:pick", engagement)
    lock_engagement(session, engagement)
    check_running(engagement, "pick")
    offer = _find_offer(session, engagement)
    if offer is None or starts_at not in {each.starts_at for each in offer.times}:
        raise OfferGone
    if offer.offered_by_id not in {each.id for each in list_members(session, engagement.provider)}:
        raise OfferGone
    if starts_at <= at:
        raise TimeInThePast
    picked = _make_confirmed(
        session,
        engagement=engagement,
        starts_at=starts_at,
        minutes=offer.minutes,
        place=offer.place,
        link=offer.link,
        host_id=offer.offered_by_id,
        side=Side.PROVIDER,
        step="session_confirmed",
        actor=actor,
        at=at,
    )
    tell_of_session(session, picked, Side, "session_confirmed", at)
    _remove_offer(session, engagement)
    return picked


def _make_confirmed(
    session: Session,
    *,
    engagement: Engagement,
    starts_at: datetime,
    minutes: int,
    place: str,
    link: str,
    host_id: int | None,
    attendees: Collection[int] = (),
    first: CoachingSession | None = None,
    side: Side,
    step: str,
    actor: Actor,
    at: datetime,
) -> CoachingSession:
    """A session that both sides have agreed to, by what one of them said beforehand."""
    ends_at = starts_at + timedelta(minutes=minutes)
    if not place.strip() and not link.strip():
        raise PlaceOrLinkMissing
    if not is_session_span(starts_at, ends_at):
        raise LengthNotOffered
    check_free_of_siblings(session, engagement, starts_at, ends_at, apart_from=None)
    made = CoachingSession(
        engagement=engagement,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        link=link,
        state="confirmed",
        proposed_by_side=side,
        proposed_by_id=actor.acts_as_id if side is Side.STARTUP else host_id,
        confirmed_by_id=host_id if side is Side.STARTUP else actor.acts_as_id,
        created_at=at,
    )
    session.add(made)
    session.flush()
    if attendees:
        keep_attendees(session, made, attendees)
    if first is not None:
        session.add(JointTime(first=first, second=made))
        session.flush()
    take_time(
        session,
        made,
        host_id=host_id,
        others=(actor.acts_as_id, engagement.requested_by_id),
    )
    if ENGAGEMENT.is_allowed("begin", engagement.state):
        engagement.state = ENGAGEMENT.follow("begin", engagement.state)
    note_step(session, made, actor, step, at)
    return made


def _find_offer(session: Session, engagement: Engagement) -> TimeOffer | None:
    return session.scalar(select(TimeOffer).where(TimeOffer.engagement_id == engagement.id))


def _remove_offer(session: Session, engagement: Engagement) -> bool:
    """Whether there was one."""
    offer = _find_offer(session, engagement)
    if offer is not None:
        session.delete(offer)
        session.flush()
    return offer is not None
