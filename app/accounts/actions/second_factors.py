"""A second factor beside the password: added, asked for, renewed, removed.

Codes are those of RFC 6238 with its defaults: six digits, steps of thirty seconds, one step of
drift either way.
"""

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final, NamedTuple

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, make_actor, require
from app.accounts.addresses import SECOND_FACTOR
from app.accounts.errors import (
    CodeWrong,
    NoSecondFactor,
    OfferInvalid,
    SecondFactorAsked,
    SecondFactorThere,
)
from app.accounts.queries import find_second_factor
from app.audit import record
from app.sealing import Sealer
from app.signing import Signer
from app.telling.notices import tell
from models.people import Person
from models.second_factors import RecoveryCode, SecondFactor

_PURPOSE: Final = "second factor"
OFFERED_FOR: Final = timedelta(minutes=30)
RECOVERY_CODES: Final = 10

STEP_SECONDS: Final = 30
_DRIFT_STEPS: Final = (0, -1, 1)
_RECOVERY_BYTES: Final = 10
_DIGITS: Final = re.compile(r"[0-9]{6}")


class Offer(NamedTuple):
    """A secret for a new device: as it is typed, as an address that devices read, and signed."""

    secret: str
    address: str
    token: str


def offer_second_factor(person: Person, *, issuer: str, signer: Signer, at: datetime) -> Offer:
    """A new secret for `person`. Nothing is stored: it comes back signed, with its first code."""
    return _make_offer(person, pyotp.random_base32(), issuer, signer, at)


def repeat_offer(
    person: Person, *, token: str, issuer: str, signer: Signer, at: datetime
) -> Offer | None:
    """The offer that `token` stands for; None when it was not made to `person`, or long ago."""
    facts = signer.read(_PURPOSE, token, at=at)
    if facts is None or facts["person"] != person.public_id:
        return None
    return _make_offer(person, facts["secret"], issuer, signer, at)


def add_second_factor(
    session: Session,
    *,
    person: Person,
    token: str,
    code: str,
    signer: Signer,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> tuple[str, ...]:
    """`person` is asked for a code from now on. Returns the recovery codes, never told again.

    Raises NotFound unless `actor` is that person, OfferInvalid for a `token` that is too old or
    somebody else's, CodeWrong when `code` does not show that the device has the secret,
    SecondFactorThere when there is one.
    """
    require(actor, "person:edit", person)
    session.refresh(person, with_for_update=True)
    facts = signer.read(_PURPOSE, token, at=at)
    if facts is None or facts["person"] != person.public_id:
        raise OfferInvalid
    if find_second_factor(session, person) is not None:
        raise SecondFactorThere
    step = _find_step(facts["secret"], _read_code(code), at)
    if step is None:
        raise CodeWrong
    factor = SecondFactor(
        person=person,
        sealed_secret=sealer.seal(_PURPOSE, facts["secret"]),
        last_step=step,
        created_at=at,
    )
    session.add(factor)
    session.flush()
    codes = _make_recovery_codes(session, factor)
    _tell(session, person, "second_factor_added", actor=actor, at=at)
    return codes


def use_code(session: Session, *, person: Person, code: str, sealer: Sealer, at: datetime) -> None:
    """`code` was the device's, or one on paper, and is good for nothing any more.

    So it is when the person has no second factor at all: somebody removed it meanwhile. Raises
    CodeWrong, also for one that was used.
    """
    factor = find_second_factor(session, person, lock=True)
    if factor is None:
        return
    read = _read_code(code)
    if not _DIGITS.fullmatch(read):
        _use_recovery_code(session, factor, read, at=at)
        return
    secret = sealer.open(_PURPOSE, factor.sealed_secret)
    step = None if secret is None else _find_step(secret, read, at)
    if step is None or step <= factor.last_step:
        raise CodeWrong
    factor.last_step = step
    session.flush()


def renew_recovery_codes(
    session: Session, *, person: Person, actor: Actor, at: datetime
) -> tuple[str, ...]:
    """New recovery codes, never told again; the earlier ones are good for nothing any more.

    Raises NotFound unless `actor` is that person, NoSecondFactor when there is none.
    """
    require(actor, "person:edit", person)
    factor = find_second_factor(session, person, lock=True)
    if factor is None:
        raise NoSecondFactor
    codes = _make_recovery_codes(session, factor)
    _tell(session, person, "recovery_codes_renewed", actor=actor, at=at)
    return codes


def remove_second_factor(session: Session, *, person: Person, actor: Acting, at: datetime) -> None:
    """`person` logs in by the password alone again.

    Raises NotFound unless `actor` is that person or the command line, NoSecondFactor when there
    is none, SecondFactorAsked when an incubator that they operate asks for it: then only the
    command line removes it, for whoever lost device and paper.
    """
    require(actor, "second_factor:remove", person)
    factor = find_second_factor(session, person, lock=True)
    if factor is None:
        raise NoSecondFactor
    asking = [m.incubator for m in person.memberships if m.incubator is not None]
    for incubator in asking:
        if incubator.requires_second_factor and isinstance(actor, Actor):
            raise SecondFactorAsked(incubator=incubator.name)
    session.delete(factor)
    session.flush()
    session.expire(person, ["second_factor"])
    _tell(session, person, "second_factor_removed", actor=actor, at=at)


def _make_offer(person: Person, secret: str, issuer: str, signer: Signer, at: datetime) -> Offer:
    facts = {"person": person.public_id, "secret": secret}
    return Offer(
        secret=" ".join(re.findall(".{1,4}", secret)),
        address=pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=issuer),
        token=signer.sign(_PURPOSE, facts, expires_at=at + OFFERED_FOR),
    )


