"""What a provider asks back before it answers a request, and what it is told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.erasure import erasure_empties
from models.lifecycle import QUESTION
from models.orm import Base, UtcDateTime
from models.state import state_type


class EngagementQuestion(Base):
    """One question within a request; at most one is open at a time.

    `minutes_left` is how much of the provider's time to answer was left when it asked, in minutes
    of working days: with the reply that time goes on.
    """

    __tablename__ = "engagement_question"
    __table_args__ = (
        CheckConstraint("minutes_left >= 0", name="minutes_left"),
        CheckConstraint("(state = 'replied') = (replied_at IS NOT NULL)", name="replied_at"),
        Index(
            "uq_engagement_question_open",
            "engagement_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(QUESTION), default="asked")
    question: Mapped[str] = mapped_column(Text, info=erasure_empties())
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    minutes_left: Mapped[int] = mapped_column()
    reply: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replied_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
