"""What hangs on a person: found once, before any of it is taken away."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.imports.queries import has_address, is_unread_row
from models.email_addresses import canonical_email
from models.imports import ImportRow
from models.organisations import Incubator, Startup
from models.people import Invitation, Membership, Person
from models.providers import Provider
from models.vocabulary import ProviderKind


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an address leads to.

    `person` is None for somebody who was imported or invited and never had an account. `providers`
    and `startups` go with the person, because nobody else acts for them or because they describe
    the person; every other organisation stays. `unattended` are incubators that have no other
    operator.
    """

    email: str
    person: Person | None
    providers: tuple[Provider, ...]
    startups: tuple[Startup, ...]
    unattended: tuple[Incubator, ...]


def find_holdings(session: Session, email: str) -> Holdings | None:
    """What the address leads to; None when nothing is known of it."""
    address = canonical_email(email)
    person = session.scalar(select(Person).where(Person.email == address))
    memberships = person.memberships if person else []
    imported = _list_imported_mentors(session, address)
    own = [m.provider for m in memberships if m.provider and _goes_with(m.provider, m.person)]
    if person is None and not imported and not _is_mentioned(session, address):
        return None
    providers = {provider.id: provider for provider in (*own, *imported)}
    return Holdings(
        email=address,
        person=person,
        providers=tuple(providers[key] for key in sorted(providers)),
        startups=tuple(
            sorted(
                (m.startup for m in memberships if m.startup and len(m.startup.memberships) == 1),
                key=lambda startup: startup.id,
            )
        ),
        unattended=tuple(
            m.incubator for m in memberships if m.incubator and len(m.incubator.memberships) == 1
        ),
    )


def get_holdings(session: Session, email: str) -> Holdings:
    """What the address of an account leads to. Raises LookupError when nothing is known of it."""
    found = find_holdings(session, email)
    if found is None:
        raise LookupError("nothing is known of this address")
    return found


def _goes_with(provider: Provider, person: Person) -> bool:
    """A mentor's profile describes one person, whoever helps to keep it.

    That is who was there first: whoever was asked to help could take any name.
    """
    first = min(provider.memberships, key=lambda each: each.id)
    is_portrait = provider.kind is ProviderKind.MENTOR and provider.name == person.name
    return (is_portrait and first.person_id == person.id) or len(provider.memberships) == 1


def _list_imported_mentors(session: Session, address: str) -> list[Provider]:
    """Mentors whom a file brought in under the address and for whom nobody acts yet."""
    has_member = exists().where(Membership.provider_id == Provider.id)
    rows = select(ImportRow.provider_id).where(ImportRow.email == address)
    return list(session.scalars(select(Provider).where(Provider.id.in_(rows), ~has_member)))


def _is_mentioned(session: Session, address: str) -> bool:
    queries = (
        select(ImportRow.id).where(ImportRow.email == address),
        select(ImportRow.id).where(is_unread_row(), has_address(address)),
        select(Invitation.id).where(Invitation.email == address),
    )
    return any(session.scalar(query.limit(1)) is not None for query in queries)
