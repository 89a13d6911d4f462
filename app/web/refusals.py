"""Notes what is refused, so that the person concerned and their incubator can see it.

A note is a count in the row of an hour, in a transaction of its own: what was refused is rolled
back. How much an hour can hold is bounded, and so is how often it is written: whoever tries for
ever costs no more than whoever tries some hundred times. Strangers are counted together.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from flask import current_app, g, has_request_context, request
from flask_login import current_user
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.clock import now
from app.extensions import db
from app.web.problem_details import is_versioned
from models.orm import WRITER_OPTION, delete_where
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
    try:
        with db.engine.connect().execution_options(**{WRITER_OPTION: True}) as connection:
            _count(connection, kind, what, _find_person_id(connection, email), at)
            connection.commit()
    except DBAPIError:
        log.warning("a refusal was not noted", exc_info=True)


def forget_refusals(session: Session, *, at: datetime) -> int:
    """Those that are kept no longer are gone; returns how many rows."""
    return delete_where(session, Refusal, Refusal.hour_at < at - KEPT_FOR)


def _find_person_id(connection: Connection, email: str) -> int | None:
    if email:
        return connection.scalar(select(Person.id).where(Person.email == email))
    # Programs come with a token, for which the actor was worked out.
    if (actor := g.get("actor")) is not None:
        return int(actor.person_id)
    if is_versioned() or not current_user.is_authenticated:
        return None
    return int(current_user.person_id)


def _count(
    connection: Connection, kind: RefusalKind, what: str, person_id: int | None, at: datetime
) -> None:
    hour_at = at.replace(minute=0, second=0, microsecond=0)
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
        try:
            with connection.begin_nested():
                connection.execute(insert(Refusal).values(**values, count=1, last_at=at))
        except IntegrityError:
            # Somebody else's first one of this hour came in between, and is counted on.
            found = _find(connection, kind, what, *of_hour)
    if found is not None and found[1] < COUNT_LIMIT:
        counted = update(Refusal).where(Refusal.id == found[0])
        connection.execute(counted.values(count=Refusal.count + 1, last_at=at))


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
