"""Reads of mandates: one by its address, all versions of an investor, all that are published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.access import Actor, is_permitted
from app.funds.checking import Terms
from app.funds.values import make_terms
from app.telling.waiting import WaitingItem
from models.funds import Mandate
from models.providers import Provider
from models.vocabulary import ProviderKind


@dataclass(frozen=True, slots=True)
class Published:
    """A published mandate with its investor: what it asks for, and under which addresses it is."""

    mandate_id: int
    mandate_public_id: str
    number: int
    provider_id: int
    provider_public_id: str
    name: str
    terms: Terms


def find_investor(session: Session, public_id: str) -> Provider | None:
    """The investor with that public id."""
    return session.scalar(
        select(Provider)
        .where(Provider.public_id == public_id, Provider.kind == ProviderKind.INVESTOR)
        .options(
            joinedload(Provider.investor),
            selectinload(Provider.pool_entries),
            selectinload(Provider.memberships),
        )
    )


def find_mandate(session: Session, public_id: str) -> Mandate | None:
    """The version of a mandate with that public id, with its investor."""
    return session.scalar(
        select(Mandate)
        .where(Mandate.public_id == public_id)
        .options(
            joinedload(Mandate.provider).joinedload(Provider.investor),
            joinedload(Mandate.provider).selectinload(Provider.pool_entries),
        )
    )


def find_version(session: Session, provider: Provider, state: str) -> Mandate | None:
    """The draft or the published version of an investor's mandate; None where there is none."""
    return session.scalar(
        select(Mandate).where(Mandate.provider_id == provider.id, Mandate.state == state)
    )


def select_versions(viewer: Actor, provider: Provider) -> Select[Mandate]:
    """The versions of an investor's mandate that `viewer` may see."""
    query = (
        select(Mandate)
        .where(Mandate.provider_id == provider.id)
        .options(joinedload(Mandate.provider))
    )
    if is_permitted(viewer, "mandate:draft", provider):
        return query
    return query.where(Mandate.state == "published")


def list_versions(session: Session, viewer: Actor, provider: Provider) -> Sequence[Mandate]:
    """The versions that `viewer` may see, the newest first."""
    return session.scalars(select_versions(viewer, provider).order_by(Mandate.number.desc())).all()


def list_published(session: Session) -> list[Published]:
    """The mandates by which needs are judged: published ones of published investors, by name."""
    found = session.scalars(
        select(Mandate)
        .join(Mandate.provider)
        .where(Mandate.state == "published", Provider.state == "published")
        .options(contains_eager(Mandate.provider))
        .order_by(Provider.name, Provider.id)
    )
    return [
        Published(
            mandate_id=mandate.id,
            mandate_public_id=mandate.public_id,
            number=mandate.number,
            provider_id=mandate.provider_id,
            provider_public_id=mandate.provider.public_id,
            name=mandate.provider.name,
            terms=make_terms(mandate),
        )
        for mandate in found
    ]


def list_waiting(session: Session, viewer: Actor, at: datetime) -> list[WaitingItem]:
    """The drafts of mandates that the viewer's funds have not published yet."""
    drafts = session.execute(
        select(Provider.name, Provider.public_id)
        .join(Mandate, Mandate.provider_id == Provider.id)
        .where(
            Mandate.state == "draft",
            Provider.id.in_(viewer.provides),
            Provider.kind == ProviderKind.INVESTOR,
        )
        .order_by(Provider.name, Provider.id)
    )
    return [
        WaitingItem(
            kind="mandate_draft",
            title=name,
            due_at=None,
            path_endpoint="funds.edit_mandate",
            path_values={"public_id": public_id},
            action=_l("Finish the mandate"),
            detail=_l("No need is judged by this draft until it is published."),
        )
        for name, public_id in drafts
    ]
