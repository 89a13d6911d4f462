"""Reading what decides whether a time is free, in a number of queries that does not grow."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.diary import REACH, Diary, Limits, get_month, get_week
from app.calendars.local_times import QUARTER
from app.calendars.open_quarters import list_open_quarters
from app.calendars.queries.availability import find_availability, find_host_id
from app.calendars.values import DayHours, Difference
from app.words.localisation import DEFAULT_TIME_ZONE
from models.calendars import Availability, BusySource, BusyTime
from models.engagements import CoachingSession, Engagement, SessionQuarter
from models.providers import Provider

# What counts against the limits of a week and a month.
_COUNTED = ("confirmed", "held", "contested", "missed")
# A month and the weeks that reach over its ends.
_AROUND = timedelta(days=40)


def read_limits(
    session: Session,
    *,
    provider: Provider,
    host_id: int | None,
    since: datetime,
    until: datetime,
    apart_from: CoachingSession | None = None,
) -> Limits:
    """What limits the sessions of `provider` that `host_id` holds from `since` to `until`.

    `apart_from` is a session that is planned anew and counts no more.
    """
    availability = find_availability(session, provider.id)
    if availability is None:
        return Limits(ZoneInfo(DEFAULT_TIME_ZONE))
    zone = ZoneInfo(availability.time_zone)
    but = apart_from.id if apart_from is not None else -1
    starts = session.scalars(
        select(CoachingSession.starts_at)
        .join(Engagement, Engagement.id == CoachingSession.engagement_id)
        .where(
            Engagement.provider_id == provider.id,
            CoachingSession.state.in_(_COUNTED),
            CoachingSession.starts_at > since - _AROUND,
            CoachingSession.starts_at < until + _AROUND,
            CoachingSession.id != but,
        )
    ).all()
    return Limits(
        zone=zone,
        buffer=timedelta(minutes=availability.buffer_minutes),
        week_limit=availability.week_limit,
        month_limit=availability.month_limit,
        spans=_list_spans(session, host_id, since, until, but),
        in_weeks=Counter(get_week(each, zone) for each in starts),
        in_months=Counter(get_month(each, zone) for each in starts),
    )


def read_diary(
    session: Session,
    *,
    provider: Provider,
    people: Collection[int],
    since: datetime,
    until: datetime,
    at: datetime,
) -> Diary:
    """What decides whether `provider` and `people` are free from `since` to `until`."""
    availability = find_availability(session, provider.id)
    host_id = find_host_id(session, provider, availability)
    limits = read_limits(session, provider=provider, host_id=host_id, since=since, until=until)
    if availability is None or host_id is None:
        return Diary(frozenset(), frozenset(), limits, at)
    taken = session.scalars(
        select(SessionQuarter.quarter_at).where(
            SessionQuarter.person_id.in_({*people, host_id}),
            SessionQuarter.quarter_at >= since,
            SessionQuarter.quarter_at < until + REACH,
        )
    )
    return Diary(
        open_quarters=_list_open(availability, since, until),
        taken={*taken, *_list_busy_quarters(session, {*people, host_id}, since, until)},
        limits=limits,
        at=at,
        notice_hours=availability.notice_hours,
        horizon_days=availability.horizon_days,
    )


def _list_open(availability: Availability, since: datetime, until: datetime) -> set[datetime]:
    zone = ZoneInfo(availability.time_zone)
    return list_open_quarters(
        [
            DayHours(each.weekday, each.begins_minute, each.ends_minute)
            for each in availability.hours
        ],
        [
            Difference(each.kind, each.first_on, each.last_on, each.begins_minute, each.ends_minute)
            for each in availability.exceptions
        ],
        zone=zone,
        first_on=since.astimezone(zone).date(),
        last_on=(until + REACH).astimezone(zone).date(),
    )


def _list_busy_quarters(
    session: Session, people: Collection[int], since: datetime, until: datetime
) -> set[datetime]:
    """The quarters in which one of `people` is taken by a calendar elsewhere, even in part."""
    rows = session.execute(
        select(BusyTime.starts_at, BusyTime.ends_at)
        .join(BusySource, BusySource.id == BusyTime.source_id)
        .where(
            BusySource.person_id.in_(people),
            BusyTime.starts_at < until + REACH,
            BusyTime.ends_at > since,
        )
    )
    taken: set[datetime] = set()
    for starts_at, ends_at in rows:
        first = max(starts_at, since - REACH)
        quarter = first - timedelta(
            minutes=first.minute % 15, seconds=first.second, microseconds=first.microsecond
        )
        while quarter < min(ends_at, until + REACH):
            taken.add(quarter)
            quarter += QUARTER
    return taken


def _list_spans(
    session: Session, host_id: int | None, since: datetime, until: datetime, but: int
) -> list[tuple[datetime, datetime]]:
    """From when to when the host is in sessions, with whomever."""
    if host_id is None:
        return []
    of_host = select(SessionQuarter.coaching_session_id).where(
        SessionQuarter.person_id == host_id,
        SessionQuarter.quarter_at > since - REACH,
        SessionQuarter.quarter_at < until + REACH,
    )
    rows = session.execute(
        select(CoachingSession.starts_at, CoachingSession.ends_at).where(
            CoachingSession.id.in_(of_host),
            CoachingSession.id != but,
        )
    )
    return [(starts_at, ends_at) for starts_at, ends_at in rows]
