"""Finance commissioners (科技金融特派员) of incubators, companies in their care, and their cases.

Appointing is a two-way choice: the incubator offers or the person applies, and the other side
decides. So is the care of a company, which moreover has to consent before the commissioner reads
anything of it. Amounts are whole yuan, days those of the calendar of China.
"""

from datetime import date, datetime
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.commissioner_codes import CaseClosure, CommissionerKind
from models.commissioner_states import (
    CARE_STANDS,
    COMMISSIONER,
    COMMISSIONER_STANDS,
    COMPANY_CARE,
    FINANCE_CASE,
)
from models.erasure import erasure_empties
from models.organisations import Incubator, Startup
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.product_codes import ProductKind
from models.products import FinanceProduct
from models.state import state_type

PERSON_NAME_LIMIT: Final = 80
CONTACT_LIMIT: Final = 254
INSTITUTION_LIMIT: Final = 120
WORDS_LIMIT: Final = 1000
MOST_COMPANIES: Final = 200
MOST_OF_A_KIND: Final = 100


def _index_one(name: str, states: tuple[str, ...], *columns: str) -> Index:
    """At most one row with these `columns` in one of `states`."""
    listed = ", ".join(f"'{state}'" for state in states)
    where = text(f"state IN ({listed})")
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


class Commissioner(PublicId, Base):
    """A person of an institution who looks after companies of one incubator.

    `contact` is the address by which the incubator asked, or that of the account; `person` is None
    until there is an account with it, and again when the account is closed. The term ends with
    `last_day`, None for no end; `most_companies` is how many companies are taken, None for no
    limit.
    """

    __tablename__ = "commissioner"
    __table_args__ = (
        CheckConstraint(f"most_companies BETWEEN 1 AND {MOST_COMPANIES}", name="most_companies"),
        CheckConstraint(
            "state IN ('offered', 'applied', 'active') OR ended_at IS NOT NULL", name="ended_at"
        ),
        CheckConstraint("state <> 'active' OR answered_at IS NOT NULL", name="answered_at"),
        _index_one("uq_commissioner_stands", COMMISSIONER_STANDS, "incubator_id", "contact"),
    )

    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(COMMISSIONER), index=True)
    kind: Mapped[CommissionerKind] = mapped_column(code_type(CommissionerKind, "kind"))
    name: Mapped[str] = mapped_column(String(PERSON_NAME_LIMIT), info=erasure_empties())
    contact: Mapped[str] = mapped_column(String(CONTACT_LIMIT), index=True, info=erasure_empties())
    institution: Mapped[str] = mapped_column(String(INSTITUTION_LIMIT), info=erasure_empties())
    # What the side that began says to the other, and why it ended.
    words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    end_words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    last_day: Mapped[date | None] = mapped_column(Date)
    most_companies: Mapped[int | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    # Whose words these are.
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    incubator: Mapped[Incubator] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])

    __mapper_args__ = {"version_id_col": version}


class CommissionerQuota(Base):
    """How many commissioners of a kind an incubator has at most; `most` None: no limit."""

    __tablename__ = "commissioner_quota"
    __table_args__ = (
        CheckConstraint(f"most BETWEEN 0 AND {MOST_OF_A_KIND}", name="most"),
        Index("uq_commissioner_quota", "incubator_id", "kind", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[CommissionerKind] = mapped_column(code_type(CommissionerKind, "kind"))
    most: Mapped[int | None] = mapped_column()


class CompanyCare(PublicId, Base):
    """A startup in the care of a commissioner, or asked to be.

    `consented_at` is when the startup let the commissioner know of it.
    """

    __tablename__ = "company_care"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('asked', 'active', 'ended') OR consented_at IS NOT NULL",
            name="consented_at",
        ),
        CheckConstraint(
            "state IN ('assigned', 'asked', 'active') OR ended_at IS NOT NULL", name="ended_at"
        ),
        _index_one("uq_company_care_stands", CARE_STANDS, "commissioner_id", "startup_id"),
    )

    commissioner_id: Mapped[int] = mapped_column(
        ForeignKey("commissioner.id", ondelete="CASCADE"), index=True
    )
    startup_id: Mapped[int] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(COMPANY_CARE), index=True)
    words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    end_words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    commissioner: Mapped[Commissioner] = relationship()
    startup: Mapped[Startup] = relationship()

    __mapper_args__ = {"version_id_col": version}


class FinanceCase(PublicId, Base):
    """What a company needs of which form of money, and what came of it.

    `product` is one of the catalogue that it is about, `obtained_kind` and `obtained_yuan` what
    the company has got.
    """

    __tablename__ = "finance_case"
    __table_args__ = (
        CheckConstraint("amount_yuan > 0", name="amount"),
        CheckConstraint("obtained_yuan > 0", name="obtained"),
        CheckConstraint(
            "(state = 'done') = (obtained_yuan IS NOT NULL)"
            " AND (state = 'done') = (obtained_kind IS NOT NULL)",
            name="done",
        ),
        CheckConstraint("(state = 'closed') = (closure IS NOT NULL)", name="closed"),
        CheckConstraint("(state IN ('done', 'closed')) = (ended_at IS NOT NULL)", name="ended_at"),
    )

    care_id: Mapped[int] = mapped_column(
        ForeignKey("company_care.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(FINANCE_CASE), default="open", index=True)
    kind: Mapped[ProductKind] = mapped_column(code_type(ProductKind, "kind"))
    amount_yuan: Mapped[int | None] = mapped_column(BigInteger)
    product_id: Mapped[int | None] = mapped_column(
        ForeignKey("finance_product.id", ondelete="SET NULL")
    )
    words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    obtained_kind: Mapped[ProductKind | None] = mapped_column(
        code_type(ProductKind, "obtained_kind")
    )
    obtained_yuan: Mapped[int | None] = mapped_column(BigInteger)
    closure: Mapped[CaseClosure | None] = mapped_column(code_type(CaseClosure, "closure"))
    end_words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    care: Mapped[CompanyCare] = relationship()
    product: Mapped[FinanceProduct | None] = relationship()
    notes: Mapped[list["CaseNote"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="CaseNote.id"
    )

    __mapper_args__ = {"version_id_col": version}


class CaseNote(Base):
    """What the commissioner or the startup wrote down of a case, read by these two sides alone."""

    __tablename__ = "case_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(
        ForeignKey("finance_case.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    words: Mapped[str] = mapped_column(Text, info=erasure_empties())
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    author: Mapped[Person | None] = relationship()
