"""Incubators and the startups that they host."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models.affiliations import Affiliated, NamesOf, StartupTopic, make_topic_key
from models.credit_code import CreditCode, CreditCodeType, Registered, make_credit_code_index
from models.erasure import erasure_empties, erasure_keeps, holds_no_person
from models.lifecycle import PROFILE
from models.organisation_names import KEY_LIMIT, make_name_key, make_other_key
from models.orm import Base, CodeList, PublicId, TextList, UtcDateTime, code_type
from models.state import state_type
from models.vocabulary import (
    AffiliationKind,
    Field,
    FundingStage,
    Gate,
    IncubatorKind,
    Ladder,
    Language,
    Title,
)

if TYPE_CHECKING:
    from models.incubator_terms import IncubatorTerm
    from models.needs import Need
    from models.people import Membership
    from models.pools import PoolEntry


# Why texts of an incubator outlive whoever wrote them.
_OF_ITSELF = "what an incubator says of itself"


class Incubator(PublicId, Registered, Base):
    """The tenant: it hosts startups and keeps a mentor pool with published standards."""

    __tablename__ = "incubator"
    __table_args__ = (make_credit_code_index("ix_incubator_credit_code", "credit_code"),)

    name: Mapped[str] = mapped_column(String(120), unique=True, info=erasure_keeps(_OF_ITSELF))
    kind: Mapped[IncubatorKind] = mapped_column(code_type(IncubatorKind, "kind"))
    place_code: Mapped[str] = mapped_column(String(6), info=holds_no_person())
    introduction: Mapped[str] = mapped_column(Text, default="", info=erasure_keeps(_OF_ITSELF))
    selection_standard: Mapped[str] = mapped_column(
        Text, default="", info=erasure_keeps(_OF_ITSELF)
    )
    service_officer: Mapped[str] = mapped_column(String(80), default="", info=erasure_empties())
    credit_code: Mapped[CreditCode | None] = mapped_column(
        CreditCodeType, info=erasure_keeps(_OF_ITSELF)
    )
    # Whoever operates it and has none gets at nothing of it.
    requires_second_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    startups: Mapped[list[Startup]] = relationship(back_populates="incubator")
    pool_entries: Mapped[list[PoolEntry]] = relationship(
        back_populates="incubator", cascade="all, delete-orphan", passive_deletes=True
    )
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="incubator", cascade="all, delete-orphan", passive_deletes=True
    )
    # All that it ever had: `IncubatorTerm` says which count.
    terms: Mapped[list[IncubatorTerm]] = relationship(
        back_populates="incubator",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="IncubatorTerm.id",
    )

    __mapper_args__ = {"version_id_col": version}


class Startup(PublicId, Affiliated, Registered, Base):
    """A hard-tech company or a team before its company; in one incubator or in none yet."""

    __tablename__ = "startup"
    __table_args__ = (
        CheckConstraint("readiness BETWEEN 1 AND 9", name="readiness"),
        # An incubator hosts an organisation once. Another one may host it too, and neither is
        # told so by a refusal; docs/adr/credit-codes-come-before-names.md says why.
        make_credit_code_index("ix_startup_other_key", "other_key"),
        make_credit_code_index(
            "uq_startup_credit_code", "credit_code", "incubator_id", unique=True
        ),
    )

    incubator_id: Mapped[int | None] = mapped_column(
        ForeignKey("incubator.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(String(120), info=erasure_empties())
    one_line: Mapped[str] = mapped_column(String(200), default="", info=erasure_empties())
    description: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    state: Mapped[str] = mapped_column(state_type(PROFILE), default="draft", index=True)
    # Whether lists made for its needs may rest on what came of earlier matches.
    uses_history: Mapped[bool] = mapped_column(default=True, server_default=true())
    fields: Mapped[list[Field]] = mapped_column(CodeList(Field), default=list)
    topics: Mapped[list[str]] = mapped_column(TextList, default=list, info=erasure_empties())
    ladder: Mapped[Ladder | None] = mapped_column(code_type(Ladder, "ladder"))
    titles: Mapped[list[Title]] = mapped_column(CodeList(Title), default=list)
    funding_stage: Mapped[FundingStage | None] = mapped_column(
        code_type(FundingStage, "funding_stage")
    )
    readiness: Mapped[int | None] = mapped_column()
    gate: Mapped[Gate | None] = mapped_column(code_type(Gate, "gate"))
    place_code: Mapped[str | None] = mapped_column(String(6), info=holds_no_person())
    remote: Mapped[bool] = mapped_column(default=True)
    languages: Mapped[list[Language]] = mapped_column(CodeList(Language), default=list)
    website: Mapped[str | None] = mapped_column(String(300), info=erasure_empties())
    # What the name is looked up by, where a provider names this startup.
    name_key: Mapped[str] = mapped_column(
        String(KEY_LIMIT), server_default="", index=True, info=erasure_empties()
    )
    # The same for another name that the name says it had or has: 某某公司（原甲公司）.
    other_key: Mapped[str | None] = mapped_column(String(KEY_LIMIT), info=erasure_empties())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    incubator: Mapped[Incubator | None] = relationship(back_populates="startups")
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="startup", cascade="all, delete-orphan", passive_deletes=True
    )
    needs: Mapped[list[Need]] = relationship(
        back_populates="startup", cascade="all, delete-orphan", passive_deletes=True
    )

    topic_rows: Mapped[list[StartupTopic]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    # Organisations by what they are to the startup: they decide conflicts of interest.
    shareholders = NamesOf(AffiliationKind.SHAREHOLDER)
    employers = NamesOf(AffiliationKind.EMPLOYER)
    competitors = NamesOf(AffiliationKind.COMPETITOR)
    affiliations = NamesOf(AffiliationKind.RELATED)

    __mapper_args__ = {"version_id_col": version}

    @validates("name")
    def _keep_name_key(self, attribute: str, name: str) -> str:
        self.name_key, self.other_key = make_name_key(name), make_other_key(name)
        return name

    @validates("topics")
    def _keep_topic_keys(self, attribute: str, topics: Iterable[str]) -> list[str]:
        topics = list(topics)
        wanted = dict.fromkeys(key for topic in topics if (key := make_topic_key(topic)))
        kept = [row for row in self.topic_rows if row.topic_key in wanted]
        known = {row.topic_key for row in kept}
        self.topic_rows = kept + [StartupTopic(topic_key=key) for key in wanted if key not in known]
        return topics
