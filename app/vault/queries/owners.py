"""The organisations that can keep documents, of three kinds, behind one kind of address."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.access import POOL_STATES_LOOKED_AFTER, Actor, Organisation
from models.documents import Document
from models.organisations import Incubator, Startup
from models.providers import Provider


def name_owner(owner: Organisation) -> str:
    """The part of an address that stands for `owner`: "startup-0123456789abcdef"."""
    return f"{owner.__tablename__}-{owner.public_id}"


def find_owner(session: Session, name: str) -> Organisation | None:
    """The organisation that `name_owner` named so."""
    kind, _, public_id = name.partition("-")
    match kind:
        case "startup":
            return session.scalar(select(Startup).where(Startup.public_id == public_id))
        case "provider":
            return session.scalar(select(Provider).where(Provider.public_id == public_id))
        case "incubator":
            return session.scalar(select(Incubator).where(Incubator.public_id == public_id))
        case _:
            return None


def list_own(session: Session, viewer: Actor) -> list[Organisation]:
    """The organisations for which `viewer` acts: startups, providers, incubators, each by name."""
    return [
        *session.scalars(
            select(Startup).where(Startup.id.in_(viewer.founds)).order_by(Startup.name, Startup.id)
        ),
        *session.scalars(
            select(Provider)
            .where(Provider.id.in_(viewer.provides))
            .order_by(Provider.name, Provider.id)
        ),
        *session.scalars(
            select(Incubator)
            .where(Incubator.id.in_(viewer.operates))
            .order_by(Incubator.name, Incubator.id)
        ),
    ]


def is_kept_by(owner: Organisation) -> ColumnElement[bool]:
    """Whether a document belongs to `owner`."""
    return {
        "startup": Document.startup_id,
        "provider": Document.provider_id,
        "incubator": Document.incubator_id,
    }[owner.__tablename__] == owner.id


def get_tenant_id(owner: Organisation) -> int | None:
    """The incubator whose operators read the record of what is done with documents of `owner`.

    None for a provider, which belongs to none, and for a startup that is in none yet.
    """
    if isinstance(owner, Startup):
        return owner.incubator_id
    return owner.id if isinstance(owner, Incubator) else None


def list_overseer_ids(owner: Organisation) -> list[int]:
    """The incubators whose operators decide on reports about documents of `owner`."""
    if isinstance(owner, Provider):
        return sorted(
            entry.incubator_id
            for entry in owner.pool_entries
            if entry.state in POOL_STATES_LOOKED_AFTER
        )
    tenant = get_tenant_id(owner)
    return [] if tenant is None else [tenant]
