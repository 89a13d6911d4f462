"""Moving to another address: asked for, confirmed from the new one, stopped from the old one.

Whoever holds somebody's log-in must not be able to take the account away from its owner: the old
address hears of it at once and once more when it has happened, and either mail takes it back.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, make_actor, require
from app.accounts.actions.credentials import make_reset_token
from app.accounts.actions.registration import remind_of_account
from app.accounts.actions.taking_back import take_away_later_factors
from app.accounts.addresses import ACCOUNT, address_of_confirming, address_of_stopping
from app.accounts.errors import AddressChangedLately, AddressIsYours, AddressLinkInvalid
from app.accounts.queries import (
    find_address_change,
    find_address_change_by_id,
    find_person_by_email,
)
from app.audit import record
from app.signing import Signer
from app.telling.notices import send_mail, tell
from models.address_changes import CONFIRMED_WITHIN, STOPPED_WITHIN, AddressChange
from models.email_addresses import canonical_email
from models.log_ins import LogIn
from models.orm import delete_where
from models.people import Person

_CONFIRMING: Final = "new address"
_STOPPING: Final = "old address"


def begin_address_change(
    session: Session, *, person: Person, email: str, signer: Signer, actor: Actor, at: datetime
) -> None:
    """`email` gets a link that confirms it, the present address one that stops the change.

    An earlier change that was not confirmed is forgotten. An address that has an account gets the
    mail that says so, and no link; nothing that the caller can see tells it from others. Raises
    NotFound unless `actor` is that person, AddressIsYours, AddressChangedLately as long as the
    last change can be stopped.
    """
    require(actor, "person:edit", person)
    session.refresh(person, with_for_update=True)
    email = canonical_email(email)
    if email == person.email:
        raise AddressIsYours
    earlier = find_address_change(session, person)
    if earlier is not None and earlier.confirmed_at is not None and earlier.can_be_stopped(at):
        raise AddressChangedLately
    session.execute(delete(AddressChange).where(AddressChange.person_id == person.id))
    change = AddressChange(
        person_id=person.id, old_email=person.email, new_email=email, begun_at=at
    )
    session.add(change)
    session.flush()
    _tell_old_end(session, change, person, "address_change_begun", signer=signer, at=at)
    if find_person_by_email(session, email) is None:
        token = signer.sign(
            _CONFIRMING, {"change": change.public_id}, expires_at=at + CONFIRMED_WITHIN
        )
        send_mail(
            session,
            address=email,
            locale=person.locale,
            person=person,
            kind="address_confirmation",
            facts={"link": address_of_confirming(token)},
            path="",
            at=at,
        )
    else:
        remind_of_account(session, email=email, at=at)
    record(session, actor=actor, kind="began_address_change", subject=person, at=at)
    session.flush()


def withdraw_address_change(
    session: Session, *, person: Person, actor: Actor, at: datetime
) -> None:
    """What was asked for and not confirmed is forgotten; its links lead nowhere.

    Raises NotFound unless `actor` is that person.
    """
    require(actor, "person:edit", person)
    gone = delete_where(
        session,
        AddressChange,
        AddressChange.person_id == person.id,
        AddressChange.confirmed_at.is_(None),
    )
    if gone:
        record(session, actor=actor, kind="withdrew_address_change", subject=person, at=at)
        session.flush()


def read_confirming(
    session: Session, *, token: str, signer: Signer, at: datetime, lock: bool = False
) -> AddressChange:
    """The change that a link to a new address confirms. Raises AddressLinkInvalid."""
    change = _read(session, _CONFIRMING, token, signer, at, lock=lock)
    if not change.can_be_confirmed(at):
        raise AddressLinkInvalid
    return change


def read_stopping(
    session: Session, *, token: str, signer: Signer, at: datetime, lock: bool = False
) -> AddressChange:
    """The change that a link to an old address stops. Raises AddressLinkInvalid."""
    change = _read(session, _STOPPING, token, signer, at, lock=lock)
    if not change.can_be_stopped(at):
        raise AddressLinkInvalid
    return change


def confirm_address_change(session: Session, *, token: str, signer: Signer, at: datetime) -> Person:
    """The account has the new address, and the old one is told once more how to stop it.

    Links for a new password that went to the old address are void. Raises AddressLinkInvalid, also
    for a link that was used, and where somebody else has the address by now.
    """
    change = read_confirming(session, token=token, signer=signer, at=at, lock=True)
    person = change.person
    _move(session, person, change.new_email)
    change.confirmed_at = at
    session.flush()
    _tell_old_end(session, change, person, "address_left", signer=signer, at=at)
    tell(session, person=person, kind="address_changed", facts={}, path=ACCOUNT, at=at)
    record(session, actor=make_actor(person), kind="changed_address", subject=person, at=at)
    session.flush()
    return person


def stop_address_change(session: Session, *, token: str, signer: Signer, at: datetime) -> str:
    """The account has its old address, and nobody is logged in, nor any program.

    Devices that were set up since the change was asked for let nobody in any more.

    Returns what opens the page for a new password: whoever asked for the change may know the
    present one. Raises AddressLinkInvalid, also for a link that was used.
    """
    change = read_stopping(session, token=token, signer=signer, at=at, lock=True)
    person = change.person
    if person.email != change.old_email:
        _move(session, person, change.old_email)
    take_away_later_factors(session, person, since=change.begun_at)
    person.credential_version += 1
    session.execute(delete(LogIn).where(LogIn.person_id == person.id))
    session.delete(change)
    record(session, actor=make_actor(person), kind="stopped_address_change", subject=person, at=at)
    session.flush()
    return make_reset_token(person, signer=signer, at=at)


def forget_address_changes(session: Session, *, at: datetime) -> int:
    """Changes that can neither be confirmed nor stopped leave nothing; returns how many."""
    return delete_where(
        session,
        AddressChange,
        AddressChange.begun_at <= at - STOPPED_WITHIN,
        AddressChange.confirmed_at.is_(None) | (AddressChange.confirmed_at <= at - STOPPED_WITHIN),
    )


def _read(
    session: Session, purpose: str, token: str, signer: Signer, at: datetime, *, lock: bool
) -> AddressChange:
    facts = signer.read(purpose, token, at=at)
    change = find_address_change_by_id(session, facts["change"], lock=lock) if facts else None
    if change is None or not change.person.is_active:
        raise AddressLinkInvalid
    return change


def _move(session: Session, person: Person, email: str) -> None:
    try:
        with session.begin_nested():
            person.email = email
            session.flush()
    except IntegrityError:
        session.refresh(person)
        raise AddressLinkInvalid from None


def _tell_old_end(
    session: Session,
    change: AddressChange,
    person: Person,
    kind: str,
    *,
    signer: Signer,
    at: datetime,
) -> None:
    token = signer.sign(_STOPPING, {"change": change.public_id}, expires_at=at + STOPPED_WITHIN)
    send_mail(
        session,
        address=change.old_email,
        locale=person.locale,
        person=person,
        kind=kind,
        facts={"email": change.new_email, "link": address_of_stopping(token)},
        path="",
        at=at,
    )
