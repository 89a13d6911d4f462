"""What a provider does with its time: hours and limits, and days that differ."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.calendars.buffers import take_buffers_anew
from app.calendars.errors import (
    HoursInvalid,
    HoursMissing,
    MeetingPlaceInvalid,
    TooManyExceptions,
)
from app.calendars.queries import find_availability, list_exceptions, list_members
from app.calendars.values import AvailabilityValues, DayHours, Difference, join_hours
from app.errors import ChangedMeanwhile
from app.words.limits import LINE_LIMIT
from app.words.links import is_web_address
from app.words.localisation import is_time_zone
from models.calendars import (
    BUFFERS,
    DAY_MINUTES,
    HORIZON_DAYS_RANGE,
    LINK_LIMIT,
    MONTH_LIMIT_RANGE,
    MOST_EXCEPTIONS,
    NOTICE_HOURS_RANGE,
    WEEK_LIMIT_RANGE,
    Availability,
    AvailabilityException,
    WeeklyHours,
)
from models.providers import Provider

# Nobody has more stretches in one day.
_MOST_HOURS: Final = 7 * 6


def set_availability(
    session: Session,
    *,
    provider: Provider,
    values: AvailabilityValues,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Availability:
    """`provider` can be met as `values` say, from now on; what is booked stays.

    `version` is that of what was shown. Raises NotFound, NotPermitted, HoursInvalid,
    MeetingPlaceInvalid, ChangedMeanwhile.
    """
    require(actor, "availability:edit", provider)
    _check(session, provider, values)
    # Whoever books at the same time takes this lock first, too: their quarters are counted.
    session.execute(
        select(Provider.id).where(Provider.id == provider.id).with_for_update(key_share=True)
    )
    availability = find_availability(session, provider.id)
    buffer_before = 0 if availability is None else availability.buffer_minutes
    if availability is None:
        availability = Availability(provider_id=provider.id)
        session.add(availability)
    elif version is not None and version != availability.version:
        raise ChangedMeanwhile
    availability.time_zone = values.time_zone
    availability.host_id = values.host_id
    availability.buffer_minutes = values.buffer_minutes
    availability.week_limit = values.week_limit
    availability.month_limit = values.month_limit
    availability.notice_hours = values.notice_hours
    availability.horizon_days = values.horizon_days
    availability.place = values.place
    availability.link = values.link
    availability.updated_at = at
    availability.hours = [
        WeeklyHours(weekday=each.weekday, begins_minute=each.begins, ends_minute=each.ends)
        for each in join_hours(values.hours)
    ]
    session.flush()
    if values.buffer_minutes != buffer_before:
        take_buffers_anew(session, provider=provider, minutes=values.buffer_minutes, at=at)
    record(session, actor=actor, kind="availability_set", subject=provider, at=at)
    return availability


def add_exception(
    session: Session, *, provider: Provider, difference: Difference, actor: Actor, at: datetime
) -> AvailabilityException:
    """Some days differ. What is booked then stays, and is moved or cancelled by hand.

    Raises NotFound, NotPermitted, HoursMissing, HoursInvalid, TooManyExceptions.
    """
    require(actor, "availability:edit", provider)
    availability = find_availability(session, provider.id)
    if availability is None:
        raise HoursMissing
    if difference.last_on < difference.first_on or not _is_span(difference.begins, difference.ends):
        raise HoursInvalid
    if len(list_exceptions(availability, at)) >= MOST_EXCEPTIONS:
        raise TooManyExceptions(limit=MOST_EXCEPTIONS)
    added = AvailabilityException(
        kind=difference.kind,
        first_on=difference.first_on,
        last_on=difference.last_on,
        begins_minute=difference.begins,
        ends_minute=difference.ends,
    )
    availability.exceptions.append(added)
    # The row itself says that something changed: two forms at once are noticed.
    availability.updated_at = at
    session.flush()
    record(session, actor=actor, kind="availability_exception_added", subject=provider, at=at)
    return added


def remove_exception(
    session: Session, *, exception: AvailabilityException, actor: Actor, at: datetime
) -> None:
    """The weekly hours hold again on those days. Raises NotFound."""
    require(actor, "availability:remove_exception", exception)
    provider = exception.availability.provider
    exception.availability.exceptions.remove(exception)
    session.flush()
    record(session, actor=actor, kind="availability_exception_removed", subject=provider, at=at)


def _check(session: Session, provider: Provider, values: AvailabilityValues) -> None:
    members = [person.id for person in list_members(session, provider)]
    is_good = (
        is_time_zone(values.time_zone)
        and values.buffer_minutes in BUFFERS
        and _lies_in(values.week_limit, WEEK_LIMIT_RANGE)
        and _lies_in(values.month_limit, MONTH_LIMIT_RANGE)
        and _lies_in(values.notice_hours, NOTICE_HOURS_RANGE)
        and _lies_in(values.horizon_days, HORIZON_DAYS_RANGE)
        and (values.host_id is None or values.host_id in members)
        and _are_hours(values.hours)
    )
    if not is_good:
        raise HoursInvalid
    # The link is shown as one, on pages of both sides.
    if values.link and not is_web_address(values.link):
        raise MeetingPlaceInvalid
    if len(values.link) > LINK_LIMIT or len(values.place) > LINE_LIMIT:
        raise MeetingPlaceInvalid


def _are_hours(hours: Iterable[DayHours]) -> bool:
    hours = tuple(hours)
    return len(hours) <= _MOST_HOURS and all(
        0 <= each.weekday <= 6 and _is_span(each.begins, each.ends) for each in hours
    )


def _is_span(begins: int, ends: int) -> bool:
    return 0 <= begins < ends <= DAY_MINUTES and not begins % 15 and not ends % 15


def _lies_in(value: int | None, bounds: tuple[int, int]) -> bool:
    return value is None or bounds[0] <= value <= bounds[1]
