"""Versions of schemes and of products: one draft, one that stands, numbers in their order.

Whoever changes one holds the incubator first, and then the version.
"""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import ChangedMeanwhile, DomainError
from app.transactions import hold, lock
from models.organisations import Incubator
from models.products import FinanceProduct
from models.state_machines import Lifecycle
from models.vouchers import VoucherScheme

Version = TypeVar("Version", VoucherScheme, FinanceProduct)


def find_in_state(
    session: Session, table: type[Version], incubator_id: int, code: str, *states: str
) -> Version | None:
    """The one version of `code` in one of `states`, which allow of one only."""
    return session.scalar(
        select(table)
        .where(table.incubator_id == incubator_id, table.code == code, table.state.in_(states))
        .execution_options(populate_existing=True)
    )


def number_draft(
    session: Session,
    table: type[Version],
    incubator: Incubator,
    code: str,
    *,
    is_listed: bool,
    unknown: type[DomainError],
    exists: type[DomainError],
) -> int:
    """The number of the next version of `code`, which the incubator has or which `is_listed`.

    Sure only while the incubator is held. Raises `unknown`, and `exists` where there is a draft.
    """
    newest = session.scalar(
        select(func.max(table.number)).where(table.incubator_id == incubator.id, table.code == code)
    )
    if newest is None and not is_listed:
        raise unknown
    if find_in_state(session, table, incubator.id, code, "draft") is not None:
        raise exists
    return (newest or 0) + 1


def lock_version(session: Session, version: Version) -> None:
    """The incubator is held, and `version` read afresh. Raises NotFound."""
    hold(session, version.incubator)
    lock(session, version)


def lock_draft(
    session: Session,
    table: type[Version],
    draft: Version,
    read: int,
    *,
    fixed: type[DomainError],
) -> None:
    """The same of a draft whose row is the one `read`. Raises `fixed`, ChangedMeanwhile."""
    lock_version(session, draft)
    if draft.state != "draft":
        raise fixed
    if draft.version != read:
        raise ChangedMeanwhile


def publish_draft(
    session: Session,
    draft: Version,
    before: Version | None,
    lifecycle: Lifecycle,
    *,
    at: datetime,
) -> None:
    """The draft stands from now on, in the place of the one `before`. Flushes."""
    if before is not None:
        before.state = lifecycle.follow("replace", before.state)
        before.ended_at = at
        # Its place is free before the next one takes it.
        session.flush()
    draft.state = lifecycle.follow("publish", draft.state)
    draft.published_at = at
    session.flush()
