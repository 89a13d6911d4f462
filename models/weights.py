"""The records of weights that were learned here, and which of them ranks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.erasure import holds_no_person
from models.orm import Base, PublicId, UtcDateTime
from models.revisions import mark_ranking_changed


class WeightsVersion(PublicId, Base):
    """One record of weights and how good it proved when it was made. It never changes afterwards.

    At most one is active; while none is, the weights that are shipped with the product rank.
    `values` are the constants by name, `trained_on` counts what they were learned from, and
    `quality` is what was measured on outcomes held out, against the version active then.
    """

    __tablename__ = "weights_version"
    __table_args__ = (
        Index(
            "uq_weights_version_active",
            "active",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    version: Mapped[str] = mapped_column(String(64), unique=True, info=holds_no_person())
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, info=holds_no_person())
    trained_on: Mapped[dict[str, Any]] = mapped_column(JSON, info=holds_no_person())
    quality: Mapped[dict[str, Any]] = mapped_column(JSON, info=holds_no_person())
    active: Mapped[bool] = mapped_column(default=False)


def find_active_version(session: Session) -> WeightsVersion | None:
    """The version that ranks; None while it is the shipped one."""
    return session.scalar(select(WeightsVersion).where(WeightsVersion.active))


def set_active_version(session: Session, chosen: WeightsVersion | None) -> None:
    """From the commit on `chosen` ranks in every process; None stands for the shipped weights.

    Flushes. Of two that choose at the same time, the second fails with IntegrityError.
    """
    session.execute(
        update(WeightsVersion)
        .where(WeightsVersion.active)
        .values(active=False)
        .execution_options(synchronize_session="fetch")
    )
    if chosen is not None:
        chosen.active = True
    session.flush()
    mark_ranking_changed(session)
