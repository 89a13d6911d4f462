"""What somebody else than an account's owner set up is taken away by the link of a mail.

Whoever holds somebody's log-in and password could otherwise set up a second factor and so keep the
owner out, also with a new password.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access import make_actor
from app.accounts.actions.credentials import make_reset_token, reset_password
from app.accounts.actions.recovery_codes import forget_recovery_codes
from app.accounts.actions.telling import tell_of_factor
from app.accounts.addresses import address_of_taking_back
from app.accounts.errors import TakingBackInvalid
from app.accounts.passwords import PasswordHash
from app.accounts.queries import find_person
from app.signing import Signer
from models.log_ins import LogIn
from models.passkeys import Passkey
from models.people import Person
from models.provider_links import ProviderLink
from models.second_factors import SecondFactor

Device = SecondFactor | Passkey | ProviderLink

TAKEN_BACK_WITHIN: Final = timedelta(days=7)
_PURPOSE: Final = "second factor taken back"


def make_taking_back_link(device: Device, *, signer: Signer, at: datetime) -> str:
    """Where the mail leads by which the owner of an account takes `device` away."""
    facts = {"person": device.person.public_id, "device": _mark(device)}
    return address_of_taking_back(signer.sign(_PURPOSE, facts, expires_at=at + TAKEN_BACK_WITHIN))


def read_taking_back(session: Session, *, token: str, signer: Signer, at: datetime) -> Person:
    """Whose device the link takes away. Raises TakingBackInvalid when it is gone, or too late."""
    return _read(session, token, signer, at).person


def take_back_second_factor(session: Session, *, token: str, signer: Signer, at: datetime) -> str:
    """The device lets nobody in, nor do codes on paper; nobody is logged in, nor any program.

    What was set up before it stays, and is asked for again. Returns what opens the page for a new
    password: whoever set the device up knows the present one. Raises TakingBackInvalid, also for a
    link that was used.
    """
    person = _read(session, token, signer, at).person
    session.refresh(person, with_for_update=True)
    factor = _read(session, token, signer, at)
    _take_away(session, person, [factor])
    person.credential_version += 1
    session.execute(delete(LogIn).where(LogIn.person_id == person.id))
    tell_of_factor(session, person, "second_factor_taken_back", by=make_actor(person), at=at)
    return make_reset_token(person, signer=signer, at=at)


def list_new_devices(session: Session, person: Person, *, at: datetime) -> list[Device]:
    """What was set up so lately that a mail alone may take it away, the newest first."""
    since = at - TAKEN_BACK_WITHIN
    new = [each for each in _list_devices(session, person) if each.created_at >= since]
    return sorted(new, key=lambda each: each.created_at, reverse=True)


def reset_password_and_devices(
    session: Session, *, token: str, password_hash: PasswordHash, signer: Signer, at: datetime
) -> Person:
    """As `reset_password`, and what was set up lately lets nobody in, nor do codes on paper.

    For whoever finds there what somebody else set up. It takes away no more than the mails of the
    last days would. Raises ResetLinkInvalid, also for a link that was used.
    """
    person = reset_password(session, token=token, password_hash=password_hash, signer=signer, at=at)
    take_away_later_factors(session, person, since=at - TAKEN_BACK_WITHIN)
    tell_of_factor(session, person, "second_factor_taken_back", by=make_actor(person), at=at)
    return person


def take_away_later_factors(session: Session, person: Person, *, since: datetime) -> None:
    """Nothing that was set up at `since` or later lets in: somebody else may have done it."""
    later = [each for each in _list_devices(session, person) if each.created_at >= since]
    if later:
        _take_away(session, person, later)


def _take_away(session: Session, person: Person, factors: list[Device]) -> None:
    for factor in factors:
        session.delete(factor)
    forget_recovery_codes(session, person)
    session.flush()
    session.expire(person, ["second_factor", "passkeys", "provider_links"])


def _list_devices(session: Session, person: Person) -> list[Device]:
    session.refresh(person, ["second_factor", "passkeys", "provider_links"])
    app = person.second_factor
    return [*person.passkeys, *person.provider_links, *([app] if app else [])]


def _mark(factor: Device) -> str:
    if isinstance(factor, SecondFactor):
        # One account has one app at a time, told from its next one by when it was set up.
        return str(factor.created_at.timestamp())
    return factor.public_id


def _read(session: Session, token: str, signer: Signer, at: datetime) -> Device:
    facts = signer.read(_PURPOSE, token, at=at)
    person = find_person(session, facts["person"]) if facts else None
    if facts is None or person is None or not person.is_active:
        raise TakingBackInvalid
    for each in _list_devices(session, person):
        if _mark(each) == facts["device"]:
            return each
    raise TakingBackInvalid