def _read_code(typed: str) -> str:
    """As it is compared: without spaces and hyphens, in one width and one case."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", typed).upper())


def _find_step(secret: str, code: str, at: datetime) -> int | None:
    """The step of the clock near `at` whose code is `code`; None when it is none of them."""
    now = int(at.timestamp()) // STEP_SECONDS
    made = pyotp.TOTP(secret, interval=STEP_SECONDS)
    steps = (now + drift for drift in _DRIFT_STEPS)
    return next((s for s in steps if compare_digest(made.generate_otp(s), code)), None)


def _make_recovery_codes(session: Session, factor: SecondFactor) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.second_factor_id == factor.id))
    codes = tuple(secrets.token_hex(_RECOVERY_BYTES).upper() for _ in range(RECOVERY_CODES))
    for code in codes:
        session.add(RecoveryCode(second_factor_id=factor.id, code_hash=_hash(code)))
    session.flush()
    session.expire(factor, ["recovery_codes"])
    return tuple("-".join(re.findall(".{1,5}", code)) for code in codes)


def _use_recovery_code(session: Session, factor: SecondFactor, code: str, *, at: datetime) -> None:
    row = session.scalar(
        select(RecoveryCode).where(
            RecoveryCode.second_factor_id == factor.id, RecoveryCode.code_hash == _hash(code)
        )
    )
    if row is None:
        raise CodeWrong
    session.delete(row)
    session.flush()
    session.expire(factor, ["recovery_codes"])
    _tell(session, factor.person, "recovery_code_used", actor=make_actor(factor.person), at=at)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _tell(session: Session, person: Person, kind: str, *, actor: Acting, at: datetime) -> None:
    tell(session, person=person, kind=kind, facts={}, path=SECOND_FACTOR, at=at)
    record(session, actor=actor, kind=_KINDS[kind], subject=person, at=at)
    session.flush()


_KINDS: Final = {
    "second_factor_added": "added_second_factor",
    "second_factor_removed": "removed_second_factor",
    "recovery_codes_renewed": "renewed_recovery_codes",
    "recovery_code_used": "used_recovery_code",
}
