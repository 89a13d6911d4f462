"""What a provider said of its time."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.values import AvailabilityValues, DayHours
from app.telling.notices import list_people_of
from app.words.localisation import DEFAULT_TIME_ZONE
from models.calendars import Availability, AvailabilityException
from models.people import Person
from models.providers import Provider


def find_availability(session: Session, provider_id: int) -> Availability | None:
    """What the provider said of its time; None where it said nothing."""
    return session.get(Availability, provider_id)


def find_exception(session: Session, public_id: str) -> AvailabilityException | None:
    """The exception with this public id."""
    return session.scalar(
        select(AvailabilityException).where(AvailabilityException.public_id == public_id)
    )


def list_members(session: Session, provider: Provider) -> list[Person]:
    """Who can be met: the active people of the provider, by the order in which they joined."""
    return list_people_of(session, provider_id=provider.id)


def find_host_id(
    session: Session, provider: Provider, availability: Availability | None
) -> int | None:
    """Who is met: whom the provider named, as long as they act for it, else who joined first."""
    members = [person.id for person in list_members(session, provider)]
    if availability is not None and availability.host_id in members:
        return availability.host_id
    return members[0] if members else None


def list_exceptions(availability: Availability, at: datetime) -> Sequence[AvailabilityException]:
    """Those that are not over at `at`, by the clock of the provider."""
    today = at.astimezone(ZoneInfo(availability.time_zone)).date()
    return [each for each in availability.exceptions if each.last_on >= today]


def read_values(
    availability: Availability | None, *, time_zone: str = DEFAULT_TIME_ZONE
) -> AvailabilityValues:
    """What is stored as it is set; in `time_zone` and without hours where nothing is."""
    if availability is None:
        return AvailabilityValues(time_zone=time_zone)
    return AvailabilityValues(
        time_zone=availability.time_zone,
        hours=tuple(
            DayHours(each.weekday, each.begins_minute, each.ends_minute)
            for each in availability.hours
        ),
        buffer_minutes=availability.buffer_minutes,
        week_limit=availability.week_limit,
        month_limit=availability.month_limit,
        notice_hours=availability.notice_hours,
        horizon_days=availability.horizon_days,
        place=availability.place,
        link=availability.link,
        host_id=availability.host_id,
    )
