"""What one fund and one startup have agreed on about money: its form, tranches, trigger, end.

A financing says what a startup raises of all funds; an arrangement is between two. Nothing of it
is overwritten once it was offered: the record of steps only grows. Money in whole yuan, shares
and rates in basis points.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.arrangement_states import ARRANGEMENT, ARRANGEMENT_BINDS, ARRANGEMENT_STANDS, TRANCHE
from models.engagements import Engagement
from models.erasure import erasure_empties, holds_no_person
from models.financing_codes import ArrangementOutcome
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.state import state_type
from models.vocabulary import Gate, Instrument, Side

ARRANGEMENT_WORDS_LIMIT: Final = 4000
PARTNER_LIMIT: Final = 120
REASON_LIMIT: Final = 1000
TRANCHES_LIMIT: Final = 4
WHOLE_BP: Final = 10_000


def _list_states(states: tuple[str, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


_STANDS = text(f"state IN ({_list_states(ARRANGEMENT_STANDS)})")


class Arrangement(PublicId, Base):
    """One sum of money of one fund for one startup, in the deal of one engagement.

    `trigger_yuan`: the next financing of the startup that closes with so much makes it convertible.
    `due_on` is its last day in China; `converts_when_due`: then it is convertible without such a
    financing. `discount_bp` is taken off the valuation at a conversion, `holding_bp` is the largest
    share, or that which is bought. `partner` is the bank, or from whom a relay takes over. The four
    shares and fees at the end are those of a guarantee.

    The `end_` columns are how it ends as one side proposes it, and once the other has agreed, how
    it ended.
    """

    __tablename__ = "arrangement"
    __table_args__ = (
        CheckConstraint("amount_yuan > 0", name="amount"),
        CheckConstraint("trigger_yuan > 0", name="trigger"),
        *(
            CheckConstraint(f"{column} BETWEEN 0 AND {WHOLE_BP}", name=column)
            for column in (
                "holding_bp",
                "discount_bp",
                "yearly_bp",
                "bank_bp",
                "fund_bp",
                "guarantor_bp",
                "fee_bp",
                "end_holding_bp",
            )
        ),
        CheckConstraint("state = 'draft' OR offered_at IS NOT NULL", name="offered_at"),
        CheckConstraint(
            f"state NOT IN ({_list_states(ARRANGEMENT_BINDS)}) OR agreed_at IS NOT NULL",
            name="agreed_at",
        ),
        # Nobody consents for both sides.
        CheckConstraint("agreed_by_id <> offered_by_id", name="two_people"),
        CheckConstraint(
            "state <> 'ended' OR (end_outcome IS NOT NULL AND ended_at IS NOT NULL)", name="ended"
        ),
        CheckConstraint(
            "end_outcome <> 'converted' OR end_valuation_yuan IS NOT NULL", name="valuation"
        ),
        Index(
            "uq_arrangement_standing",
            "engagement_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(ARRANGEMENT), default="draft", index=True)
    form: Mapped[Instrument] = mapped_column(code_type(Instrument, "form"))
    amount_yuan: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(Text, info=erasure_empties())
    partner: Mapped[str] = mapped_column(String(PARTNER_LIMIT), default="", info=erasure_empties())
    trigger_yuan: Mapped[int | None] = mapped_column(BigInteger)
    due_on: Mapped[date | None] = mapped_column()
    converts_when_due: Mapped[bool] = mapped_column(default=False)
    holding_bp: Mapped[int | None] = mapped_column()
    discount_bp: Mapped[int | None] = mapped_column()
    yearly_bp: Mapped[int | None] = mapped_column()
    bank_bp: Mapped[int | None] = mapped_column()
    fund_bp: Mapped[int | None] = mapped_column()
    guarantor_bp: Mapped[int | None] = mapped_column()
    fee_bp: Mapped[int | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    # The financing that made it convertible.
    financing_id: Mapped[int | None] = mapped_column(
        ForeignKey("financing.id", ondelete="SET NULL"), index=True
    )
    triggered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_outcome: Mapped[ArrangementOutcome | None] = mapped_column(
        code_type(ArrangementOutcome, "end_outcome")
    )
    end_valuation_yuan: Mapped[int | None] = mapped_column(BigInteger)
    end_holding_bp: Mapped[int | None] = mapped_column()
    end_repaid_yuan: Mapped[int | None] = mapped_column(BigInteger)
    end_words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    end_side: Mapped[Side | None] = mapped_column(code_type(Side, "end_side"))
    end_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    end_proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship()
    tranches: Mapped[list[Tranche]] = relationship(
        back_populates="arrangement",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="Tranche.number",
    )
    steps: Mapped[list[ArrangementStep]] = relationship(
        back_populates="arrangement",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ArrangementStep.id",
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def paid_yuan(self) -> int:
        """What was paid of it."""
        return sum(each.amount_yuan for each in self.tranches if each.state == "paid")

    @property
    def is_end_proposed(self) -> bool:
        """Whether one side waits for the other's word on how it ends."""
        return self.state in ARRANGEMENT_BINDS and self.end_outcome is not None


class Tranche(Base):
    """A part of the money, paid once its gate is verified; without a gate, once both have agreed.

    `fact_id` is what it rests on while it is released, and rested on when it was paid. `fell_at`:
    since then nothing confirmed says any more that the gate of what was paid is passed.
    """

    __tablename__ = "arrangement_tranche"
    __table_args__ = (
        UniqueConstraint("arrangement_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("amount_yuan > 0", name="amount"),
        CheckConstraint("state <> 'paid' OR paid_on IS NOT NULL", name="paid_on"),
        CheckConstraint("fell_at IS NULL OR state = 'paid'", name="fell"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    arrangement_id: Mapped[int] = mapped_column(
        ForeignKey("arrangement.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(state_type(TRANCHE), default="waiting", index=True)
    amount_yuan: Mapped[int] = mapped_column(BigInteger)
    gate: Mapped[Gate | None] = mapped_column(code_type(Gate, "gate"))
    fact_id: Mapped[int | None] = mapped_column(
        ForeignKey("fact.id", ondelete="SET NULL"), index=True
    )
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paid_on: Mapped[date | None] = mapped_column()
    paid_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    fell_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    arrangement: Mapped[Arrangement] = relationship(back_populates="tranches")


class ArrangementStep(Base):
    """Who did what with an arrangement, and in what words: a chain that only grows."""

    __tablename__ = "arrangement_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    arrangement_id: Mapped[int] = mapped_column(
        ForeignKey("arrangement.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(40), info=holds_no_person())
    # None: it followed from something else, or the clock.
    side: Mapped[Side | None] = mapped_column(code_type(Side, "side"))
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())

    arrangement: Mapped[Arrangement] = relationship(back_populates="steps")
    actor: Mapped[Person | None] = relationship()
