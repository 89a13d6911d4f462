"""Whether this installation can do what it is for: asked by whoever watches over it, from outside.

Words from a closed list, and nothing of anybody.
"""

import logging
import math
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.beats import find_silent_lanes
from app.database import is_schema_current
from app.extensions import db
from app.telling.mail import MAX_ATTEMPTS
from app.web.engine import get_matching
from models.notices import OutboxMail

log = logging.getLogger(__name__)

# What pages need, in the one state in which they have it.
PAGES: Final = {
    "database": "reachable",
    "schema": "current",
    "encoder": "loaded",
    "index": "loaded",
}
# And what else there is to do.
ALL: Final = {**PAGES, "worker": "working", "mail": "flowing"}

# For so many seconds what was well is.
_WELL_FOR: Final = 2.0
_WELL_AT: Final = "yinqiao_well_at"

# A mail that is due for so long is tried by nobody.
_DUE_FOR: Final = timedelta(minutes=15)
# So many that failed more than once, and wait, are no longer the fault of their addresses.
_IN_VAIN: Final = 10


def read_basics() -> dict[str, str]:
    """Whether the database is there and has the schema of this release.

    What was well a moment ago is: to look through all columns takes a tenth of a second, and
    anybody may ask.
    """
    if time.monotonic() - current_app.extensions.get(_WELL_AT, -math.inf) < _WELL_FOR:
        return {"database": "reachable", "schema": "current"}
    try:
        current = is_schema_current(db.engine)
    except SQLAlchemyError:
        log.exception("the database cannot be reached")
        return {"database": "unreachable", "schema": "unknown"}
    if current:
        current_app.extensions[_WELL_AT] = time.monotonic()
    return {"database": "reachable", "schema": "current" if current else "outdated"}


def read_readiness(*, at: datetime) -> dict[str, str]:
    """The state of each part of `ALL`, in this process at `at`.

    An encoder that nobody has needed yet begins to load: who asks again finds it.
    """
    matching = get_matching()
    matching.begin_warming()
    parts = {**read_basics(), **matching.parts, "worker": "unknown", "mail": "unknown"}
    if parts["schema"] == "current":
        try:
            parts["worker"] = _read_worker(db.session, at)
            parts["mail"] = _read_mail(db.session, at)
        except SQLAlchemyError:
            log.exception("the database cannot be reached")
    return parts


def is_ready(parts: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether every part of `wanted` is as it should be."""
    return all(parts[name] == state for name, state in wanted.items())


def _read_worker(session: Session, at: datetime) -> str:
    silent = find_silent_lanes(session, at=at)
    if silent is None:
        return "absent"
    return "late" if silent else "working"


def _read_mail(session: Session, at: datetime) -> str:
    waiting = (OutboxMail.sent_at.is_(None), OutboxMail.attempts < MAX_ATTEMPTS)
    overdue = select(OutboxMail.id).where(*waiting, OutboxMail.not_before <= at - _DUE_FOR)
    if session.scalar(overdue.limit(1)) is not None:
        return "late"
    in_vain = select(func.count()).where(*waiting, OutboxMail.attempts > 1)
    return "late" if (session.scalar(in_vain) or 0) >= _IN_VAIN else "flowing"
