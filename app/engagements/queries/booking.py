"""Free times and offered times, as somebody of one side may see them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, is_permitted
from app.calendars.diary import Diary, JointDiary
from app.calendars.queries import find_availability, read_diary
from models.calendars import Availability, TimeOffer
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.people import Person

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfferView:
    """Times of which one can be picked, in order, without those that have gone by."""

    starts: tuple[datetime, ...]
    minutes: int
    place: str
    link: str


@dataclass(frozen=True, slots=True)
class BookingView:
    """What the viewer may do about times beside proposing one.

    `has_hours` says that the provider can be booked; `offer` is open where there is one.
    """

    may_book: bool
    may_offer: bool
    may_pick: bool
    has_hours: bool
    offer: OfferView | None


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day of the reader's zone, and the free times that begin on it."""

    on: date
    starts: tuple[datetime, ...]


def find_offer(session: Session, engagement: Engagement) -> TimeOffer | None:
    """The times that are offered in the engagement, if any are."""
    return session.scalar(select(TimeOffer).where(TimeOffer.engagement_id == engagement.id))


def get_booking_view(
    session: Session, engagement: Engagement, viewer: Actor, *, at: datetime
) -> BookingView:
    """What `viewer` sees of free and offered times at `at`."""
    is_running = engagement.state in ENGAGEMENT_TAKES_PLACE
    if not is_running:
        return BookingView(False, False, False, False, None)
    may_book = is_permitted(viewer, "session:book", engagement)
    may_offer = is_permitted(viewer, "session:offer", engagement)
    offer = find_offer(session, engagement) if may_book or may_offer else None
    availability = find_availability(session, engagement.provider_id)
    return BookingView(
        may_book=may_book,
        may_offer=may_offer,
        may_pick=is_permitted(viewer, "session:pick", engagement),
        has_hours=availability is not None and _can_be_met(availability),
        offer=_view(offer, at) if offer else None,
    )


def _view(offer: TimeOffer, at: datetime) -> OfferView:
    starts = tuple(each.starts_at for each in offer.times if each.starts_at > at)
    return OfferView(starts, offer.minutes, offer.place, offer.link)


def _can_be_met(availability: Availability) -> bool:
    return bool(availability.hours or availability.exceptions)


def read_free_times(
    session: Session,
    engagement: Engagement,
    viewer: Actor,
    *,
    since: datetime,
    until: datetime,
    at: datetime,
    attendees: Collection[Person] = (),
    partner: Engagement | None = None,
) -> Diary | JointDiary:
    """What decides which times are free for both sides from `since` to `until`.

    Of the startup's that is `attendees`, or the viewer and whoever asked. With a `partner`, the
    engagement with the other mentor, both mentors have to be free.
    """
    people = [each.id for each in attendees] or [
        each for each in (viewer.acts_as_id, engagement.requested_by_id) if each is not None
    ]
    own, *other = (
        read_diary(session, provider=each.provider, people=people, since=since, until=until, at=at)
        for each in (engagement, partner)
        if each is not None
    )
    return own.together_with(other[0]) if other else own


def list_free_days(
    session: Session,
    engagement: Engagement,
    viewer: Actor,
    *,
    first_on: date,
    days: int,
    minutes: int,
    zone: ZoneInfo,
    at: datetime,
    attendees: Collection[Person] = (),
    partner: Engagement | None = None,
) -> list[FreeDay]:
    """Each of `days` days of `zone` from `first_on` on, with its free times of `minutes`."""
    since = datetime.combine(first_on, time(), tzinfo=zone)
    until = datetime.combine(first_on + days * _DAY, time(), tzinfo=zone)
    diary = read_free_times(
        session,
        engagement,
        viewer,
        since=since,
        until=until,
        at=at,
        attendees=attendees,
        partner=partner,
    )
    by_day: dict[date, list[datetime]] = {on: [] for on in _list_days(first_on, days)}
    for starts_at in diary.list_free(minutes, since, until):
        by_day[starts_at.astimezone(zone).date()].append(starts_at)
    return [FreeDay(on, tuple(starts)) for on, starts in by_day.items()]


def _list_days(first_on: date, days: int) -> Iterator[date]:
    return (first_on + number * _DAY for number in range(days))
