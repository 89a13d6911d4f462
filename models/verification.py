"""Proof: what a startup claims, what a centre quotes, samples, results, and reports on them.

A claim is the startup's own; an order is one claim at one centre. Nothing is overwritten: quotes,
results and reports are numbered, and the record of steps only grows. Money in whole yuan.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal
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

from models.engagements import Engagement
from models.erasure import erasure_empties, erasure_keeps, holds_no_person
from models.facts import ExactNumber
from models.lifecycle import (
    CLAIM,
    REPORT_STANDS,
    SAMPLE,
    VERIFICATION_ORDER,
    VERIFICATION_REPORT,
    VERIFICATION_RESULT,
)
from models.organisations import Startup
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.state import state_type
from models.vocabulary import ClaimComparator, ClaimVerdict, Gate, ReadinessScale, Side

if TYPE_CHECKING:
    from models.documents import Document
    from models.needs import Need

METRIC_LIMIT: Final = 120
UNIT_LIMIT: Final = 30
CONDITIONS_LIMIT: Final = 1000
SENTENCE_LIMIT: Final = 1000
SERVICE_LIMIT: Final = 120
STANDARD_LIMIT: Final = 200
TERMS_LIMIT: Final = 2000
SAMPLE_LIMIT: Final = 300
NOTE_LIMIT: Final = 1000
UNCERTAINTY_LIMIT: Final = 120
INVOICE_LIMIT: Final = 60

# Neither 0 nor O, 1 nor I: codes are read from labels and typed again.
_CODE_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH: Final = 10

_STANDS: Final = ", ".join(f"'{state}'" for state in REPORT_STANDS)


def make_sample_code() -> str:
    """What stands on the label of a sample; nobody guesses the next one."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def _index_one(name: str, column: str, where: str) -> Index:
    """At most one row for each `column` among those `where`."""
    return Index(name, column, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Claim(PublicId, Base):
    """One thing that a startup says of what it makes, so that it can be measured.

    `sentence` is what it was read from. `low` and `high` are its value in `unit`: at least `low`,
    at most `high`, or between both. `gate` is the one that it is to open. It is the startup's own:
    `is_released` lets funds that accepted its request see a confirmed result of it.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint(
            "(comparator = 'at_least' AND low IS NOT NULL AND high IS NULL)"
            " OR (comparator = 'at_most' AND low IS NULL AND high IS NOT NULL)"
            " OR (comparator = 'between' AND low IS NOT NULL AND high IS NOT NULL AND low <= high)",
            name="value",
        ),
    )

    startup_id: Mapped[int] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), index=True
    )
    need_id: Mapped[int | None] = mapped_column(
        ForeignKey("need.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(CLAIM), default="stated")
    sentence: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    metric: Mapped[str] = mapped_column(String(METRIC_LIMIT), info=erasure_empties())
    comparator: Mapped[ClaimComparator] = mapped_column(code_type(ClaimComparator, "comparator"))
    low: Mapped[Decimal | None] = mapped_column(ExactNumber)
    high: Mapped[Decimal | None] = mapped_column(ExactNumber)
    unit: Mapped[str] = mapped_column(String(UNIT_LIMIT), default="", info=erasure_empties())
    conditions: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    gate: Mapped[Gate | None] = mapped_column(code_type(Gate, "gate"))
    scale: Mapped[ReadinessScale] = mapped_column(
        code_type(ReadinessScale, "scale"), default=ReadinessScale.TECHNOLOGY
    )
    is_released: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    startup: Mapped[Startup] = relationship()
    need: Mapped[Need | None] = relationship()
    orders: Mapped[list[VerificationOrder]] = relationship(
        back_populates="claim",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="VerificationOrder.id",
    )

    __mapper_args__ = {"version_id_col": version}


class VerificationOrder(PublicId, Base):
    """One claim, tested by the centre of one engagement: from the asking to the settled invoice."""

    __tablename__ = "verification_order"
    __table_args__ = (
        CheckConstraint("state <> 'settled' OR settled_at IS NOT NULL", name="settled_at"),
        Index(
            "uq_verification_order_open",
            "engagement_id",
            "claim_id",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
    )

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(state_type(VERIFICATION_ORDER), default="asked", index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The number of the invoice by which it was settled.
    invoice: Mapped[str] = mapped_column(String(INVOICE_LIMIT), default="", info=erasure_empties())
    version: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship()
    claim: Mapped[Claim] = relationship(back_populates="orders")
    quotes: Mapped[list[VerificationQuote]] = relationship(
        back_populates="order",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="VerificationQuote.number",
    )
    samples: Mapped[list[VerificationSample]] = relationship(
        back_populates="order",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="VerificationSample.id",
    )
    steps: Mapped[list[VerificationStep]] = relationship(
        back_populates="order",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="VerificationStep.id",
    )
    results: Mapped[list[VerificationResult]] = relationship(
        back_populates="order",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="VerificationResult.number",
    )
    reports: Mapped[list[VerificationReport]] = relationship(
        back_populates="order",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="VerificationReport.number",
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def quote(self) -> VerificationQuote | None:
        """The quote that was accepted, else the newest one."""
        accepted = [each for each in self.quotes if each.accepted_at is not None]
        return accepted[0] if accepted else (self.quotes[-1] if self.quotes else None)

    @property
    def standing_report(self) -> VerificationReport | None:
        """The report that stands; None where none does."""
        return next((each for each in self.reports if each.state in REPORT_STANDS), None)


class VerificationQuote(PublicId, Base):
    """One plan of the test with its price and terms, as a centre offers it; it never changes.

    The plan (`method` to `pass_rule`) and the six heads of Shanghai's regulation on sharing large
    instruments (2007, article 9): service and price, intellectual property, secrecy, damages,
    breach, disputes. `price_yuan` includes the tax. No `sample_spec`: nothing is to be sent in.
    """

    __tablename__ = "verification_quote"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("price_yuan >= 0", name="price"),
        CheckConstraint("lead_days BETWEEN 1 AND 3650", name="lead_days"),
        CheckConstraint("accepted_at IS NULL OR ended_at IS NULL", name="one_end"),
        Index("uq_verification_quote_number", "order_id", "number", unique=True),
        _index_one("uq_verification_quote_accepted", "order_id", "accepted_at IS NOT NULL"),
        _index_one(
            "uq_verification_quote_open", "order_id", "accepted_at IS NULL AND ended_at IS NULL"
        ),
    )

    order_id: Mapped[int] = mapped_column(
        ForeignKey("verification_order.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column()
    service_name: Mapped[str] = mapped_column(String(SERVICE_LIMIT), info=erasure_empties())
    method: Mapped[str] = mapped_column(Text, info=erasure_empties())
    standard: Mapped[str] = mapped_column(
        String(STANDARD_LIMIT), default="", info=erasure_empties()
    )
    sample_spec: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    pass_rule: Mapped[str] = mapped_column(Text, info=erasure_empties())
    price_yuan: Mapped[int] = mapped_column(BigInteger)
    lead_days: Mapped[int] = mapped_column()
    valid_until: Mapped[date] = mapped_column(Date)
    service_terms: Mapped[str] = mapped_column(Text, info=erasure_empties())
    property_terms: Mapped[str] = mapped_column(Text, info=erasure_empties())
    secrecy_terms: Mapped[str] = mapped_column(Text, info=erasure_empties())
    damages_terms: Mapped[str] = mapped_column(Text, info=erasure_empties())
    breach_terms: Mapped[str] = mapped_column(Text, info=erasure_empties())
    dispute_terms: Mapped[str] = mapped_column(Text, info=erasure_empties())
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    # When it was declined, ran out, or gave way to the next one.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    order: Mapped[VerificationOrder] = relationship(back_populates="quotes")


class VerificationSample(PublicId, Base):
    """What a startup sends in, under the code on its label; who held it when are its steps."""

    __tablename__ = "verification_sample"

    order_id: Mapped[int] = mapped_column(
        ForeignKey("verification_order.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(
        String(11), unique=True, default=make_sample_code, info=holds_no_person()
    )
    state: Mapped[str] = mapped_column(state_type(SAMPLE), default="sent")
    description: Mapped[str] = mapped_column(String(SAMPLE_LIMIT), info=erasure_empties())
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    order: Mapped[VerificationOrder] = relationship(back_populates="samples")


class VerificationStep(Base):
    """Who did what in an order, or with a sample: a chain that only grows."""

    __tablename__ = "verification_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(
        ForeignKey("verification_order.id", ondelete="CASCADE"), index=True
    )
    sample_id: Mapped[int | None] = mapped_column(
        ForeignKey("verification_sample.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(40), info=holds_no_person())
    # None: the clock.
    side: Mapped[Side | None] = mapped_column(code_type(Side, "side"))
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())

    order: Mapped[VerificationOrder] = relationship(back_populates="steps")
    actor: Mapped[Person | None] = relationship()


class VerificationResult(PublicId, Base):
    """What was measured, and what that says of the claim; another person looks at it.

    `measured` is in the claim's unit, None where nothing could be measured. `passes_gate`: the
    centre says that the claim's gate is passed by it. `readiness` is a level of the claim's scale.
    """

    __tablename__ = "verification_result"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("readiness BETWEEN 1 AND 9", name="readiness"),
        CheckConstraint(
            "verdict = 'inconclusive' OR measured IS NOT NULL", name="verdict_has_measure"
        ),
        CheckConstraint(
            "verdict = 'confirmed' OR (NOT passes_gate AND readiness IS NULL)",
            name="proves_when_confirmed",
        ),
        CheckConstraint("state = 'submitted' OR decided_at IS NOT NULL", name="decided_at"),
        # One person never vouches for what they submitted themselves.
        CheckConstraint("decided_by_id <> submitted_by_id", name="two_people"),
        Index("uq_verification_result_number", "order_id", "number", unique=True),
        _index_one("uq_verification_result_submitted", "order_id", "state = 'submitted'"),
    )

    order_id: Mapped[int] = mapped_column(
        ForeignKey("verification_order.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(state_type(VERIFICATION_RESULT), default="submitted")
    verdict: Mapped[ClaimVerdict] = mapped_column(code_type(ClaimVerdict, "verdict"))
    measured: Mapped[Decimal | None] = mapped_column(ExactNumber)
    uncertainty: Mapped[str] = mapped_column(
        String(UNCERTAINTY_LIMIT), default="", info=erasure_empties()
    )
    note: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    measured_on: Mapped[date] = mapped_column(Date)
    passes_gate: Mapped[bool] = mapped_column(default=False)
    readiness: Mapped[int | None] = mapped_column()
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )

    order: Mapped[VerificationOrder] = relationship(back_populates="results")
    submitted_by: Mapped[Person | None] = relationship(foreign_keys=[submitted_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class VerificationReport(PublicId, Base):
    """A verified result as the centre publishes it, with the file that says so.

    The file is a document of the centre, in the version with `sha256`. `gate_fact_id` and
    `readiness_fact_id` are the facts that rest on the report. One report of an order stands.
    """

    __tablename__ = "verification_report"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("state <> 'disputed' OR disputed_at IS NOT NULL", name="disputed_at"),
        CheckConstraint(f"state IN ({_STANDS}) OR ended_at IS NOT NULL", name="ended_at"),
        Index("uq_verification_report_number", "order_id", "number", unique=True),
        _index_one("uq_verification_report_standing", "order_id", f"state IN ({_STANDS})"),
    )

    order_id: Mapped[int] = mapped_column(
        ForeignKey("verification_order.id", ondelete="CASCADE"), index=True
    )
    result_id: Mapped[int] = mapped_column(
        ForeignKey("verification_result.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(state_type(VERIFICATION_REPORT), default="published")
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id", ondelete="SET NULL"), index=True
    )
    document_number: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(
        String(64), info=erasure_keeps("it proves which file an organisation that stays relied on")
    )
    # The last day on which it says something; None: it does not run out.
    valid_until: Mapped[date | None] = mapped_column(Date)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    disputed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gate_fact_id: Mapped[int | None] = mapped_column(
        ForeignKey("fact.id", ondelete="SET NULL"), index=True
    )
    readiness_fact_id: Mapped[int | None] = mapped_column(
        ForeignKey("fact.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped[VerificationOrder] = relationship(back_populates="reports")
    result: Mapped[VerificationResult] = relationship()
    document: Mapped[Document | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
