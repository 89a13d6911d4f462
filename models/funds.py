"""Mandates of investors, version by version, and what a need asks of one fund."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties, holds_no_person
from models.lifecycle import MANDATE
from models.needs import Need
from models.orm import Base, CodeList, PublicId, TextList, UtcDateTime, code_type
from models.providers import Provider
from models.state import state_type
from models.vocabulary import Field, FundingStage, Gate, Instrument

# Basis points: a hundredth of a percent. The whole is so many of them.
WHOLE_BP: Final = 10_000

PLACES_LIMIT: Final = 40


def _index_one(state: str) -> Index:
    """At most one mandate of a provider is in this state."""
    is_in_it = text(f"state = '{state}'")
    return Index(
        f"uq_mandate_{state}",
        "provider_id",
        unique=True,
        sqlite_where=is_in_it,
        postgresql_where=is_in_it,
    )


class Mandate(PublicId, Base):
    """One version of an investor's mandate: in what, when, how and how much it invests.

    `number` counts an investor's versions from 1. Once published, a version never changes: the
    next one replaces it. Money in yuan, holdings in basis points. No `places` means everywhere, no
    `holding_limit_bp` no limit, no `gate` that nothing has to be verified.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("ticket_min_yuan >= 0", name="ticket_min"),
        CheckConstraint("ticket_max_yuan >= ticket_min_yuan", name="ticket_range"),
        CheckConstraint(f"holding_limit_bp BETWEEN 1 AND {WHOLE_BP}", name="holding_limit"),
        CheckConstraint("state = 'draft' OR published_at IS NOT NULL", name="published_at"),
        CheckConstraint(
            "state NOT IN ('replaced', 'withdrawn') OR ended_at IS NOT NULL", name="ended_at"
        ),
        Index("uq_mandate_number", "provider_id", "number", unique=True),
        _index_one("draft"),
        _index_one("published"),
    )

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(state_type(MANDATE), default="draft", index=True)
    fields: Mapped[list[Field]] = mapped_column(CodeList(Field), default=list)
    stages: Mapped[list[FundingStage]] = mapped_column(CodeList(FundingStage), default=list)
    ticket_min_yuan: Mapped[int | None] = mapped_column(BigInteger)
    ticket_max_yuan: Mapped[int | None] = mapped_column(BigInteger)
    places: Mapped[list[str]] = mapped_column(TextList, default=list, info=holds_no_person())
    instruments: Mapped[list[Instrument]] = mapped_column(CodeList(Instrument), default=list)
    holding_limit_bp: Mapped[int | None] = mapped_column()
    excluded_topics: Mapped[list[str]] = mapped_column(
        TextList, default=list, info=erasure_empties()
    )
    gate: Mapped[Gate | None] = mapped_column(code_type(Gate, "gate"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the next version replaced it, or it was withdrawn.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Provider] = relationship()

    __mapper_args__ = {"version_id_col": version}


class SoughtFunding(Base):
    """What a need asks of one fund, beside its conditions. Money in yuan, shares in basis points.

    `raised_yuan` of the amount that is sought has been promised or paid already. `least_part_yuan`
    is the smallest part that one fund may take of the rest; None: the whole rest. `share_bp` is
    the share of the company that one fund is offered. `shows_gate`: whoever has accepted a request
    may see that a verified gate is enough for its mandate.
    """

    __tablename__ = "funding_ask"
    __table_args__ = (
        CheckConstraint("raised_yuan >= 0", name="raised"),
        CheckConstraint("least_part_yuan > 0", name="least_part"),
        CheckConstraint(f"share_bp BETWEEN 1 AND {WHOLE_BP}", name="share"),
    )

    need_id: Mapped[int] = mapped_column(
        ForeignKey("need.id", ondelete="CASCADE"), primary_key=True
    )
    raised_yuan: Mapped[int] = mapped_column(BigInteger, default=0)
    least_part_yuan: Mapped[int | None] = mapped_column(BigInteger)
    share_bp: Mapped[int | None] = mapped_column()
    shows_gate: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    need: Mapped[Need] = relationship()

    __mapper_args__ = {"version_id_col": version}
