"""Confirmed times that one side did not keep to: how that is counted, and what it says to it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.engagements import CoachingSession, Engagement
from models.erasure import erasure_empties
from models.lifecycle import MISSED_TIME
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.state import state_type
from models.vocabulary import Side

# Hours before the beginning from which on cancelling, and moving, is late; 0: it never is.
LATE_CANCEL_HOURS: Final = 24
LATE_MOVE_HOURS: Final = 24
# Days in which the side that was counted can appeal.
APPEAL_DAYS: Final = 14

LATE_HOURS_RANGE: Final = (0, 168)
APPEAL_DAYS_RANGE: Final = (1, 90)


class MissedBy(StrEnum):
    """Who did not come to a time that was agreed on."""

    STARTUP = "startup"
    PROVIDER = "provider"
    BOTH = "both"


class MissedTimeKind(StrEnum):
    """What a side did not keep to."""

    NO_SHOW = "no_show"
    LATE_CANCEL = "late_cancel"
    LATE_MOVE = "late_move"


class MissedTime(PublicId, Base):
    """One side did not come to a confirmed time, or gave it up late.

    `planned_at` is when that time began, which a moved session does not know any more, and
    `window_hours` what the incubator counted as late then, 0 of who did not come. Without an
    incubator there is nobody to appeal to, and nothing counts.
    """

    __tablename__ = "missed_time"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('upheld', 'taken_back')) = (decided_at IS NOT NULL)", name="decided_at"
        ),
        Index(
            "uq_missed_time_no_show",
            "coaching_session_id",
            "side",
            unique=True,
            sqlite_where=text("kind = 'no_show'"),
            postgresql_where=text("kind = 'no_show'"),
        ),
        Index("ix_missed_time_engagement_id_side", "engagement_id", "side"),
    )

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    coaching_session_id: Mapped[int] = mapped_column(
        ForeignKey("coaching_session.id", ondelete="CASCADE"), index=True
    )
    side: Mapped[Side] = mapped_column(code_type(Side, "side"))
    kind: Mapped[MissedTimeKind] = mapped_column(code_type(MissedTimeKind, "kind"))
    state: Mapped[str] = mapped_column(state_type(MISSED_TIME), default="counted", index=True)
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    window_hours: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Whoever recorded it or gave the time up, also where they stood in for somebody.
    counted_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    # What the side that was counted says to it.
    appeal: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    appealed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    appealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What the operators say to that.
    decision: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship()
    coaching_session: Mapped[CoachingSession] = relationship()
    appealed_by: Mapped[Person | None] = relationship(foreign_keys=[appealed_by_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def counts(self) -> bool:
        """Whether it stands against its side now: not under appeal, not taken back, and nobody
        says that it took place."""
        return (
            self.state in MISSED_TIME_COUNTS
            and self.engagement.incubator_id is not None
            and self.coaching_session.state != "contested"
        )


# One in one of these stands against its side.
MISSED_TIME_COUNTS: Final = ("counted", "upheld")


class TimeRules(Base):
    """What an incubator counts as late; without a row the defaults hold."""

    __tablename__ = "time_rules"
    __table_args__ = (
        CheckConstraint("late_cancel_hours BETWEEN 0 AND 168", name="late_cancel_hours"),
        CheckConstraint("late_move_hours BETWEEN 0 AND 168", name="late_move_hours"),
        CheckConstraint("appeal_days BETWEEN 1 AND 90", name="appeal_days"),
    )

    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), primary_key=True
    )
    late_cancel_hours: Mapped[int] = mapped_column(default=LATE_CANCEL_HOURS)
    late_move_hours: Mapped[int] = mapped_column(default=LATE_MOVE_HOURS)
    appeal_days: Mapped[int] = mapped_column(default=APPEAL_DAYS)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
