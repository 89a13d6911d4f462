"""Providers: one table for whoever a startup can be matched to, extended one to one by kind.

Also here: the passages of a published profile with their vectors, because they live and die
with the provider.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models.affiliations import Affiliated, NamesOf
from models.credit_code import (
    CreditCode,
    CreditCodeType,
    Registered,
    make_credit_code_index,
    split_credit_code,
)
from models.erasure import erasure_empties, holds_no_person
from models.lifecycle import PROFILE
from models.organisation_names import KEY_LIMIT, make_name_key, make_other_key
from models.orm import Base, CodeList, PublicId, TextList, UtcDateTime, code_type
from models.person_names import make_person_key
from models.state import state_type
from models.vocabulary import (
    AffiliationKind,
    CentreKind,
    Experience,
    Field,
    FundingStage,
    Gate,
    HelpMode,
    Instrument,
    InvestorKind,
    Language,
    ProfileRole,
    ProviderKind,
    Route,
    Seat,
)

if TYPE_CHECKING:
    from models.people import Membership
    from models.pools import PoolEntry
    from models.provider_texts import ProviderText

# Municipal measures let an early hard-tech seed fund cover at most this many technology fields.
SEED_FUND_FIELDS_LIMIT = 5

# The highest level of `Provider.exposure`.
EXPOSURE_LEVELS = 16


class Provider(PublicId, Affiliated, Registered, Base):
    """A mentor, an investor or a centre: what all three have, and what the index is kept by.

    `revision` is the number under which the newest committed change of this row, of its capacity
    or of its pools can be seen by the indexes, and `text_revision` that of the newest change that
    was not of its standing alone; `published_text` is the canonical text of which every evidence
    is a slice.
    """

    __tablename__ = "provider"
    __table_args__ = (
        make_credit_code_index("ix_provider_other_key", "other_key"),
        CheckConstraint("capacity BETWEEN 0 AND 500", name="capacity"),
        CheckConstraint(f"exposure BETWEEN 0 AND {EXPOSURE_LEVELS}", name="exposure"),
        CheckConstraint(
            "state <> 'published' OR (published_text <> '' AND published_at IS NOT NULL)",
            name="published_has_text",
        ),
        make_credit_code_index("ix_provider_credit_code", "credit_code"),
    )

    kind: Mapped[ProviderKind] = mapped_column(code_type(ProviderKind, "kind"), index=True)
    state: Mapped[str] = mapped_column(state_type(PROFILE), default="draft", index=True)
    name: Mapped[str] = mapped_column(String(120), info=erasure_empties())
    headline: Mapped[str] = mapped_column(String(200), default="", info=erasure_empties())
    summary: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    can_help_with: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    fields: Mapped[list[Field]] = mapped_column(CodeList(Field), default=list)
    topics: Mapped[list[str]] = mapped_column(TextList, default=list, info=erasure_empties())
    place_code: Mapped[str | None] = mapped_column(String(6), info=holds_no_person())
    remote: Mapped[bool] = mapped_column(default=True)
    languages: Mapped[list[Language]] = mapped_column(CodeList(Language), default=list)
    # How many engagements this provider takes at the same time.
    capacity: Mapped[int] = mapped_column(default=3)
    # Only mentors can be closed: then nobody but the incubators that admitted them sees them.
    # Of a mentor this and the next rest on a consent (`models/consents.py`).
    open_to_all: Mapped[bool] = mapped_column(default=False)
    # Whether operators of incubators whose pool a mentor has not joined see a published profile.
    shown_to_incubators: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whether its answers, ratings and attention may count where it is ranked.
    uses_history: Mapped[bool] = mapped_column(default=True, server_default=true())
    # What the name is looked up by, where a startup names this provider.
    name_key: Mapped[str] = mapped_column(
        String(KEY_LIMIT), server_default="", index=True, info=erasure_empties()
    )
    # The same for another name that the name says it had or has: 某某公司（原甲公司）.
    other_key: Mapped[str | None] = mapped_column(String(KEY_LIMIT), info=erasure_empties())
    # The same for the name of a person (`models/person_names.py`).
    person_key: Mapped[str] = mapped_column(
        String(KEY_LIMIT), server_default="", index=True, info=erasure_empties()
    )
    published_text: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    # The first time. Newness and the order of the newest go by it.
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # How much of the recent attention of founders this provider has had, and whether it has not
    # had its first share yet: kept by a job, so that all indexes read the same.
    exposure: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    is_newcomer: Mapped[bool] = mapped_column(default=True, server_default=true())
    revision: Mapped[int] = mapped_column(default=0, index=True)
    text_revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    mentor: Mapped[Mentor | None] = relationship(
        back_populates="provider", cascade="all, delete-orphan", passive_deletes=True
    )
    investor: Mapped[Investor | None] = relationship(
        back_populates="provider", cascade="all, delete-orphan", passive_deletes=True
    )
    centre: Mapped[Centre | None] = relationship(
        back_populates="provider", cascade="all, delete-orphan", passive_deletes=True
    )
    passages: Mapped[list[ProviderPassage]] = relationship(
        back_populates="provider",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ProviderPassage.ordinal",
    )
    corrections: Mapped[list[ProfileCorrection]] = relationship(
        back_populates="provider",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ProfileCorrection.id",
    )
    texts: Mapped[list[ProviderText]] = relationship(
        back_populates="provider",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ProviderText.id",
    )
    pool_entries: Mapped[list[PoolEntry]] = relationship(
        back_populates="provider", cascade="all, delete-orphan", passive_deletes=True
    )
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="provider", cascade="all, delete-orphan", passive_deletes=True
    )

    # Organisations by what they are to the provider: they decide conflicts of interest. A mentor's
    # employer stands with the mentor.
    shareholders = NamesOf(AffiliationKind.SHAREHOLDER)
    portfolio = NamesOf(AffiliationKind.PORTFOLIO)
    advised = NamesOf(AffiliationKind.ADVISES)
    affiliations = NamesOf(AffiliationKind.RELATED)

    __mapper_args__ = {"version_id_col": version}

    @validates("name")
    def _keep_name_key(self, attribute: str, name: str) -> str:
        self.name_key, self.other_key = make_name_key(name), make_other_key(name)
        self.person_key = make_person_key(name)
        return name


class Mentor(Base):
    """What only a mentor has."""

    __tablename__ = "mentor"
    __table_args__ = (
        CheckConstraint("hours_per_month BETWEEN 0 AND 200", name="hours_per_month"),
        CheckConstraint("years_of_experience BETWEEN 0 AND 80", name="years_of_experience"),
        make_credit_code_index("ix_mentor_employer_code", "employer_code"),
        make_credit_code_index("ix_mentor_employer_other_key", "employer_other_key"),
    )

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True
    )
    experience: Mapped[list[Experience]] = mapped_column(CodeList(Experience), default=list)
    seat: Mapped[Seat | None] = mapped_column(code_type(Seat, "seat"))
    routes: Mapped[list[Route]] = mapped_column(CodeList(Route), default=list)
    help_modes: Mapped[list[HelpMode]] = mapped_column(CodeList(HelpMode), default=list)
    hours_per_month: Mapped[int] = mapped_column(default=4)
    years_of_experience: Mapped[int | None] = mapped_column()
    employer: Mapped[str] = mapped_column(String(120), default="", info=erasure_empties())
    # What the employer is looked up by, where a startup names the same organisation.
    employer_key: Mapped[str] = mapped_column(
        String(KEY_LIMIT), server_default="", index=True, info=erasure_empties()
    )
    employer_other_key: Mapped[str | None] = mapped_column(
        String(KEY_LIMIT), info=erasure_empties()
    )
    # The code that stands behind the employer's name, where one does.
    employer_code: Mapped[CreditCode | None] = mapped_column(CreditCodeType, info=erasure_empties())

    provider: Mapped[Provider] = relationship(back_populates="mentor")

    @validates("employer")
    def _keep_employer_key(self, attribute: str, employer: str) -> str:
        self.employer_key = make_name_key(employer)
        self.employer_other_key = make_other_key(employer)
        self.employer_code = split_credit_code(employer)[1]
        return employer


class Investor(Base):
    """What only an investor has: the mandate. Money in yuan."""

    __tablename__ = "investor"
    __table_args__ = (
        CheckConstraint("ticket_min_yuan >= 0", name="ticket_min"),
        CheckConstraint("ticket_max_yuan >= ticket_min_yuan", name="ticket_range"),
    )

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True
    )
    investor_kind: Mapped[InvestorKind] = mapped_column(code_type(InvestorKind, "investor_kind"))
    ticket_min_yuan: Mapped[int | None] = mapped_column(BigInteger)
    ticket_max_yuan: Mapped[int | None] = mapped_column(BigInteger)
    funding_stages: Mapped[list[FundingStage]] = mapped_column(CodeList(FundingStage), default=list)
    instruments: Mapped[list[Instrument]] = mapped_column(CodeList(Instrument), default=list)

    provider: Mapped[Provider] = relationship(back_populates="investor")


class Centre(Base):
    """What only a centre has: the services it sells and whether vouchers pay for them."""

    __tablename__ = "centre"

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True
    )
    centre_kind: Mapped[CentreKind] = mapped_column(code_type(CentreKind, "centre_kind"))
    accepts_vouchers: Mapped[bool] = mapped_column(default=False)

    provider: Mapped[Provider] = relationship(back_populates="centre")
    services: Mapped[list[CentreService]] = relationship(
        back_populates="centre",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="CentreService.ordinal",
    )


class CentreService(PublicId, Base):
    """One service of a centre. Price in yuan per `price_unit`, lead time in days."""

    __tablename__ = "centre_service"
    __table_args__ = (
        CheckConstraint("lead_time_days BETWEEN 0 AND 3650", name="lead_time"),
        CheckConstraint("price_yuan >= 0", name="price"),
        CheckConstraint("free_slots >= 0", name="free_slots"),
    )

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("centre.provider_id", ondelete="CASCADE"), index=True
    )
    ordinal: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(120), info=erasure_empties())
    description: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    gate: Mapped[Gate] = mapped_column(code_type(Gate, "gate"))
    lead_time_days: Mapped[int] = mapped_column(default=0)
    price_yuan: Mapped[int] = mapped_column(BigInteger, default=0)
    price_unit: Mapped[str] = mapped_column(String(40), default="", info=erasure_empties())
    free_slots: Mapped[int] = mapped_column(default=0)

    centre: Mapped[Centre] = relationship(back_populates="services")


class ProviderPassage(Base):
    """A stretch of a provider's published text and its vector.

    `published_text[start:end]` is the passage; `vector` holds its numbers, little-endian, in
    `dtype`, made by the encoder whose content has `fingerprint`.
    """

    __tablename__ = "provider_passage"
    __table_args__ = (
        CheckConstraint("passage_start >= 0 AND passage_end > passage_start", name="span"),
        CheckConstraint("role IN ('whole', 'sentence')", name="role"),
        Index("uq_provider_passage_ordinal", "provider_id", "ordinal", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    ordinal: Mapped[int] = mapped_column()
    role: Mapped[str] = mapped_column(String(10), info=holds_no_person())
    # The part of the profile that the passage stands in: headline, summary, …
    section: Mapped[str] = mapped_column(String(40), default="", info=holds_no_person())
    start: Mapped[int] = mapped_column("passage_start")
    end: Mapped[int] = mapped_column("passage_end")
    vector: Mapped[bytes] = mapped_column(LargeBinary, info=erasure_empties())
    dtype: Mapped[str] = mapped_column(String(10), info=holds_no_person())
    fingerprint: Mapped[str] = mapped_column(String(64), info=holds_no_person())

    provider: Mapped[Provider] = relationship(back_populates="passages")


class ProfileCorrection(Base):
    """What whoever acts for a provider says that a sentence of its profile does.

    It holds as long as the profile says this sentence, wherever it stands.
    """

    __tablename__ = "profile_correction"
    __table_args__ = (
        Index("uq_profile_correction_sentence_key", "provider_id", "sentence_key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    sentence: Mapped[str] = mapped_column(Text, info=erasure_empties())
    # By which it is found: see `models.sentence_keys`.
    sentence_key: Mapped[str] = mapped_column(String(64), info=erasure_empties())
    role: Mapped[ProfileRole] = mapped_column(code_type(ProfileRole, "role"))
    corrected_at: Mapped[datetime] = mapped_column(UtcDateTime)

    provider: Mapped[Provider] = relationship(back_populates="corrections")
