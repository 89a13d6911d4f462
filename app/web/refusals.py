"""Notes what is refused, so that the person concerned and their incubator can see it.

A note is a count in the row of an hour, in a transaction of its own: what was refused is rolled
back. How much an hour can hold is bounded, and so is how often it is written: the first few of an
hour at once, more of the same together, every few seconds, by each process. Whoever tries for ever
costs no more than whoever tries some dozen times. Strangers are counted together.
"""

import logging
import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flask import Flask, current_app, g, has_request_context, request
from flask_login import current_user
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.clock import now
from app.extensions import db
from app.transactions import writing_soon
from app.web.problem_details import is_versioned
from models.orm import delete_where
from models.people import Person
from models.refusals import WHAT_LIMIT, Refusal, RefusalKind

log = logging.getLogger(__name__)

# For so long they can be read.
KEPT_FOR: Final = timedelta(days=90)

# More in one hour is not told apart: neither how often, nor, of one person, of how many pages.
COUNT_LIMIT: Final = 1_000
PAGES_LIMIT: Final = 30
# Under this stand all further pages of the hour.
OTHERS: Final = ""

# So many of one kind a process notes one by one, then those of so many seconds together.
ONE_BY_ONE: Final = 20
_TOGETHER_SECONDS: Final = 10.0
_KINDS_REMEMBERED: Final = 5_000

# How long a note waits for others who write, in seconds.
_PATIENCE: Final = 0.25

_NOTED: Final = "yinqiao_noted_refusals"


@dataclass(slots=True)
class _Noted:
    """What a process noted of one kind in an hour."""

    times: int = 0
    waiting: int = 0
    written_at: float = 0.0
    is_full: bool = False


@dataclass(slots=True)
class _Notes:
    """Which refusals of the present hour a process noted, and which wait for that."""

    hour_at: datetime | None = None
    noted: dict[Hashable, _Noted] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: Hashable, hour_at: datetime) -> int:
        """One more of `key`; how many are to be written now, 0 for none."""
        moment = time.monotonic()
        with self.lock:
            if self.hour_at != hour_at or len(self.noted) >= _KINDS_REMEMBERED:
                self.hour_at = hour_at
                self.noted.clear()
            noted = self.noted.setdefault(key, _Noted())
            if noted.is_full:
                return 0
            noted.times += 1
            noted.waiting += 1
            if noted.times > ONE_BY_ONE and moment - noted.written_at < _TOGETHER_SECONDS:
                return 0
            waiting, noted.waiting, noted.written_at = noted.waiting, 0, moment
            return waiting

    def close(self, key: Hashable) -> None:
        """The row of the hour holds no more of `key`."""
        with self.lock:
            if (noted := self.noted.get(key)) is not None:
                noted.is_full = True


def start_noting(app: Flask) -> None:
    """`app` notes refusals, and has noted none."""
    app.extensions[_NOTED] = _Notes()


def note_refusal(kind: RefusalKind, *, email: str = "") -> None:
    """The present request was refused. `email` is the address of an account that was tried.

    Call it when nothing is open in the session of the request. A database that is away or busy
    is no reason to answer anything else.
    """
    # Whoever tries without a request is no visitor.
    if not (has_request_context() and current_app.config["NOTES_REFUSALS"]):
        return
    rule = request.url_rule.rule if request.url_rule is not None else OTHERS
    what = f"{request.method} {rule}"[:WHAT_LIMIT]
    at = now()
    notes: _Notes = current_app.extensions[_NOTED]
    try:
        whose: Hashable = email or _find_asking_id()
        key = (kind, what, whose)
        times = notes.take(key, _find_hour(at))
        if not times:
            return
        with writing_soon(db.engine, _PATIENCE) as connection:
            person_id = _find_person_id(connection, email) if email else _find_asking_id()
            count = _count(connection, kind, what, person_id, times=times, at=at)
        if count >= COUNT_LIMIT:
            notes.close(key)
    except DBAPIError:
        log.warning("a refusal was not noted", exc_info=True)


def forget_refusals(session: Session, *, at: datetime) -> int:
    """Those that are kept no longer are gone; returns how many rows."""
    return delete_where(session, Refusal, Refusal.hour_at < at - KEPT_FOR)


def _find_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _find_person_id(connection: Connection, email: str) -> int | None:
    return connection.scalar(select(Person.id).where(Person.email == email))


def _find_asking_id() -> int | None:
    # Programs come with a token, for which the actor was worked out.
    if (actor := g.get("actor")) is not None:
        return int(actor.person_id)
    if is_versioned() or not current_user.is_authenticated:
        return None
    return int(current_user.person_id)


def _count(
    connection: Connection,
    kind: RefusalKind,
    what: str,
    person_id: int | None,
    *,
    times: int,
    at: datetime,
) -> int:
    """How often that was refused in this hour, with these `times`."""
    hour_at = _find_hour(at)
    theirs = Refusal.person_id.is_(None) if person_id is None else Refusal.person_id == person_id
    of_hour = (theirs, Refusal.hour_at == hour_at)
    found = _find(connection, kind, what, *of_hour)
    if found is None and what != OTHERS:
        pages = connection.scalar(select(func.count()).select_from(Refusal).where(*of_hour)) or 0
        if pages >= PAGES_LIMIT * (1 if person_id is not None else 10):
            what = OTHERS
            found = _find(connection, kind, what, *of_hour)
    if found is None:
        values = {"hour_at": hour_at, "kind": kind, "what": what, "person_id": person_id}
        first = min(times, COUNT_LIMIT)
        try:
            with connection.begin_nested():
                connection.execute(insert(Refusal).values(**values, count=first, last_at=at))
            return first
        except IntegrityError:
            # Somebody else's first one of this hour came in between, and is counted on.
            found = _find(connection, kind, what, *of_hour)
    if found is None:
        return 0
    row_id, count = found
    if count < COUNT_LIMIT:
        # Not what was read: somebody else may count at the same moment.
        times = min(times, COUNT_LIMIT - count)
        counted = update(Refusal).where(Refusal.id == row_id)
        connection.execute(counted.values(count=Refusal.count + times, last_at=at))
    return count + times


def _find(
    connection: Connection, kind: RefusalKind, what: str, *of_hour: object
) -> tuple[int, int] | None:
    query = select(Refusal.id, Refusal.count).where(
        *of_hour,  # type: ignore[arg-type]  # conditions of SQL
        Refusal.kind == kind,
        Refusal.what == what,
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])
