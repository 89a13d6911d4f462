"""A device that tells codes, beside the password: added, asked for, removed.

Codes are those of RFC 6238 with its defaults: six digits, steps of thirty seconds, one step of
drift either way.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final, NamedTuple

import pyotp
from sqlalchemy.orm import Session

from app.access import Acting, Actor, require
from app.accounts.actions.recovery_codes import (
    forget_recovery_codes,
    make_first_recovery_codes,
    use_recovery_code,
)
from app.accounts.actions.taking_back import make_taking_back_link
from app.accounts.actions.telling import tell_of_factor
from app.accounts.errors import (
    CodeWrong,
    NoSecondFactor,
    OfferInvalid,
    SecondFactorAsked,
    SecondFactorThere,
)
from app.accounts.queries import find_asking_incubator, find_second_factor, list_passkeys
from app.sealing import Sealer
from app.signing import Signer
from models.people import Person
from models.second_factors import SecondFactor

_PURPOSE: Final = "second factor"
OFFERED_FOR: Final = timedelta(minutes=30)

STEP_SECONDS: Final = 30
_DRIFT_STEPS: Final = (0, -1, 1)
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
    """`person` is asked for a code from now on, and hears of it with a way back.

    Returns recovery codes, never told again, where there were none.

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
    session.expire(person, ["second_factor"])
    codes = make_first_recovery_codes(session, person)
    link = make_taking_back_link(factor, signer=signer, at=at)
    tell_of_factor(session, person, "second_factor_added", by=actor, at=at, link=link)
    return codes


def use_code(session: Session, *, person: Person, code: str, sealer: Sealer, at: datetime) -> None:
    """`code` was the device's, or one on paper, and is good for nothing any more.

    So it is when the person has no second factor at all: somebody removed it meanwhile. Raises
    CodeWrong, also for one that was used.
    """
    factor = find_second_factor(session, person, lock=True)
    if factor is None and not list_passkeys(session, person):
        return
    read = _read_code(code)
    if factor is None or not _DIGITS.fullmatch(read):
        use_recovery_code(session, person, read, at=at)
        return
    secret = sealer.open(_PURPOSE, factor.sealed_secret)
    step = None if secret is None else _find_step(secret, read, at)
    if step is None or step <= factor.last_step:
        raise CodeWrong
    factor.last_step = step
    session.flush()


def remove_second_factor(session: Session, *, person: Person, actor: Acting, at: datetime) -> None:
    """The device tells no codes for `person` any more; with the last device paper goes.

    Raises NotFound unless `actor` is that person or the command line, which takes passkeys away
    too, for whoever lost everything. Raises NoSecondFactor when there is none, SecondFactorAsked
    when nothing would be left and an incubator that they operate asks for it.
    """
    require(actor, "second_factor:remove", person)
    session.refresh(person, with_for_update=True)
    factor = find_second_factor(session, person, lock=True)
    passkeys = list_passkeys(session, person)
    is_everything = not isinstance(actor, Actor)
    if factor is None and not (is_everything and passkeys):
        raise NoSecondFactor
    is_last = is_everything or not passkeys
    if is_last and not is_everything and (incubator := find_asking_incubator(session, person)):
        raise SecondFactorAsked(incubator=incubator.name)
    if factor is not None:
        session.delete(factor)
    for passkey in passkeys if is_everything else ():
        session.delete(passkey)
    if is_last:
        forget_recovery_codes(session, person)
    session.flush()
    session.expire(person, ["second_factor", "passkeys"])
    kind = "second_factor_removed" if is_last else "second_factor_device_removed"
    tell_of_factor(session, person, kind, by=actor, at=at)


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
