"""Which versions of a mandate there are, and who else may not change them meanwhile."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.audit import record
from app.errors import ChangedMeanwhile, NotFound
from app.funds.errors import MandateFixed
from app.transactions import hold
from models.funds import Mandate
from models.providers import Provider


def lock_versions(session: Session, provider: Provider) -> None:
    """Whoever else changes mandates of `provider` waits for the commit. Raises NotFound."""
    hold(session, provider)


def find_in_state(session: Session, provider: Provider, state: str) -> Mandate | None:
    """The draft, or the published version; there is at most one of each."""
    return session.scalar(
        select(Mandate)
        .where(Mandate.provider_id == provider.id, Mandate.state == state)
        .execution_options(populate_existing=True)
    )


def get_next_number(session: Session, provider: Provider) -> int:
    """The number that the next version has."""
    newest = session.scalar(
        select(func.max(Mandate.number)).where(Mandate.provider_id == provider.id)
    )
    return (newest or 0) + 1


def lock_draft(session: Session, mandate: Mandate, version: int) -> None:
    """`mandate` is a draft, and as it was when `version` of its row was read.

    Raises NotFound, MandateFixed, ChangedMeanwhile.
    """
    lock_versions(session, mandate.provider)
    present = session.scalar(
        select(Mandate).where(Mandate.id == mandate.id).execution_options(populate_existing=True)
    )
    if present is None:
        raise NotFound
    if present.state != "draft":
        raise MandateFixed
    if present.version != version:
        raise ChangedMeanwhile


def record_act(
    session: Session,
    mandate: Mandate,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    detail: Mapping[str, str] | None = None,
) -> None:
    """What happened to `mandate` is on record."""
    said = {"version": str(mandate.number)} | dict(detail or {})
    record(session, actor=by, kind=kind, subject=mandate, at=at, detail=said)
