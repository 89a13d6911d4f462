"""What was learned here, version by version, and which version is in use.

There are two kinds: weights that rank, and models of what sentences do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, Index, LargeBinary, String, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.erasure import holds_no_person
from models.orm import Base, PublicId, UtcDateTime
from models.revisions import mark_ranking_changed


class LearnedVersion(PublicId, Base):
    """One version of something and how good it proved when it was made. It never changes.

    At most one of a kind is active; while none is, what is shipped with the product is in use.
    `trained_on` counts what it was learned from, and `quality` is what was measured on what was
    held out, against the version active then.
    """

    __abstract__ = True

    version: Mapped[str] = mapped_column(String(64), unique=True, info=holds_no_person())
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    trained_on: Mapped[dict[str, Any]] = mapped_column(JSON, info=holds_no_person())
    quality: Mapped[dict[str, Any]] = mapped_column(JSON, info=holds_no_person())
    active: Mapped[bool] = mapped_column(default=False)


def _allow_one_active(table: str) -> Index:
    return Index(
        f"uq_{table}_active",
        "active",
        unique=True,
        sqlite_where=text("active"),
        postgresql_where=text("active"),
    )


class WeightsVersion(LearnedVersion):
    """Weights that rank: `values` are the constants by name."""

    __tablename__ = "weights_version"
    __table_args__ = (_allow_one_active(__tablename__),)

    values: Mapped[dict[str, Any]] = mapped_column(JSON, info=holds_no_person())


class RolesVersion(LearnedVersion):
    """Models of what sentences of needs and of profiles do, one side or both.

    They read vectors of the encoder `fingerprint` and stand in the place of those that are fitted
    to the shipped sentences of the version `background`. A model is its coefficients, (features,
    roles) float64 numbers of little endian; no sentence can be read from them.
    """

    __tablename__ = "roles_version"
    __table_args__ = (_allow_one_active(__tablename__),)

    fingerprint: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    background: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    need_model: Mapped[bytes | None] = mapped_column(LargeBinary, info=holds_no_person())
    profile_model: Mapped[bytes | None] = mapped_column(LargeBinary, info=holds_no_person())


Learned = TypeVar("Learned", bound=LearnedVersion)


def find_active_version(session: Session, kind: type[Learned]) -> Learned | None:
    """The version of `kind` that is in use; None while it is the shipped one."""
    return session.scalar(select(kind).where(kind.active))


def set_active_version(session: Session, kind: type[Learned], chosen: Learned | None) -> None:
    """From the commit on `chosen` is in use in every process; None stands for the shipped one.

    Flushes. Of two that choose at the same time, the second fails with IntegrityError.
    """
    session.execute(
        update(kind)
        .where(kind.active)
        .values(active=False)
        .execution_options(synchronize_session="fetch")
    )
    if chosen is not None:
        chosen.active = True
    session.flush()
    mark_ranking_changed(session)
