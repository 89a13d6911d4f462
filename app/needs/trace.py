"""What each act on a need leaves behind: its next version, and an entry in the record of acts."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.access import Actor
from app.audit import record
from models.needs import Need


def touch(need: Need, at: datetime) -> None:
    """The need takes its next version, also when only what belongs to it has changed."""
    need.updated_at = at
    flag_modified(need, "updated_at")


def record_act(
    session: Session,
    need: Need,
    kind: str,
    *,
    actor: Actor,
    at: datetime,
    detail: Mapping[str, str] | None = None,
) -> None:
    """An entry that `actor` did `kind` to `need`, for the incubator that hosts its startup."""
    record(
        session,
        actor=actor,
        kind=kind,
        subject=need,
        at=at,
        incubator_id=need.startup.incubator_id,
        detail=detail,
    )
