"""What is known of a startup or a provider: one value, for one time, with its source.

Nothing is overwritten. A newer statement stands beside an older one that somebody confirmed until
it is confirmed itself; so at most one that is stated and one that is confirmed stand for one type
and one time of one subject.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    Dialect,
    ForeignKey,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from models.erasure import erasure_empties, holds_no_person
from models.fact_types import FACT_SPECS, FactKind, FactSource, FactSpec, FactType
from models.lifecycle import FACT
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.state import state_type

if TYPE_CHECKING:
    from models.documents import Document
    from models.organisations import Startup
    from models.providers import Provider

TEXT_LIMIT: Final = 300
SOURCE_NOTE_LIMIT: Final = 200
REASON_LIMIT: Final = 1000

# The largest number: with six decimals it fills a 64-bit column.
NUMBER_LIMIT: Final = 10**12
_DECIMALS: Final = 6
_SCALE: Final = 10**_DECIMALS

# What a fact can be in the program: numbers are whole yuan, square metres, or how many.
FactValue = Decimal | date | bool | str | tuple[str, ...]

_CURRENT: Final = ("stated", "confirmed")
_CURRENT_WORDS: Final = ", ".join(f"'{state}'" for state in _CURRENT)


class ExactNumber(TypeDecorator[Decimal]):
    """A decimal with at most six places, kept as a whole number of millionths on both databases.

    Raises ValueError for more places, and for more than `NUMBER_LIMIT`.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """Count the millionths."""
        if value is None:
            return None
        exact = Decimal(value)
        if not exact.is_finite() or abs(exact) > NUMBER_LIMIT:
            raise ValueError(f"no number that can be kept: {value}")
        millionths = exact * _SCALE
        if millionths != millionths.to_integral_value():
            raise ValueError(f"more than {_DECIMALS} decimals: {value}")
        return int(millionths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Give the decimal back."""
        return None if value is None else Decimal(value) / _SCALE


class VocabularyCode(TypeDecorator[StrEnum]):
    """One code of a vocabulary that grows often: checked when it is stored, by no constraint.

    A new code needs no migration; docs/adr/facts-are-one-table.md says why. Raises ValueError for
    a code that the vocabulary does not know.
    """

    impl = String(40)
    cache_ok = True
    holds_no_person = True

    def __init__(self, vocabulary: type[StrEnum]) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Check the code."""
        return None if value is None else self.vocabulary(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Give the code back as a member of the vocabulary."""
        return None if value is None else self.vocabulary(value)


def _index_current(subject: str) -> Index:
    """One that is stated and one that is confirmed, for one type and one time of one subject."""
    is_current = text(f"state IN ({_CURRENT_WORDS}) AND {subject}_id IS NOT NULL")
    return Index(
        f"uq_fact_current_of_{subject}",
        f"{subject}_id",
        "fact_type",
        "time_key",
        "state",
        unique=True,
        sqlite_where=is_current,
        postgresql_where=is_current,
    )


class Fact(PublicId, Base):
    """One value of one type, of one startup or provider.

    `begins_on` and `ends_on` are the first and last day of the time that it is about, both None for
    a fact that is about none; `time_key` is both in one text. The value stands in the column of its
    kind. `unit` is the one in which it was typed; the value is in base units.
    """

    __tablename__ = "fact"
    __table_args__ = (
        CheckConstraint("(startup_id IS NULL) <> (provider_id IS NULL)", name="one_subject"),
        CheckConstraint(
            "CASE WHEN number IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN day IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN truth IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN words IS NULL THEN 0 ELSE 1 END = 1",
            name="one_value",
        ),
        CheckConstraint(
            "(begins_on IS NULL) = (ends_on IS NULL)"
            " AND (begins_on IS NULL OR begins_on <= ends_on)",
            name="time",
        ),
        CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_at"),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_at IS NOT NULL", name="withdrawn_at"),
        CheckConstraint("state <> 'superseded' OR superseded_at IS NOT NULL", name="superseded_at"),
        _index_current("startup"),
        _index_current("provider"),
    )

    startup_id: Mapped[int | None] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), index=True
    )
    provider_id: Mapped[int | None] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    fact_type: Mapped[FactType] = mapped_column(VocabularyCode(FactType))
    state: Mapped[str] = mapped_column(state_type(FACT), default="stated")
    number: Mapped[Decimal | None] = mapped_column(ExactNumber)
    day: Mapped[date | None] = mapped_column(Date)
    truth: Mapped[bool | None] = mapped_column()
    # A text, or codes with blanks between them.
    words: Mapped[str | None] = mapped_column(String(TEXT_LIMIT), info=erasure_empties())
    unit: Mapped[str] = mapped_column(String(30), default="", info=holds_no_person())
    begins_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    time_key: Mapped[str] = mapped_column(String(21), default="", info=holds_no_person())
    source: Mapped[FactSource] = mapped_column(code_type(FactSource, "source"))
    source_note: Mapped[str] = mapped_column(
        String(SOURCE_NOTE_LIMIT), default="", info=erasure_empties()
    )
    # The version of a document of the subject that shows it, where there is one.
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id", ondelete="SET NULL"), index=True
    )
    document_number: Mapped[int | None] = mapped_column()
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stated_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    superseded_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("fact.id", ondelete="SET NULL"), index=True
    )

    startup: Mapped[Startup | None] = relationship()
    provider: Mapped[Provider | None] = relationship()
    document: Mapped[Document | None] = relationship()
    stated_by: Mapped[Person | None] = relationship(foreign_keys=[stated_by_id])
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id])
    withdrawn_by: Mapped[Person | None] = relationship(foreign_keys=[withdrawn_by_id])

    @property
    def subject(self) -> Startup | Provider:
        """Whom it is about. Raises LookupError where there is nobody."""
        subject = self.startup or self.provider
        if subject is None:
            raise LookupError("a fact is about a startup or a provider")
        return subject

    @property
    def spec(self) -> FactSpec:
        """Of what kind and time its type is."""
        return FACT_SPECS[self.fact_type]

    @property
    def is_current(self) -> bool:
        """Whether it stands: neither withdrawn nor superseded."""
        return self.state in _CURRENT

    @property
    def value(self) -> FactValue:
        """The value, of the kind that its type has. Raises LookupError where there is none."""
        if self.truth is not None:
            return self.truth
        if self.number is not None:
            return self.number
        if self.day is not None:
            return self.day
        if self.words is None:
            raise LookupError("a fact has a value")
        return tuple(self.words.split()) if self.spec.kind is FactKind.CODES else self.words

    def set_value(self, value: FactValue) -> None:
        """The value stands in the column of its kind, and nothing in the others."""
        self.number = self.day = self.truth = self.words = None
        match value:
            case bool():
                self.truth = value
            case Decimal():
                self.number = value
            case date():
                self.day = value
            case str():
                self.words = value
            case tuple():
                self.words = " ".join(value)

    def set_time(self, begins_on: date | None, ends_on: date | None) -> None:
        """The time that it is about, and the key by which two of one time are told."""
        self.begins_on, self.ends_on = begins_on, ends_on
        self.time_key = make_time_key(begins_on, ends_on)


def make_time_key(begins_on: date | None, ends_on: date | None) -> str:
    """Both ends in one text, so that no time is a time like any other; "" for none."""
    return "" if begins_on is None or ends_on is None else f"{begins_on}/{ends_on}"


def is_value_of(spec: FactSpec, value: FactValue) -> bool:
    """Whether `value` is one that facts of this kind can have."""
    match spec.kind:
        case FactKind.DATE:
            return type(value) is date
        case FactKind.TRUTH:
            return isinstance(value, bool)
        case FactKind.TEXT:
            return isinstance(value, str) and 0 < len(value) <= TEXT_LIMIT
        case FactKind.CODE:
            return isinstance(value, str) and _are_codes(spec, [value])
        case FactKind.CODES:
            return isinstance(value, tuple) and _are_codes(spec, value)
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value) > NUMBER_LIMIT:
        return False
    if value < 0 and not spec.may_be_negative:
        return False
    if spec.kind is FactKind.LEVEL:
        return value == value.to_integral_value() and 1 <= value <= 9
    if spec.kind is FactKind.AREA:
        return value == round(value, 2)
    return value == value.to_integral_value()


def _are_codes(spec: FactSpec, codes: Iterable[str]) -> bool:
    known = set(spec.codes or ())
    return set(codes) <= known
