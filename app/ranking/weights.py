"""Which weights rank: the shipped ones, or a version that was learned here and made active.

Belongs here: what is stored of them. How they are learned is in `learning`, how a version is chosen
in `versions`.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy.orm import Session

from app.access import Actor
from app.ranking.versions import Activation, Kind, activate_version
from matching.ranking.weights import SHIPPED, Weights
from models.learned import WeightsVersion, find_active_version

log = logging.getLogger(__name__)


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
    active = find_active_version(session, WeightsVersion)
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


def activate_weights(
    session: Session, *, version: str, forced: bool, actor: Actor | None, at: datetime
) -> Activation:
    """As `activate_version`, of weights."""
    return activate_version(session, _KIND, version=version, forced=forced, actor=actor, at=at)


_KIND = Kind(
    WeightsVersion,
    SHIPPED.version,
    "weights_activated",
    lambda stored: read_values(stored.version, stored.values),
)
