"""Somebody asks a human about lists of matches: that of a need, or why they stand in none."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties
from models.lifecycle import LIST_ENQUIRY
from models.matches import MatchRun
from models.needs import Need
from models.organisations import Incubator
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.providers import Provider
from models.state import state_type


class EnquiryConcern(enum.StrEnum):
    """What a startup wants to know of a list, and a provider of being suggested."""

    HOW_MADE = "how_made"
    SOMEBODY_MISSING = "somebody_missing"
    SOMEBODY_MISPLACED = "somebody_misplaced"
    WHY_SUGGESTED = "why_suggested"
    NOT_SUGGESTED = "not_suggested"
    WRONGLY_SUGGESTED = "wrongly_suggested"


CONCERNS_OF_STARTUP: Final = (
    EnquiryConcern.HOW_MADE,
    EnquiryConcern.SOMEBODY_MISSING,
    EnquiryConcern.SOMEBODY_MISPLACED,
)
CONCERNS_OF_PROVIDER: Final = (
    EnquiryConcern.WHY_SUGGESTED,
    EnquiryConcern.NOT_SUGGESTED,
    EnquiryConcern.WRONGLY_SUGGESTED,
)


class EnquiryOutcome(enum.StrEnum):
    """What came of looking at it."""

    EXPLAINED = "explained"
    CORRECTED = "corrected"
    RECOMPUTED = "recomputed"
    UNCHANGED = "unchanged"


class ListEnquiry(PublicId, Base):
    """A question about a list of matches that a human answers until `due_at`.

    A startup asks about the list of its `need`, as `run` made it, perhaps about one provider; a
    provider asks about its own places in lists, in general. The operators of `incubator` answer;
    None: whoever runs the installation. One is open at a time, of a need and of a provider.
    """

    __tablename__ = "list_enquiry"
    __table_args__ = (
        CheckConstraint("(need_id IS NULL) <> (provider_id IS NULL)", name="one_side_asks"),
        CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered_at"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="outcome_when"),
        *(
            Index(
                f"uq_list_enquiry_open_{column}",
                column,
                unique=True,
                sqlite_where=text("state = 'open'"),
                postgresql_where=text("state = 'open'"),
            )
            for column in ("need_id", "provider_id")
        ),
    )

    need_id: Mapped[int | None] = mapped_column(
        ForeignKey("need.id", ondelete="CASCADE"), index=True
    )
    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("match_run.id", ondelete="SET NULL"), index=True
    )
    provider_id: Mapped[int | None] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    # Whom a startup misses in its list, or finds misplaced.
    about_id: Mapped[int | None] = mapped_column(
        ForeignKey("provider.id", ondelete="SET NULL"), index=True
    )
    incubator_id: Mapped[int | None] = mapped_column(
        ForeignKey("incubator.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(LIST_ENQUIRY), default="open")
    concern: Mapped[EnquiryConcern] = mapped_column(code_type(EnquiryConcern, "concern"))
    words: Mapped[str] = mapped_column(Text, info=erasure_empties())
    asked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When whoever answers is told again; None once nobody has to be.
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    outcome: Mapped[EnquiryOutcome | None] = mapped_column(code_type(EnquiryOutcome, "outcome"))
    answer: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    need: Mapped[Need | None] = relationship()
    run: Mapped[MatchRun | None] = relationship()
    provider: Mapped[Provider | None] = relationship(foreign_keys=[provider_id])
    about: Mapped[Provider | None] = relationship(foreign_keys=[about_id])
    incubator: Mapped[Incubator | None] = relationship()
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def asker(self) -> Need | Provider:
        """The need of which a startup asks, or the provider that asks."""
        found = self.need or self.provider
        if found is None:
            raise LookupError("one side asks")
        return found

    @property
    def asker_name(self) -> str:
        """The startup or the provider that asks."""
        asker = self.asker
        return asker.startup.name if isinstance(asker, Need) else asker.name

    def is_late(self, at: datetime) -> bool:
        """Whether somebody waits longer than they were told."""
        return self.state == "open" and self.due_at <= at
