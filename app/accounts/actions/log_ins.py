"""Log-ins begin and end; each is a row, and the cookie holds its secret."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from models.log_ins import AGE_LIMIT, IDLE_LIMIT, REMEMBERED_LIMIT, LogIn, LogInMethod
from models.orm import delete_where
from models.people import Person

_TOKEN_BYTES = 24

_UNTYPED = (LogInMethod.PROVIDER, LogInMethod.PROVIDER_AND_PASSKEY)


def begin_log_in(
    session: Session,
    *,
    person: Person,
    device: str,
    method: LogInMethod,
    is_remembered: bool,
    at: datetime,
) -> str:
    """`person` is logged in in one more browser, by `method`. Returns what its cookie holds."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        LogIn(
            person_id=person.id,
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            device=device,
            method=method,
            is_remembered=is_remembered,
            begun_at=at,
            seen_at=at,
            # Whoever sits at a browser that is logged in elsewhere comes in without typing, also
            # where a key that is plugged in has only to be touched.
            confirmed_at=None if method in _UNTYPED else at,
        )
    )
    session.flush()
    return token


def confirm_log_in(
    session: Session, *, log_in_id: int | None, person: Person, actor: Actor, at: datetime
) -> None:
    """The password was typed once more, at `at`, in the log-in of `person` with this id.

    Raises NotFound unless `actor` is that person and nobody who stands in for them.
    """
    require(actor, "person:edit", person)
    session.execute(
        update(LogIn)
        .where(LogIn.id == log_in_id, LogIn.person_id == person.id)
        .values(confirmed_at=at)
    )


def end_log_in(session: Session, *, log_in: LogIn, actor: Actor, at: datetime) -> None:
    """Whoever holds the cookie of `log_in` is logged in by it no longer.

    Raises NotFound unless `actor` is its person and nobody who stands in for them.
    """
    require(actor, "person:edit", log_in.person)
    record(session, actor=actor, kind="ended_log_in", subject=log_in.person, at=at)
    session.delete(log_in)
    session.flush()


def end_log_ins(
    session: Session, *, person: Person, but: int | None, actor: Actor, at: datetime
) -> None:
    """All log-ins of `person` end, except the one with the id `but`.

    Raises NotFound unless `actor` is that person and nobody who stands in for them.
    """
    require(actor, "person:edit", person)
    session.execute(
        delete(LogIn).where(LogIn.person_id == person.id, LogIn.id != (but if but else -1))
    )
    record(session, actor=actor, kind="ended_log_ins", subject=person, at=at)
    session.flush()


def forget_log_ins(session: Session, *, at: datetime) -> int:
    """Log-ins that are over leave nothing; returns how many there were."""
    over = (
        (LogIn.begun_at <= at - REMEMBERED_LIMIT)
        | (~LogIn.is_remembered & (LogIn.begun_at <= at - AGE_LIMIT))
        | (~LogIn.is_remembered & (LogIn.seen_at <= at - IDLE_LIMIT))
    )
    return delete_where(session, LogIn, over)
