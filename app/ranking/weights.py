"""Which weights rank: the shipped ones, or a version that was learned here and made active.

Belongs here: stored versions, and choosing between them. How they are learned is in `learning`.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.audit import record
from matching.ranking.weights import SHIPPED, Weights
from models.revisions import RevisionCounter
from models.weights import WeightsVersion, find_active_version, set_active_version

log = logging.getLogger(__name__)


class WeightsUnknown(Exception):
    """There are no weights called `version`, or none that this product can read."""

    def __init__(self, version: str) -> None:
        super().__init__(f"There are no usable weights called {version}")


class WeightsRefused(Exception):
    """The version was measured to be worse than the present one, or was never compared."""

    def __init__(self, version: str, present: str, gain: float | None) -> None:
        super().__init__(
            f"{version} was never measured against {present}, which ranks now"
            if gain is None
            else f"{version} was measured against {present}, and is worse ({gain:+.4f})"
        )


@dataclass(frozen=True, slots=True)
class Activation:
    """What an activation changed: the versions that ranked before and that rank now."""

    before: str
    now: str


def write_values(weights: Weights) -> dict[str, Any]:
    """The constants of `weights` by name, as they are stored."""
    values = asdict(weights)
    del values["version"]
    return values


def read_values(version: str, values: Mapping[str, Any]) -> Weights:
    """The record of weights that was stored as `values`.

    A constant that the product did not have when they were stored is the shipped one; of those
    that it no longer has nothing is taken. Raises ValueError where the rest is no record.
    """
    known = {each.name for each in fields(Weights)} - {"version", "soft"}
    try:
        amounts = {name: float(values[name]) for name in known if name in values}
        soft = {**SHIPPED.soft, **values.get("soft", {})}
        return replace(
            SHIPPED,
            version=version,
            soft={name: float(soft[name]) for name in SHIPPED.soft},
            **amounts,
        )
    except (AttributeError, OverflowError, TypeError) as error:
        raise ValueError(f"{version} is no record of weights") from error


def find_active_weights(session: Session) -> Weights:
    """The weights that rank now. A stored version that cannot be read leaves the shipped ones."""
    active = find_active_version(session)
    if active is None:
        return SHIPPED
    try:
        return read_values(active.version, active.values)
    except ValueError:
        log.exception("weights %s cannot be read: the shipped ones rank", active.version)
        return SHIPPED


def read_active_weights(database: DatabaseEngine) -> Weights:
    """`find_active_weights` through a connection of its own: what is committed now."""
    with Session(database) as session:
        return find_active_weights(session)


def list_versions(session: Session) -> list[WeightsVersion]:
    """All learned versions, oldest first."""
    return list(session.scalars(select(WeightsVersion).order_by(WeightsVersion.id)))


def activate_weights(
    session: Session, *, version: str, forced: bool, actor: Actor | None, at: datetime
) -> Activation:
    """From the commit on `version` ranks, in every process at its next search.

    The version that is active already stays so, and nothing is recorded. Raises WeightsUnknown,
    and unless `forced` WeightsRefused where it was measured to be worse than the present ones, or
    never compared with them.
    """
    # One activation after the other, also on a database with many writers.
    session.execute(select(RevisionCounter.value).with_for_update())
    before = find_active_version(session)
    chosen = None if version == SHIPPED.version else _find_version(session, version)
    present = before.version if before else SHIPPED.version
    if chosen is before:
        return Activation(present, present)
    gain = measure_gain(chosen, before)
    # Written so that what is no number proves nothing.
    if not forced and not (gain is not None and gain >= 0):
        raise WeightsRefused(version, present, gain)
    set_active_version(session, chosen)
    subject = chosen or before
    if subject is not None:
        record(
            session,
            actor=actor,
            kind="weights_activated",
            subject=subject,
            at=at,
            detail={"before": present, "now": version, "forced": "yes" if forced else "no"},
        )
    return Activation(present, version)


def measure_gain(chosen: WeightsVersion | None, before: WeightsVersion | None) -> float | None:
    """How much better `chosen` was measured than `before`; None if they were never compared.

    None as an argument stands for the shipped weights.
    """
    if chosen and chosen.quality["against"] == (before.version if before else SHIPPED.version):
        return float(chosen.quality["difference"])
    if before and before.quality["against"] == (chosen.version if chosen else SHIPPED.version):
        return -float(before.quality["difference"])
    return None


def _find_version(session: Session, version: str) -> WeightsVersion:
    found = session.scalar(select(WeightsVersion).where(WeightsVersion.version == version))
    if found is None:
        raise WeightsUnknown(version)
    # Read before it ranks, so that none becomes active that could not.
    try:
        read_values(found.version, found.values)
    except ValueError:
        raise WeightsUnknown(version) from None
    return found
