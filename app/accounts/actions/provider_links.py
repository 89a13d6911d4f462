"""Accounts elsewhere: connected by whoever is logged in, or at once for whoever was invited.

An address alone opens no account: docs/adr/addresses-elsewhere-open-no-account.md says why.
"""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, make_actor, require
from app.accounts.actions.taking_back import make_taking_back_link
from app.accounts.actions.telling import tell_of_factor
from app.accounts.errors import ProviderLinkThere, ProviderLinkUnknown
from app.accounts.providers import Identity
from app.accounts.queries import (
    find_person_by_email,
    find_provider_link,
    list_open_invitations,
)
from app.signing import Signer
from models.canonical import canonical_line
from models.email_addresses import canonical_email
from models.people import Person
from models.provider_links import ProviderLink

_NAME_LIMIT = 80


def link_provider(
    session: Session,
    *,
    person: Person,
    identity: Identity,
    name: str,
    signer: Signer,
    actor: Actor,
    at: datetime,
) -> ProviderLink:
    """Whoever is `identity` at the provider called `name` logs in as `person`, who hears of it.

    Raises NotFound unless `actor` is that person, ProviderLinkThere when an account is connected
    with that one.
    """
    require(actor, "person:edit", person)
    link = ProviderLink(
        person_id=person.id, issuer=identity.issuer, subject=identity.subject, created_at=at
    )
    try:
        with session.begin_nested():
            session.add(link)
            session.flush()
    except IntegrityError:
        raise ProviderLinkThere from None
    session.expire(person, ["provider_links"])
    back = make_taking_back_link(link, signer=signer, at=at)
    tell_of_factor(session, person, "provider_linked", by=actor, at=at, name=name, link=back)
    return link


def find_person_of_identity(
    session: Session, *, identity: Identity, name: str, locale: str, signer: Signer, at: datetime
) -> Person:
    """Who logs in by `identity`.

    Where none is connected, whoever was invited to an address that the provider says is verified,
    and has no way in yet, is from now on; a name is taken over where there is none. Raises
    ProviderLinkUnknown for others.
    """
    link = find_provider_link(session, issuer=identity.issuer, subject=identity.subject)
    if link is not None:
        if not link.person.is_active:
            raise ProviderLinkUnknown
        link.last_used_at = at
        session.flush()
        return link.person
    person = _find_invited(session, identity, locale=locale, at=at)
    if person is None:
        raise ProviderLinkUnknown
    made = link_provider(
        session,
        person=person,
        identity=identity,
        name=name,
        signer=signer,
        actor=make_actor(person),
        at=at,
    )
    made.last_used_at = at
    session.flush()
    return person


def unlink_provider(
    session: Session, *, link: ProviderLink, name: str, actor: Actor, at: datetime
) -> None:
    """The account elsewhere lets nobody in. Raises NotFound unless `actor` is its person."""
    person = link.person
    require(actor, "person:edit", person)
    session.delete(link)
    session.flush()
    session.expire(person, ["provider_links"])
    tell_of_factor(session, person, "provider_unlinked", by=actor, at=at, name=name)


def _find_invited(
    session: Session, identity: Identity, *, locale: str, at: datetime
) -> Person | None:
    """The account that an open invitation to the verified address is for, made if need be."""
    email = canonical_email(identity.email)
    invitations = list_open_invitations(session, at=at, email=email) if email else []
    if not invitations:
        return None
    person = find_person_by_email(session, email)
    if person is None:
        told = (canonical_line(each) for each in (invitations[0].name, identity.name))
        person = Person(
            email=email,
            name=next((each for each in told if each), email)[:_NAME_LIMIT],
            locale=locale,
            created_at=at,
        )
        session.add(person)
        session.flush()
        return person
    return None if person.has_way_in or not person.is_active else person
