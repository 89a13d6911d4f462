"""Waiting for a place with a provider whose places are all taken."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.engagements import Engagement
from models.lifecycle import QUEUE_PLACE, QUEUE_PLACE_OPEN
from models.needs import Need
from models.orm import Base, PublicId, UtcDateTime
from models.providers import Provider
from models.state import state_type

# Hours of working days in which a place that is free is kept for the first in the queue.
OFFER_HOURS: Final = 24

OFFER_HOURS_RANGE: Final = (8, 168)

_OPEN_STATES = ", ".join(f"'{state}'" for state in QUEUE_PLACE_OPEN)


class QueuePlace(PublicId, Base):
    """A startup waits, with one need, for a place with one provider: who joined first comes first.

    When a place is free it is kept for it until `offer_due_at`, and, once it has asked, until its
    request `engagement` is answered.
    """

    __tablename__ = "queue_place"
    __table_args__ = (
        CheckConstraint("state <> 'offered' OR offer_due_at IS NOT NULL", name="offer_due_at"),
        Index(
            "uq_queue_place_open",
            "need_id",
            "provider_id",
            unique=True,
            sqlite_where=text(f"state IN ({_OPEN_STATES})"),
            postgresql_where=text(f"state IN ({_OPEN_STATES})"),
        ),
        Index("ix_queue_place_provider_id_state", "provider_id", "state"),
    )

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(state_type(QUEUE_PLACE), default="waiting", index=True)
    joined_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offer_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    engagement_id: Mapped[int | None] = mapped_column(
        ForeignKey("engagement.id", ondelete="SET NULL"), index=True
    )
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    need: Mapped[Need] = relationship()
    provider: Mapped[Provider] = relationship()
    engagement: Mapped[Engagement | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class QueueRules(Base):
    """How long an incubator's startups have for a place that is kept; 24 hours without a row."""

    __tablename__ = "queue_rules"
    __table_args__ = (CheckConstraint("offer_hours BETWEEN 8 AND 168", name="offer_hours"),)

    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), primary_key=True
    )
    offer_hours: Mapped[int] = mapped_column(default=OFFER_HOURS)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
