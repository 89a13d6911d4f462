"""Terms of incubators: what is called otherwise among the startups of one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_keeps
from models.organisations import Incubator
from models.orm import Base, PublicId, TextList, UtcDateTime
from models.people import Person

# So many terms one incubator may use at a time.
INCUBATOR_TERMS_LIMIT = 300
# So many forms they may have together: each process looks through all of them, for every need.
INCUBATOR_FORMS_LIMIT = 1200
# So many it may add over the years: those that were taken back are kept, and are read with it.
INCUBATOR_TERMS_EVER = 5000

_WORDS = "what an incubator calls things"


class IncubatorTerm(PublicId, Base):
    """One thing, and the forms of speech that mean it to the startups of an incubator.

    A term never changes, and its row stays: those that counted at a version of an incubator's terms
    are those with `added_version` up to it that were not taken back by then. Each adding and taking
    back is the next version.
    """

    __tablename__ = "incubator_term"
    __table_args__ = (
        CheckConstraint("added_version >= 1", name="added_version"),
        CheckConstraint("taken_back_version > added_version", name="taken_back_version"),
        Index("uq_incubator_term_added_version", "incubator_id", "added_version", unique=True),
    )

    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    chinese: Mapped[list[str]] = mapped_column(TextList, default=list, info=erasure_keeps(_WORDS))
    english: Mapped[list[str]] = mapped_column(TextList, default=list, info=erasure_keeps(_WORDS))
    abbreviations: Mapped[list[str]] = mapped_column(
        TextList, default=list, info=erasure_keeps(_WORDS)
    )
    added_version: Mapped[int] = mapped_column()
    taken_back_version: Mapped[int | None] = mapped_column()
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )

    incubator: Mapped[Incubator] = relationship(back_populates="terms")
    added_by: Mapped[Person | None] = relationship(foreign_keys=[added_by_id])
    taken_back_by: Mapped[Person | None] = relationship(foreign_keys=[taken_back_by_id])

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form."""
        return (*self.chinese, *self.english, *self.abbreviations)
