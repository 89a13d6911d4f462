"""Keeping the record of who did what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from app.access import Acting
from app.events import announce
from models.audit import AuditEntry


class Recordable(Protocol):
    """Whatever has a table and a public id."""

    __tablename__: str
    public_id: str


def record(
    session: Session,
    *,
    actor: Acting | None,
    kind: str,
    subject: Recordable,
    at: datetime,
    incubator_id: int | None = None,
    detail: Mapping[str, str] | None = None,
) -> None:
    """An entry says that `actor` did `kind` (past tense) to `subject`; None is the clock.

    `incubator_id` is the tenant whose operators may read the entry, and whose webhooks are told.
    """
    session.add(
        AuditEntry(
            happened_at=at,
            actor_id=actor.person_id if actor else None,
            on_behalf_of_id=actor.on_behalf_of_id if actor else None,
            incubator_id=incubator_id,
            kind=kind,
            subject_table=subject.__tablename__,
            subject_public_id=subject.public_id,
            detail=dict(detail or {}),
        )
    )
    announce(session, act=kind, incubator_id=incubator_id, subject=subject, at=at)
