"""Reads of mandates: one by its address, all versions of an investor, all that are published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access import Actor, is_permitted
from app.telling.waiting import WaitingItem, WaitingList
from models.funds import Mandate
from models.providers import Provider
from models.vocabulary import ProviderKind


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


def list_own_funds(session: Session, viewer: Actor) -> list[Provider]:
    """The funds for which `viewer` acts, by name."""
    if not viewer.funds:
        return []
    query = select(Provider).where(Provider.id.in_(viewer.funds)).order_by(Provider.name)
    return list(session.scalars(query))


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


def _select_waiting(viewer: Actor, at: datetime) -> Select[Provider] | None:
    """The viewer's funds that have a draft of their mandate."""
    if not viewer.provides:
        return None
    return (
        select(Provider)
        .join(Mandate, Mandate.provider_id == Provider.id)
        .where(
            Mandate.state == "draft",
            Provider.id.in_(viewer.provides),
            Provider.kind == ProviderKind.INVESTOR,
        )
        .order_by(Provider.name, Provider.id)
    )


def _word_waiting(rows: Sequence[Provider], viewer: Actor, at: datetime) -> list[WaitingItem]:
    """The drafts of mandates that the viewer's funds have not published yet."""
    return [
        WaitingItem(
            kind="mandate_draft",
            title=fund.name,
            due_at=None,
            path_endpoint="funds.edit_mandate",
            path_values={"public_id": fund.public_id},
            action=_l("Finish the mandate"),
            detail=_l("No need is judged by this draft until it is published."),
        )
        for fund in rows
    ]


WAITING: Final = (WaitingList(("mandate_draft",), _select_waiting, _word_waiting),)
