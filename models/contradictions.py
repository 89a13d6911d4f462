"""The other side says otherwise than what was recorded of a session, and what operators decide."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.engagements import CoachingSession, Engagement
from models.erasure import erasure_empties
from models.lifecycle import CONTRADICTION
from models.missed_times import MissedBy
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.state import state_type
from models.vocabulary import Side


class Contradiction(PublicId, Base):
    """One side contradicts what the other recorded of a session; once a session.

    `was_held` is what was recorded; the contradiction says the opposite. `missed_by` is who did not
    come, where it says that the session did not take place.
    """

    __tablename__ = "contradiction"
    __table_args__ = (
        CheckConstraint("(state <> 'open') = (decided_at IS NOT NULL)", name="decided_at"),
        CheckConstraint("was_held = (missed_by IS NOT NULL)", name="missed_by"),
        Index("uq_contradiction_coaching_session_id", "coaching_session_id", unique=True),
    )

    coaching_session_id: Mapped[int] = mapped_column(
        ForeignKey("coaching_session.id", ondelete="CASCADE")
    )
    state: Mapped[str] = mapped_column(state_type(CONTRADICTION), default="open", index=True)
    was_held: Mapped[bool] = mapped_column()
    missed_by: Mapped[MissedBy | None] = mapped_column(code_type(MissedBy, "missed_by_code"))
    side: Mapped[Side] = mapped_column(code_type(Side, "side"))
    words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    made_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # What the operators say to it; both sides read it.
    decision: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    coaching_session: Mapped[CoachingSession] = relationship()
    made_by: Mapped[Person | None] = relationship(foreign_keys=[made_by_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def engagement(self) -> Engagement:
        """The engagement of the session."""
        return self.coaching_session.engagement
