"""What happens in this room without anybody asking: calendars elsewhere are read.

A calendar is claimed in a transaction of its own, then read, then kept: nothing is locked while a
server is waited for. A process that is killed meanwhile leaves it to the next one.
"""

import time
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.calendars.busy import CalendarUnreadable, Span, list_busy
from app.calendars.fetching import NotRead, fetch_calendar
from app.extensions import db
from app.transactions import writing
from models.calendars import HORIZON_DAYS_RANGE, BusySource, BusyTime

# As often as a calendar is read, and how long one reading can last at most.
EVERY: Final = timedelta(minutes=30)
_CLAIM: Final = timedelta(minutes=5)
# After failures it is tried less often, up to once a day.
_LONGEST_WAIT: Final = timedelta(days=1)
_BACK: Final = timedelta(days=1)
_AHEAD: Final = timedelta(days=HORIZON_DAYS_RANGE[1] + 2)
# Others have their turn, in seconds.
_TURN: Final = 20.0


class _Claimed(NamedTuple):
    source_id: int
    url: str
    zone: str


def read_busy_times(app: Flask, at: datetime) -> int:
    """The calendars that are due at `at` have been read, for some seconds; how many were tried."""
    tried, until = 0, time.monotonic() + _TURN
    with app.app_context():
        while time.monotonic() < until and (claimed := _claim_next(db.session, at)) is not None:
            spans, problem = _read(claimed, at)
            _keep(db.session, claimed.source_id, spans, problem, at)
            tried += 1
    return tried


def _read(claimed: _Claimed, at: datetime) -> tuple[list[Span], str]:
    try:
        text = fetch_calendar(claimed.url)
        return list_busy(text, since=at - _BACK, until=at + _AHEAD, zone=ZoneInfo(claimed.zone)), ""
    except NotRead as error:
        return [], error.code
    except CalendarUnreadable as error:
        return [], str(error)


def _claim_next(session: Session, at: datetime) -> _Claimed | None:
    with writing(session):
        source = session.scalar(
            select(BusySource)
            .where(BusySource.not_before <= at)
            .order_by(BusySource.not_before, BusySource.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=BusySource)
        )
        if source is None:
            return None
        source.not_before = at + _CLAIM
        return _Claimed(source.id, source.url, source.person.time_zone)


def _keep(session: Session, source_id: int, spans: list[Span], problem: str, at: datetime) -> None:
    """What was read takes the place of what was known; after a failure that stays."""
    with writing(session):
        source = session.get(BusySource, source_id, with_for_update=True)
        if source is None:
            # Removed meanwhile.
            return
        source.problem = problem
        if problem:
            source.failures += 1
            source.not_before = at + min(EVERY * 2 ** min(source.failures, 10), _LONGEST_WAIT)
            return
        source.failures = 0
        source.read_at = at
        source.not_before = at + EVERY
        session.execute(delete(BusyTime).where(BusyTime.source_id == source.id))
        if spans:
            session.execute(
                insert(BusyTime),
                [
                    {"source_id": source.id, "starts_at": begins, "ends_at": ends}
                    for begins, ends in spans
                ],
            )
