"""Getting an account, with or without a proof of the address first, and changing what it says."""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, make_actor, require
from app.accounts.addresses import LOG_IN, address_of_registration
from app.accounts.errors import EmailAlreadyRegistered, RegistrationLinkInvalid
from app.accounts.passwords import PasswordHash
from app.accounts.queries import find_person_by_email
from app.audit import record
from app.signing import Signer
from app.telling.notices import send_mail
from app.words.privacy_notice import NOTICE_VERSION
from models.consents import PrivacyNoticeShown
from models.email_addresses import canonical_email
from models.people import Person

_PURPOSE = "registration"
_CONFIRM_WITHIN = timedelta(hours=24)


def begin_registration(
    session: Session, *, email: str, name: str, locale: str, signer: Signer, at: datetime
) -> None:
    """A mail to `email` says how to go on; nothing is stored of the person until they do.

    An address that has an account gets a mail that says so instead. Nothing that the caller
    can see tells one from the other.
    """
    email = canonical_email(email)
    known = find_person_by_email(session, email)
    if known is not None:
        _say_already_registered(session, known, at=at)
        return
    token = signer.sign(_PURPOSE, {"email": email, "name": name}, expires_at=at + _CONFIRM_WITHIN)
    send_mail(
        session,
        address=email,
        locale=locale,
        kind="registration_begun",
        facts={"link": address_of_registration(token)},
        path="",
        at=at,
    )


def read_registration(token: str, *, signer: Signer, at: datetime) -> tuple[str, str]:
    """The address and the name that a mailed link confirms. Raises RegistrationLinkInvalid."""
    facts = signer.read(_PURPOSE, token, at=at)
    if facts is None:
        raise RegistrationLinkInvalid
    return facts["email"], facts["name"]


def confirm_registration(
    session: Session,
    *,
    token: str,
    name: str,
    password_hash: PasswordHash,
    locale: str,
    time_zone: str,
    signer: Signer,
    at: datetime,
) -> Person:
    """Whoever opened the mailed link has an account.

    Raises RegistrationLinkInvalid, also for a link that was used.
    """
    email, _ = read_registration(token, signer=signer, at=at)
    try:
        return register(
            session,
            email=email,
            name=name,
            password_hash=password_hash,
            locale=locale,
            time_zone=time_zone,
            at=at,
        )
    except EmailAlreadyRegistered:
        raise RegistrationLinkInvalid from None


def register(
    session: Session,
    *,
    email: str,
    name: str,
    password_hash: PasswordHash,
    locale: str,
    time_zone: str,
    at: datetime,
) -> Person:
    """A new person can log in, and acts for nobody yet. Raises EmailAlreadyRegistered.

    The caller must not show that error to a visitor: it tells who has an account.
    """
    person = Person(
        email=email,
        name=name,
        password_hash=password_hash,
        locale=locale,
        time_zone=time_zone,
        created_at=at,
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        raise EmailAlreadyRegistered from None
    show_notice(session, person=person, at=at)
    record(session, actor=make_actor(person), kind="registered", subject=person, at=at)
    session.flush()
    return person


def show_notice(session: Session, *, person: Person, at: datetime) -> None:
    """The present privacy notice was put before `person`, where the account was made."""
    known = session.get(PrivacyNoticeShown, (person.id, NOTICE_VERSION))
    if known is None:
        session.add(PrivacyNoticeShown(person_id=person.id, version=NOTICE_VERSION, shown_at=at))


def remind_of_account(session: Session, *, email: str, at: datetime) -> None:
    """The owner of `email` gets a mail that says that there is an account already."""
    person = find_person_by_email(session, email)
    if person is not None:
        _say_already_registered(session, person, at=at)


def edit_account(
    session: Session,
    *,
    person: Person,
    name: str,
    locale: str,
    time_zone: str,
    actor: Actor,
    at: datetime,
) -> None:
    """The person goes by `name`, and reads pages and mails in `locale` and `time_zone`.

    Raises NotFound unless `actor` is that person and nobody who stands in for them.
    """
    require(actor, "person:edit", person)
    person.name = name
    person.locale = locale
    person.time_zone = time_zone
    record(session, actor=actor, kind="edited_account", subject=person, at=at)
    session.flush()


def _say_already_registered(session: Session, person: Person, *, at: datetime) -> None:
    send_mail(
        session,
        address=person.email,
        locale=person.locale,
        person=person,
        kind="already_registered",
        facts={},
        path=LOG_IN,
        at=at,
    )
