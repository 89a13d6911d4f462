"""What startups ask for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties
from models.lifecycle import NEED
from models.organisations import Startup
from models.orm import Base, PublicId, TextList, UtcDateTime, code_type
from models.state import state_type
from models.vocabulary import ConditionAttribute, NeedKind, NeedRole

if TYPE_CHECKING:
    from models.matches import MatchRun


class Need(PublicId, Base):
    """A startup's need in its own words, with conditions. `text` is canonical."""

    __tablename__ = "need"
    __table_args__ = (CheckConstraint("state <> 'open' OR text <> ''", name="open_has_text"),)

    startup_id: Mapped[int] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[NeedKind] = mapped_column(code_type(NeedKind, "kind"))
    state: Mapped[str] = mapped_column(state_type(NEED), default="draft", index=True)
    title: Mapped[str] = mapped_column(String(120), info=erasure_empties())
    text: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    startup: Mapped[Startup] = relationship(back_populates="needs")
    conditions: Mapped[list[NeedCondition]] = relationship(
        back_populates="need",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="NeedCondition.id",
    )
    corrections: Mapped[list[ReadingCorrection]] = relationship(
        back_populates="need",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ReadingCorrection.id",
    )
    dismissed_proposals: Mapped[list[DismissedProposal]] = relationship(
        back_populates="need",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="DismissedProposal.id",
    )
    runs: Mapped[list[MatchRun]] = relationship(
        back_populates="need", cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}


class NeedCondition(Base):
    """One condition of a need: hard ones exclude, soft ones lower the score.

    The values of each attribute are those of `matching.records.Condition`, as strings.
    """

    __tablename__ = "need_condition"
    __table_args__ = (Index("uq_need_condition_attribute", "need_id", "attribute", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    attribute: Mapped[ConditionAttribute] = mapped_column(
        code_type(ConditionAttribute, "attribute")
    )
    values: Mapped[list[str]] = mapped_column(
        "condition_values", TextList, default=list, info=erasure_empties()
    )
    is_hard: Mapped[bool] = mapped_column(default=False)

    need: Mapped[Need] = relationship(back_populates="conditions")


class ReadingCorrection(Base):
    """What a founder says that a sentence of the need does, where matching took it for another.

    It holds as long as the need says this sentence, wherever it stands.
    """

    __tablename__ = "reading_correction"
    __table_args__ = (
        Index("uq_reading_correction_sentence_key", "need_id", "sentence_key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    sentence: Mapped[str] = mapped_column(Text, info=erasure_empties())
    # By which it is found: see `models.sentence_keys`.
    sentence_key: Mapped[str] = mapped_column(String(64), info=erasure_empties())
    role: Mapped[NeedRole] = mapped_column(code_type(NeedRole, "role"))
    corrected_at: Mapped[datetime] = mapped_column(UtcDateTime)

    need: Mapped[Need] = relationship(back_populates="corrections")


class DismissedProposal(Base):
    """A condition that was read in the need's text and that its founder does not mean."""

    __tablename__ = "dismissed_proposal"
    __table_args__ = (
        Index("uq_dismissed_proposal_attribute", "need_id", "attribute", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    attribute: Mapped[ConditionAttribute] = mapped_column(
        code_type(ConditionAttribute, "attribute")
    )
    values: Mapped[list[str]] = mapped_column(
        "condition_values", TextList, default=list, info=erasure_empties()
    )
    dismissed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    need: Mapped[Need] = relationship(back_populates="dismissed_proposals")
