"""Hours and offers that tests of calendars start from."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.calendars import actions
from app.calendars.values import AvailabilityValues, DayHours
from app.engagements.actions import booking
from models.calendars import Availability, TimeOffer
from models.engagements import CoachingSession, Engagement
from tests.app.engagements.scenes import Scene
from tests.factories import AT

# Every weekday from nine to noon by the clock of Shanghai.
MORNINGS = tuple(DayHours(weekday, 9 * 60, 12 * 60) for weekday in range(5))
# Monday 9 March 2026, nine o'clock in Shanghai, six days after `AT`.
MONDAY = datetime.fromisoformat("2026-03-09T09:00:00+08:00")


def open_hours(session: Session, scene: Scene, **values: Any) -> Availability:
    given = {
        "time_zone": "Asia/Shanghai",
        "hours": MORNINGS,
        "buffer_minutes": 0,
        "notice_hours": 24,
        "horizon_days": 30,
        "link": "https://meet.example.org/wafers",
    } | values
    return actions.set_availability(
        session,
        provider=scene.provider,
        values=AvailabilityValues(**given),
        actor=scene.by_mentor,
        at=AT,
    )


def book(
    session: Session,
    scene: Scene,
    engagement: Engagement,
    starts_at: datetime = MONDAY,
    minutes: int = 60,
    **values: Any,
) -> CoachingSession:
    given = {"place": "", "link": "", "actor": scene.by_founder, "at": AT} | values
    return booking.book(
        session, engagement=engagement, starts_at=starts_at, minutes=minutes, **given
    )


def offer(
    session: Session, scene: Scene, engagement: Engagement, *starts: datetime, **values: Any
) -> TimeOffer:
    given = {
        "minutes": 60,
        "place": "Room 2",
        "link": "",
        "actor": scene.by_mentor,
        "at": AT,
    } | values
    return booking.offer_times(
        session,
        engagement=engagement,
        starts=starts or (MONDAY, MONDAY + timedelta(days=1)),
        **given,
    )
