"""What both sides say of an engagement, and what a mentor objects to in what comes of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.engagements import Engagement
from models.erasure import erasure_empties
from models.evaluation_codes import EvaluationFigure, Fit, GoalReached
from models.lifecycle import OBJECTION
from models.organisations import Incubator
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.providers import Provider
from models.state import state_type
from models.vocabulary import Side


class EngagementFeedback(Base):
    """What one side says at the end of an engagement. Ratings run from 1 (poor) to 5 (excellent).

    The other side reads the ratings once both have spoken, or seven days after the first has;
    until then they can be changed. `comment` is read by the operators of the incubator alone.
    """

    __tablename__ = "engagement_feedback"
    __table_args__ = (
        CheckConstraint("usefulness BETWEEN 1 AND 5", name="usefulness"),
        CheckConstraint("understanding BETWEEN 1 AND 5", name="understanding"),
        CheckConstraint("reliability BETWEEN 1 AND 5", name="reliability"),
        Index("uq_engagement_feedback_side", "engagement_id", "side", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    side: Mapped[Side] = mapped_column(code_type(Side, "side"))
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    usefulness: Mapped[int] = mapped_column()
    # How well the other side understood the matter, and kept to what was agreed.
    understanding: Mapped[int | None] = mapped_column()
    reliability: Mapped[int | None] = mapped_column()
    goal_reached: Mapped[GoalReached] = mapped_column(code_type(GoalReached, "goal_reached"))
    would_meet_again: Mapped[bool] = mapped_column()
    comment: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship()
    author: Mapped[Person | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class FitAnswer(Base):
    """Whether the two fit together, as one side thinks after the first meeting; for its own use."""

    __tablename__ = "fit_answer"

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    side: Mapped[Side] = mapped_column(code_type(Side, "side"), primary_key=True)
    fit: Mapped[Fit] = mapped_column(code_type(Fit, "fit"))
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EvaluationObjection(PublicId, Base):
    """A provider finds a figure of its evaluation wrong; the operators of one incubator answer."""

    __tablename__ = "evaluation_objection"
    __table_args__ = (
        CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered_at"),
        Index(
            "uq_evaluation_objection_open",
            "provider_id",
            "incubator_id",
            "figure",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(OBJECTION), default="open")
    figure: Mapped[EvaluationFigure] = mapped_column(code_type(EvaluationFigure, "figure"))
    words: Mapped[str] = mapped_column(Text, info=erasure_empties())
    made_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Provider] = relationship()
    incubator: Mapped[Incubator] = relationship()

    __mapper_args__ = {"version_id_col": version}
