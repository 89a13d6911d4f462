"""Finance products, version by version: who offers what to whom at which price, until when.

Amounts are whole yuan, prices and shares basis points. A version that was published never changes.
"""

from datetime import date, datetime
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_keeps, holds_no_person
from models.funds import WHOLE_BP
from models.lifecycle import FINANCE_PRODUCT
from models.organisations import Incubator
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.product_codes import ProductKind
from models.public_rules import OF_THE_RULES, PublicRules
from models.state import state_type

CODE_LIMIT: Final = 40
OFFERER_LIMIT: Final = 120
MONTHS_LIMIT: Final = 360


def _index_one(name: str, state: str) -> Index:
    """At most one version of a product in `state`."""
    where = text(f"state = '{state}'")
    return Index(
        name, "incubator_id", "code", unique=True, sqlite_where=where, postgresql_where=where
    )


class FinanceProduct(PublicRules, PublicId, Base):
    """One version of a product in the catalogue of an incubator.

    `code` is the same for all versions, `number` counts them from 1. `offered_by` is the bank,
    insurer, guarantor, lessor or fund. `yearly_bp_from` up to `yearly_bp_to` is what it costs a
    year, `fee_bp` what it costs once, `share_bp` the part that the offerer bears or takes: of a
    guarantee the part of the debt, of equity the most of the shares. None: not said. It is offered
    from `valid_from` up to the last day `valid_until`, by the calendar of China.
    """

    __tablename__ = "finance_product"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("least_yuan > 0", name="least"),
        CheckConstraint("most_yuan > 0", name="most"),
        CheckConstraint("least_yuan <= most_yuan", name="amounts"),
        CheckConstraint(f"months_most BETWEEN 1 AND {MONTHS_LIMIT}", name="months"),
        CheckConstraint(f"yearly_bp_from BETWEEN 1 AND {WHOLE_BP}", name="yearly_from"),
        CheckConstraint(f"yearly_bp_to BETWEEN 1 AND {WHOLE_BP}", name="yearly_to"),
        CheckConstraint("yearly_bp_from <= yearly_bp_to", name="yearly"),
        CheckConstraint(f"fee_bp BETWEEN 1 AND {WHOLE_BP}", name="fee"),
        CheckConstraint(f"share_bp BETWEEN 1 AND {WHOLE_BP}", name="share"),
        CheckConstraint("staff_most >= 0", name="staff"),
        CheckConstraint("revenue_most_yuan >= 0", name="revenue"),
        CheckConstraint("assets_most_yuan >= 0", name="assets"),
        CheckConstraint("age_most_years BETWEEN 1 AND 100", name="age"),
        CheckConstraint("valid_from <= valid_until", name="valid"),
        CheckConstraint(
            "state = 'draft' OR (kind IS NOT NULL AND valid_from IS NOT NULL"
            " AND valid_until IS NOT NULL AND published_at IS NOT NULL)",
            name="whole",
        ),
        CheckConstraint("state IN ('draft', 'current') OR ended_at IS NOT NULL", name="ended_at"),
        Index("uq_finance_product_number", "incubator_id", "code", "number", unique=True),
        _index_one("uq_finance_product_draft", "draft"),
        _index_one("uq_finance_product_current", "current"),
    )

    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(String(CODE_LIMIT), info=holds_no_person())
    number: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(state_type(FINANCE_PRODUCT), default="draft", index=True)
    kind: Mapped[ProductKind | None] = mapped_column(code_type(ProductKind, "kind"))
    offered_by: Mapped[str] = mapped_column(
        String(OFFERER_LIMIT), default="", info=erasure_keeps(OF_THE_RULES)
    )
    least_yuan: Mapped[int | None] = mapped_column(BigInteger)
    most_yuan: Mapped[int | None] = mapped_column(BigInteger)
    months_most: Mapped[int | None] = mapped_column()
    yearly_bp_from: Mapped[int | None] = mapped_column()
    yearly_bp_to: Mapped[int | None] = mapped_column()
    fee_bp: Mapped[int | None] = mapped_column()
    share_bp: Mapped[int | None] = mapped_column()
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The last day of which the incubator was reminded.
    reminded_of: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)

    incubator: Mapped[Incubator] = relationship()

    __mapper_args__ = {"version_id_col": version}
