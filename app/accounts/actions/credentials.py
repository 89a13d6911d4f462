"""Passwords of people who have an account: forgotten, replaced, kept up to date."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor, require
from app.accounts.addresses import ACCOUNT, address_of_new_password
from app.accounts.errors import ResetLinkInvalid
from app.accounts.passwords import PasswordHash
from app.accounts.queries import find_person, find_person_by_email
from app.audit import record
from app.signing import Signer
from app.telling.notices import send_mail, tell
from models.log_ins import LogIn
from models.people import Person

_PURPOSE = "password reset"
RESET_WITHIN = timedelta(hours=1)


def request_password_reset(session: Session, *, email: str, signer: Signer, at: datetime) -> None:
    """Whoever has an active account with `email` gets a link by mail; the caller learns nothing."""
    person = find_person_by_email(session, email)
    if person is None or not person.is_active:
        return
    token = make_reset_token(person, signer=signer, at=at)
    send_mail(
        session,
        address=person.email,
        locale=person.locale,
        person=person,
        kind="password_reset",
        facts={"link": address_of_new_password(token)},
        path="",
        at=at,
    )


def make_reset_token(person: Person, *, signer: Signer, at: datetime) -> str:
    """What opens the page for a new password, until it is used or the address is another."""
    facts = {
        "person": person.public_id,
        "version": person.credential_version,
        "email": person.email,
    }
    return signer.sign(_PURPOSE, facts, expires_at=at + RESET_WITHIN)


def get_person_of_reset(session: Session, *, token: str, signer: Signer, at: datetime) -> Person:
    """The person whose password the link may replace. Raises ResetLinkInvalid."""
    facts = signer.read(_PURPOSE, token, at=at)
    person = find_person(session, facts["person"]) if facts else None
    if (
        facts is None
        or person is None
        or not person.is_active
        or person.credential_version != facts["version"]
        or person.email != facts.get("email")
    ):
        raise ResetLinkInvalid
    return person


def reset_password(
    session: Session, *, token: str, password_hash: PasswordHash, signer: Signer, at: datetime
) -> Person:
    """The link's person has a new password; every log-in and every other link made before is void.

    Raises ResetLinkInvalid, also for a link that was used.
    """
    person = get_person_of_reset(session, token=token, signer=signer, at=at)
    # Of two that use the same link at once, the second reads the raised version and fails.
    session.refresh(person, with_for_update=True)
    get_person_of_reset(session, token=token, signer=signer, at=at)
    _replace(session, person, password_hash, actor=make_actor(person), at=at)
    return person


def change_password(
    session: Session, *, person: Person, password_hash: PasswordHash, actor: Actor, at: datetime
) -> None:
    """The person has a new password; every log-in made with the old one is void.

    Raises NotFound unless `actor` is that person and nobody who stands in for them.
    """
    require(actor, "person:edit", person)
    session.refresh(person, with_for_update=True)
    _replace(session, person, password_hash, actor=actor, at=at)


def keep_newer_hash(
    session: Session, *, person: Person, replaced: str, password_hash: PasswordHash
) -> None:
    """The same password is kept under newer parameters, unless it was changed meanwhile."""
    current = session.scalar(
        select(Person).where(Person.id == person.id, Person.password_hash == replaced)
    )
    if current is not None:
        current.password_hash = password_hash
        session.flush()


def _replace(
    session: Session, person: Person, password_hash: PasswordHash, *, actor: Actor, at: datetime
) -> None:
    person.password_hash = password_hash
    person.credential_version += 1
    session.execute(delete(LogIn).where(LogIn.person_id == person.id))
    tell(session, person=person, kind="password_changed", facts={}, path=ACCOUNT, at=at)
    record(session, actor=actor, kind="changed_password", subject=person, at=at)
    session.flush()
