"""Codes on paper that stand in for a device: made, used once, made anew."""

import hashlib
import re
import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor, require
from app.accounts.actions.telling import tell_of_factor
from app.accounts.errors import CodeWrong, NoSecondFactor
from models.orm import delete_where
from models.people import Person
from models.second_factors import RecoveryCode

RECOVERY_CODES: Final = 10
_RECOVERY_BYTES: Final = 10


def renew_recovery_codes(
    session: Session, *, person: Person, actor: Actor, at: datetime
) -> tuple[str, ...]:
    """New recovery codes, never told again; the earlier ones are good for nothing any more.

    Raises NotFound unless `actor` is that person, NoSecondFactor when there is none.
    """
    require(actor, "person:edit", person)
    session.refresh(person, with_for_update=True)
    if not person.has_second_factor:
        raise NoSecondFactor
    codes = _make_recovery_codes(session, person)
    tell_of_factor(session, person, "recovery_codes_renewed", by=actor, at=at)
    return codes


def make_first_recovery_codes(session: Session, person: Person) -> tuple[str, ...]:
    """The codes of `person`, for whom a first device was just set up; none where there are some."""
    query = select(func.count()).where(RecoveryCode.person_id == person.id)
    return () if session.scalar(query) else _make_recovery_codes(session, person)


def use_recovery_code(session: Session, person: Person, code: str, *, at: datetime) -> None:
    """`code`, in capitals and without hyphens, was one of them. Raises CodeWrong."""
    gone = delete_where(
        session,
        RecoveryCode,
        RecoveryCode.person_id == person.id,
        RecoveryCode.code_hash == _hash(code),
    )
    if not gone:
        raise CodeWrong
    tell_of_factor(session, person, "recovery_code_used", by=make_actor(person), at=at)


def forget_recovery_codes(session: Session, person: Person) -> None:
    """No code on paper lets `person` in."""
    delete_where(session, RecoveryCode, RecoveryCode.person_id == person.id)


def _make_recovery_codes(session: Session, person: Person) -> tuple[str, ...]:
    forget_recovery_codes(session, person)
    codes = tuple(secrets.token_hex(_RECOVERY_BYTES).upper() for _ in range(RECOVERY_CODES))
    for code in codes:
        session.add(RecoveryCode(person_id=person.id, code_hash=_hash(code)))
    session.flush()
    return tuple("-".join(re.findall(".{1,5}", code)) for code in codes)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
