"""What a fund makes of a request that it has accepted: its own steps, where each deal stands."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.engagements import Engagement
from models.erasure import erasure_empties
from models.lifecycle import DEAL
from models.orm import Base, PublicId, TextList, UtcDateTime, code_type
from models.people import Person
from models.state import state_type
from models.vocabulary import PassReason, ShownStatus

STEP_LIMIT: Final = 40
STEPS_LIMIT: Final = 12
PASS_WORDS_LIMIT: Final = 1000


class Funnel(Base):
    """The steps through which a fund takes a deal, in its own words and order."""

    __tablename__ = "funnel"

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True
    )
    steps: Mapped[list[str]] = mapped_column(TextList, default=list, info=erasure_empties())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Deal(PublicId, Base):
    """An accepted request for money in the fund's funnel. The fund alone sees it.

    `step` is the fund's word for where it stands in review. Of all this the startup sees `shown`,
    which the fund chooses apart from everything else; None shows nothing.
    """

    __tablename__ = "deal"
    __table_args__ = (
        CheckConstraint("state <> 'passed' OR pass_reason IS NOT NULL", name="passed_has_reason"),
    )

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), unique=True
    )
    state: Mapped[str] = mapped_column(state_type(DEAL), default="inbox", index=True)
    step: Mapped[str] = mapped_column(String(STEP_LIMIT), default="", info=erasure_empties())
    assignee_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    pass_reason: Mapped[PassReason | None] = mapped_column(code_type(PassReason, "pass_reason"))
    pass_words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    passed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    shown: Mapped[ShownStatus | None] = mapped_column(code_type(ShownStatus, "shown"))
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship()
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    visits: Mapped[list[DealVisit]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="DealVisit.id"
    )

    __mapper_args__ = {"version_id_col": version}


class DealVisit(Base):
    """For how long a deal stood in one state and step. `left_at` None: it stands there."""

    __tablename__ = "deal_visit"
    __table_args__ = (CheckConstraint("left_at >= entered_at", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(state_type(DEAL))
    step: Mapped[str] = mapped_column(String(STEP_LIMIT), default="", info=erasure_empties())
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
