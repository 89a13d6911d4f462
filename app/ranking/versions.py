"""Choosing between what is shipped and the versions that were learned here, of either kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.audit import record
from models.learned import Learned, LearnedVersion, find_active_version, set_active_version
from models.revisions import RevisionCounter


class VersionUnknown(Exception):
    """There is no version called `version`, or none that this product can use."""

    def __init__(self, version: str) -> None:
        super().__init__(f"There is no usable version called {version}")


class VersionRefused(Exception):
    """The version was measured to be worse than the present one, or was never compared."""

    def __init__(self, version: str, present: str, gain: float | None) -> None:
        super().__init__(
            f"{version} was never measured against {present}, which is in use now"
            if gain is None
            else f"{version} was measured against {present}, and is worse ({gain:+.4f})"
        )


@dataclass(frozen=True, slots=True)
class Activation:
    """What an activation changed: the versions that were in use before and are now."""

    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Kind(Generic[Learned]):
    """One kind of what is learned.

    `shipped` is what the shipped version is called, `act` how the record of acts names an
    activation. `check` raises ValueError for a version that could not be used.
    """

    table: type[Learned]
    shipped: str
    act: str
    check: Callable[[Learned], object]


def list_versions(session: Session, table: type[Learned]) -> list[Learned]:
    """All learned versions of one kind, oldest first."""
    return list(session.scalars(select(table).order_by(table.id)))


def activate_version(
    session: Session,
    kind: Kind[Learned],
    *,
    version: str,
    forced: bool,
    actor: Actor | None,
    at: datetime,
) -> Activation:
    """From the commit on `version` is in use, in every process at its next search.

    The version that is active already stays so, and nothing is recorded. Raises VersionUnknown,
    and unless `forced` VersionRefused where it was measured to be worse than the present one, or
    never compared with it.
    """
    # One activation after the other, also on a database with many writers.
    session.execute(select(RevisionCounter.value).with_for_update())
    before = find_active_version(session, kind.table)
    chosen = None if version == kind.shipped else _find_version(session, kind, version)
    present = before.version if before else kind.shipped
    if chosen is before:
        return Activation(present, present)
    gain = _find_gain(kind.shipped, chosen, before)
    # Written so that what is no number proves nothing.
    if not forced and not (gain is not None and gain >= 0):
        raise VersionRefused(version, present, gain)
    set_active_version(session, kind.table, chosen)
    subject = chosen or before
    if subject is not None:
        record(
            session,
            actor=actor,
            kind=kind.act,
            subject=subject,
            at=at,
            detail={"before": present, "now": version, "forced": "yes" if forced else "no"},
        )
    return Activation(present, version)


def store_version(
    session: Session, stored: LearnedVersion, *, prefix: str, act: str, at: datetime
) -> None:
    """`stored` is kept under the next name with `prefix`, and used by nobody yet. Flushes."""
    session.add(stored)
    session.flush()
    stored.version = f"{prefix}{stored.id}"
    session.flush()
    record(session, actor=None, kind=act, subject=stored, at=at)


def _find_gain(
    shipped: str, chosen: LearnedVersion | None, before: LearnedVersion | None
) -> float | None:
    """How much better `chosen` was measured than `before`; None if they were never compared.

    None as an argument stands for what is shipped.
    """
    if chosen and chosen.quality["against"] == (before.version if before else shipped):
        return float(chosen.quality["difference"])
    if before and before.quality["against"] == (chosen.version if chosen else shipped):
        return -float(before.quality["difference"])
    return None


def _find_version(session: Session, kind: Kind[Learned], version: str) -> Learned:
    found = session.scalar(select(kind.table).where(kind.table.version == version))
    if found is None:
        raise VersionUnknown(version)
    # Read before it is used, so that none becomes active that could not.
    try:
        kind.check(found)
    except ValueError:
        raise VersionUnknown(version) from None
    return found
