"""Two mentors who coach one startup together, one academic and one industrial as a rule."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.engagements import CoachingSession, Engagement
from models.lifecycle import DUAL_MENTORING, DUAL_MENTORING_OPEN
from models.orm import Base, PublicId, UtcDateTime
from models.state import state_type

_OPEN_STATES = ", ".join(f"'{state}'" for state in DUAL_MENTORING_OPEN)


def _open_index(column: str) -> Index:
    return Index(
        f"uq_dual_mentoring_open_{column}",
        column,
        unique=True,
        sqlite_where=text(f"state IN ({_OPEN_STATES})"),
        postgresql_where=text(f"state IN ({_OPEN_STATES})"),
    )


class DualMentoring(PublicId, Base):
    """A startup asked two of its mentors to work together; both have to agree.

    Each keeps an engagement, feedback, figures and a calendar of its own. An engagement takes
    part in one that is open at most; `lead` is the one from which the other mentor was brought in.
    """

    __tablename__ = "dual_mentoring"
    __table_args__ = (
        CheckConstraint("lead_id <> partner_id", name="two"),
        _open_index("lead_id"),
        _open_index("partner_id"),
    )

    lead_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(state_type(DUAL_MENTORING), default="asked")
    asked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When each of the two mentors agreed.
    lead_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    partner_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    lead: Mapped[Engagement] = relationship(foreign_keys=[lead_id])
    partner: Mapped[Engagement] = relationship(foreign_keys=[partner_id])

    __mapper_args__ = {"version_id_col": version}


class JointTime(Base):
    """Two sessions that were booked as one time, with each of two mentors.

    Each is moved, cancelled, recorded and judged by itself. In calendars they are one entry, that
    of the first, until one of them is moved: `is_one` no more.
    """

    __tablename__ = "joint_time"

    first_id: Mapped[int] = mapped_column(
        ForeignKey("coaching_session.id", ondelete="CASCADE"), primary_key=True
    )
    second_id: Mapped[int] = mapped_column(
        ForeignKey("coaching_session.id", ondelete="CASCADE"), unique=True
    )

    is_one: Mapped[bool] = mapped_column(default=True, server_default=true())

    first: Mapped[CoachingSession] = relationship(foreign_keys=[first_id])
    second: Mapped[CoachingSession] = relationship(foreign_keys=[second_id])
