"""Vouchers: the schemes version by version, and what startups reserve, use and claim of them.

Amounts are whole yuan, shares basis points. A version that was published never changes, so a
voucher stays what it was when it was reserved. Amounts outlive whoever they were for: they are the
books of the incubator that administers the scheme.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties, erasure_keeps, holds_no_person
from models.funds import WHOLE_BP
from models.lifecycle import VOUCHER, VOUCHER_COUNTS, VOUCHER_SCHEME
from models.organisations import Incubator, Startup
from models.orm import Base, CodeList, PublicId, TextList, UtcDateTime, code_type
from models.people import Person
from models.public_rules import PublicRules
from models.state import state_type
from models.vocabulary import DocumentKind
from models.voucher_codes import CapBasis, CapFor, VoucherCover, YearBasis

if TYPE_CHECKING:
    from models.documents import Document
    from models.verification import VerificationOrder

CODE_LIMIT: Final = 40
NOTE_LIMIT: Final = 1000
INVOICE_LIMIT: Final = 60
REFERENCE_LIMIT: Final = 60
EVIDENCE_LIMIT: Final = 5

_COUNTS: Final = ", ".join(f"'{state}'" for state in VOUCHER_COUNTS)


def _index_one(name: str, columns: tuple[str, ...], where: str) -> Index:
    """At most one row for each `columns` among those `where`."""
    return Index(
        name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where)
    )


class VoucherScheme(PublicRules, PublicId, Base):
    """One version of a scheme: who gets what share of what, up to which cap, until when.

    `code` is the same for all versions, and for the same public scheme wherever it is
    administered: caps count over it. `number` counts versions from 1. No `covers`, `share_bp`,
    `cap_yuan` or window: not said yet, which a draft may be. Empty conditions ask for nothing.
    `other_cap_yuan` stands in place of `cap_yuan` for whom `other_cap_for` names. `budget_yuan`
    is all that the version has to give. Days are the last ones, by the calendar of China.
    """

    __tablename__ = "voucher_scheme"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(f"share_bp BETWEEN 1 AND {WHOLE_BP}", name="share"),
        CheckConstraint("cap_yuan > 0", name="cap"),
        CheckConstraint("other_cap_yuan > 0", name="other_cap"),
        CheckConstraint(
            "(other_cap_yuan IS NULL) = (other_cap_for IS NULL)", name="other_cap_is_for"
        ),
        CheckConstraint("budget_yuan > 0", name="budget"),
        CheckConstraint("staff_most >= 0", name="staff"),
        CheckConstraint("revenue_most_yuan >= 0", name="revenue"),
        CheckConstraint("assets_most_yuan >= 0", name="assets"),
        CheckConstraint("age_most_years BETWEEN 1 AND 100", name="age"),
        CheckConstraint("opens_on <= apply_until", name="opens"),
        CheckConstraint("apply_until <= use_until", name="applies"),
        CheckConstraint("use_until <= claim_until", name="uses"),
        CheckConstraint(
            "state = 'draft' OR (share_bp IS NOT NULL AND cap_yuan IS NOT NULL"
            " AND opens_on IS NOT NULL AND apply_until IS NOT NULL AND use_until IS NOT NULL"
            " AND claim_until IS NOT NULL AND published_at IS NOT NULL)",
            name="whole",
        ),
        CheckConstraint(
            "state NOT IN ('replaced', 'closed') OR ended_at IS NOT NULL", name="ended_at"
        ),
        Index("uq_voucher_scheme_number", "incubator_id", "code", "number", unique=True),
        _index_one("uq_voucher_scheme_draft", ("incubator_id", "code"), "state = 'draft'"),
        _index_one(
            "uq_voucher_scheme_standing",
            ("incubator_id", "code"),
            "state IN ('current', 'waiting')",
        ),
    )

    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(String(CODE_LIMIT), index=True, info=holds_no_person())
    number: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(state_type(VOUCHER_SCHEME), default="draft", index=True)
    covers: Mapped[list[VoucherCover]] = mapped_column(CodeList(VoucherCover), default=list)
    share_bp: Mapped[int | None] = mapped_column()
    cap_yuan: Mapped[int | None] = mapped_column(BigInteger)
    cap_basis: Mapped[CapBasis] = mapped_column(
        code_type(CapBasis, "cap_basis"), default=CapBasis.YEAR
    )
    year_basis: Mapped[YearBasis] = mapped_column(
        code_type(YearBasis, "year_basis"), default=YearBasis.CONTRACT
    )
    other_cap_yuan: Mapped[int | None] = mapped_column(BigInteger)
    other_cap_for: Mapped[CapFor | None] = mapped_column(code_type(CapFor, "other_cap_for"))
    budget_yuan: Mapped[int | None] = mapped_column(BigInteger)
    opens_on: Mapped[date | None] = mapped_column(Date)
    apply_until: Mapped[date | None] = mapped_column(Date)
    use_until: Mapped[date | None] = mapped_column(Date)
    claim_until: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    incubator: Mapped[Incubator] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Voucher(PublicId, Base):
    """A part of one order's fee that a scheme pays: reserved, used, claimed, paid.

    `amount_yuan` is what it is worth now, never more than `reserved_yuan`; `fee_yuan` the price
    that was ordered, `paid_fee_yuan` what the invoice says. It counts in the calendar year `year`
    of the scheme with `code`. `claim_by` is the last day for claiming. `held_because` are the
    names that connect startup and centre. The startup and the order may have left since.
    """

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint("amount_yuan > 0 AND amount_yuan <= reserved_yuan", name="amount"),
        CheckConstraint("reserved_yuan <= fee_yuan", name="reserved"),
        CheckConstraint("paid_fee_yuan > 0", name="paid_fee"),
        CheckConstraint("reviewed_by_id <> claimed_by_id", name="two_people"),
        CheckConstraint(
            "state NOT IN ('paid', 'recovered') OR paid_at IS NOT NULL", name="paid_at"
        ),
        CheckConstraint("length(report_sha256) IN (0, 64)", name="sha256"),
        _index_one("uq_voucher_order", ("order_id",), f"state IN ({_COUNTS})"),
        _index_one("uq_voucher_claim", ("claim_id",), f"state IN ({_COUNTS})"),
        Index("ix_voucher_startup_code", "startup_id", "code"),
    )

    scheme_id: Mapped[int] = mapped_column(
        ForeignKey("voucher_scheme.id", ondelete="CASCADE"), index=True
    )
    startup_id: Mapped[int | None] = mapped_column(ForeignKey("startup.id", ondelete="SET NULL"))
    order_id: Mapped[int | None] = mapped_column(
        ForeignKey("verification_order.id", ondelete="SET NULL"), index=True
    )
    claim_id: Mapped[int | None] = mapped_column(
        ForeignKey("claim.id", ondelete="SET NULL"), index=True
    )
    code: Mapped[str] = mapped_column(String(CODE_LIMIT), info=holds_no_person())
    state: Mapped[str] = mapped_column(state_type(VOUCHER), default="reserved", index=True)
    year: Mapped[int] = mapped_column("counts_in_year")
    fee_yuan: Mapped[int] = mapped_column(BigInteger)
    reserved_yuan: Mapped[int] = mapped_column(BigInteger)
    amount_yuan: Mapped[int] = mapped_column(BigInteger)
    paid_fee_yuan: Mapped[int | None] = mapped_column(BigInteger)
    invoice: Mapped[str] = mapped_column(String(INVOICE_LIMIT), default="", info=erasure_empties())
    invoiced_on: Mapped[date | None] = mapped_column(Date)
    claim_by: Mapped[date] = mapped_column(Date)
    report_number: Mapped[int | None] = mapped_column()
    report_sha256: Mapped[str] = mapped_column(
        String(64),
        default="",
        info=erasure_keeps("it proves on which file an incubator relied that paid for it"),
    )
    # Since when the report that it was used for is no longer true.
    report_fell_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_because: Mapped[list[str]] = mapped_column(TextList, default=list, info=erasure_empties())
    reference: Mapped[str] = mapped_column(
        String(REFERENCE_LIMIT), default="", info=erasure_empties()
    )
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reserved_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The last day of which the startup was reminded.
    reminded_of: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)

    scheme: Mapped[VoucherScheme] = relationship()
    startup: Mapped[Startup | None] = relationship()
    order: Mapped[VerificationOrder | None] = relationship()
    steps: Mapped[list[VoucherStep]] = relationship(
        back_populates="voucher",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="VoucherStep.id",
    )
    evidence: Mapped[list[VoucherEvidence]] = relationship(
        back_populates="voucher",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="VoucherEvidence.id",
    )

    __mapper_args__ = {"version_id_col": version}


class VoucherStep(Base):
    """Who did what with a voucher: a chain that only grows."""

    __tablename__ = "voucher_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(
        ForeignKey("voucher.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(40), info=holds_no_person())
    # None: the clock, or what followed from the order.
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())

    voucher: Mapped[Voucher] = relationship(back_populates="steps")
    actor: Mapped[Person | None] = relationship()


class VoucherEvidence(Base):
    """A document of the startup with which a voucher was claimed, in the version with `sha256`."""

    __tablename__ = "voucher_evidence"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256"),
        Index("uq_voucher_evidence_document", "voucher_id", "document_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id", ondelete="CASCADE"))
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id", ondelete="SET NULL"), index=True
    )
    document_number: Mapped[int] = mapped_column()
    kind: Mapped[DocumentKind] = mapped_column(code_type(DocumentKind, "kind"))
    sha256: Mapped[str] = mapped_column(
        String(64),
        info=erasure_keeps("it proves on which file an incubator relied that paid for it"),
    )

    voucher: Mapped[Voucher] = relationship(back_populates="evidence")
    document: Mapped[Document | None] = relationship()
