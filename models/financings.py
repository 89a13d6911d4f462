"""Financings of startups: what is raised, until when, and how far each fund has come."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties
from models.financing_codes import PartiesShown
from models.lifecycle import FINANCING, FINANCING_RUNS, INTEREST
from models.needs import Need
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.providers import Provider
from models.state import state_type
from models.vocabulary import Instrument

FINANCING_TERMS_LIMIT: Final = 4000
RELEASE_WORDS_LIMIT: Final = 1000
INVESTORS_LIMIT: Final = 50

_RUNS = text("state IN ({})".format(", ".join(f"'{state}'" for state in FINANCING_RUNS)))


class Financing(PublicId, Base):
    """Money that a startup raises for one need, of several funds. Money in yuan.

    `least_yuan` has to be committed before it closes. `places` is how many funds can commit
    themselves; None: any number. `closes_on` is the last day, in China. `terms` bind from the
    opening on and never change then. `taken_yuan` and `taken_places` count what is committed or
    paid, so that the database itself refuses what would be too much.
    """

    __tablename__ = "financing"
    __table_args__ = (
        CheckConstraint("target_yuan > 0", name="target"),
        CheckConstraint("least_yuan BETWEEN 1 AND target_yuan", name="least"),
        CheckConstraint(f"places BETWEEN 1 AND {INVESTORS_LIMIT}", name="places"),
        CheckConstraint("taken_yuan BETWEEN 0 AND target_yuan", name="taken"),
        CheckConstraint("taken_places >= 0", name="taken_places"),
        CheckConstraint("taken_places <= places", name="taken_within_places"),
        CheckConstraint("state = 'draft' OR opened_at IS NOT NULL", name="opened_at"),
        CheckConstraint("state IN ('draft', 'open') OR ended_at IS NOT NULL", name="ended_at"),
        Index(
            "uq_financing_running",
            "need_id",
            unique=True,
            sqlite_where=_RUNS,
            postgresql_where=_RUNS,
        ),
    )

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(state_type(FINANCING), default="draft", index=True)
    kind: Mapped[Instrument] = mapped_column(code_type(Instrument, "kind"))
    target_yuan: Mapped[int] = mapped_column(BigInteger)
    least_yuan: Mapped[int] = mapped_column(BigInteger)
    places: Mapped[int | None] = mapped_column()
    terms: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    closes_on: Mapped[date] = mapped_column()
    shown: Mapped[PartiesShown] = mapped_column(
        code_type(PartiesShown, "shown"), default=PartiesShown.SUMMARY
    )
    taken_yuan: Mapped[int] = mapped_column(BigInteger, default=0)
    taken_places: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    need: Mapped[Need] = relationship()
    interests: Mapped[list[Interest]] = relationship(
        back_populates="financing",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="Interest.id",
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def remaining_yuan(self) -> int:
        """What nobody has committed yet."""
        return self.target_yuan - self.taken_yuan

    @property
    def remaining_places(self) -> int | None:
        """How many more funds can commit themselves; None: any number."""
        return None if self.places is None else self.places - self.taken_places

    @property
    def has_minimum(self) -> bool:
        """Whether enough is committed for it to close."""
        return self.taken_yuan >= self.least_yuan


class Interest(PublicId, Base):
    """How far one fund has come in one financing. Money in yuan.

    `amount_yuan` is what it considers, has committed or has paid. `release_words` say why a
    commitment was released, to both sides. No `provider`: a fund that has left the platform after
    it had committed itself.
    """

    __tablename__ = "financing_interest"
    __table_args__ = (
        UniqueConstraint("financing_id", "provider_id"),
        CheckConstraint("amount_yuan > 0", name="amount"),
        CheckConstraint(
            "state NOT IN ('considering', 'committed', 'invested') OR amount_yuan IS NOT NULL",
            name="has_amount",
        ),
        CheckConstraint("state <> 'invested' OR paid_on IS NOT NULL", name="paid_on"),
    )

    financing_id: Mapped[int] = mapped_column(
        ForeignKey("financing.id", ondelete="CASCADE"), index=True
    )
    provider_id: Mapped[int | None] = mapped_column(
        ForeignKey("provider.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(INTEREST), default="observing", index=True)
    amount_yuan: Mapped[int | None] = mapped_column(BigInteger)
    committed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    released_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    release_words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    paid_on: Mapped[date | None] = mapped_column()
    observed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    financing: Mapped[Financing] = relationship(back_populates="interests")
    provider: Mapped[Provider | None] = relationship()
    committed_by: Mapped[Person | None] = relationship(foreign_keys=[committed_by_id])

    __mapper_args__ = {"version_id_col": version}
