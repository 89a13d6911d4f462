"""When providers of the demonstration can be met, as `hours.yaml` says, and what one offers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.calendars.actions import add_exception, set_availability
from app.calendars.values import AvailabilityValues, DayHours, Difference
from app.engagements.actions.booking import offer_times
from models.calendars import ExceptionKind
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.providers import Provider

_LINK = "https://meet.example.org/yinqiao"
_DAY = timedelta(days=1)


def open_hours(session: Session, providers: Mapping[str, Provider], *, at: datetime) -> int:
    """Each provider of the file has its hours, and is away for some days; how many there are.

    `providers` are the stored ones by their keys.
    """
    rows: list[Mapping[str, Any]] = yaml.safe_load(
        files("app.demo").joinpath("hours.yaml").read_text(encoding="utf-8")
    )
    for row in rows:
        provider = providers[row["provider"]]
        actor = make_actor(provider.memberships[0].person)
        set_availability(session, provider=provider, values=_read_values(row), actor=actor, at=at)
        away = (at + 20 * _DAY).date()
        add_exception(
            session,
            provider=provider,
            difference=Difference(ExceptionKind.AWAY, away, away + 4 * _DAY),
            actor=actor,
            at=at,
        )
        _offer(session, provider, [at + days * _DAY for days in row.get("offers", ())], actor, at)
    return len(rows)


def _offer(
    session: Session, provider: Provider, days: list[datetime], actor: Actor, at: datetime
) -> None:
    engagement = session.scalars(
        select(Engagement)
        .where(
            Engagement.provider_id == provider.id,
            Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
        )
        .order_by(Engagement.id)
    ).first()
    if engagement is None or not days:
        return
    offer_times(
        session,
        engagement=engagement,
        # Half past seven in the evening in Shanghai.
        starts=[each.replace(hour=11, minute=30, second=0, microsecond=0) for each in days],
        minutes=45,
        place="",
        link=_LINK,
        actor=actor,
        at=at,
    )


def _read_values(row: Mapping[str, Any]) -> AvailabilityValues:
    place = row.get("place", "")
    return AvailabilityValues(
        time_zone=row["zone"],
        hours=tuple(
            DayHours(weekday - 1, _read_minute(begins), _read_minute(ends))
            for weekday, (begins, ends) in row["days"].items()
        ),
        buffer_minutes=row["buffer"],
        week_limit=row.get("week"),
        month_limit=row.get("month"),
        place=place,
        # Who is only come to has no address of the web.
        link="" if place else _LINK,
    )


def _read_minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
