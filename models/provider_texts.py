"""Further texts of a provider: what shows what it can do, beside the profile.

A text never changes: it is added and taken back, so that whatever was matched or quoted was this.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties, holds_no_person
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.providers import Provider

TEXT_TITLE_LIMIT = 200
TEXT_ADDRESS_LIMIT = 300
# So many texts one provider may have, and so long each, in characters.
TEXTS_LIMIT = 20
FURTHER_TEXT_LIMIT = 20_000
FIRST_YEAR, LAST_YEAR = 1900, 2100


class TextSource(StrEnum):
    """What a further text of a provider is about."""

    PAPER = "paper"
    PATENT = "patent"
    PRODUCT = "product"
    ENGAGEMENT = "engagement"
    OTHER = "other"


class ProviderText(PublicId, Base):
    """A paper, a patent, a product or an earlier engagement of a provider, in words.

    Read, found and quoted as the profile is, and shown to whoever is shown the profile.
    `year` is when it came out, `address` where the whole of it is.
    """

    __tablename__ = "provider_text"
    __table_args__ = (
        CheckConstraint(f"year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="year"),
        CheckConstraint("text <> ''", name="text"),
        Index("uq_provider_text_text_key", "provider_id", "text_key", unique=True),
    )

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(TEXT_TITLE_LIMIT), info=erasure_empties())
    source: Mapped[TextSource] = mapped_column(code_type(TextSource, "source"))
    year: Mapped[int | None] = mapped_column()
    address: Mapped[str] = mapped_column(
        String(TEXT_ADDRESS_LIMIT), default="", server_default="", info=erasure_empties()
    )
    text: Mapped[str] = mapped_column(Text, info=erasure_empties())
    # By which the same text is known: see `models.sentence_keys`.
    text_key: Mapped[str] = mapped_column(String(64), info=erasure_empties())
    added_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    provider: Mapped[Provider] = relationship(back_populates="texts")
    added_by: Mapped[Person | None] = relationship()
    passages: Mapped[list[ProviderTextPassage]] = relationship(
        back_populates="text",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ProviderTextPassage.ordinal",
    )


class ProviderTextPassage(Base):
    """A stretch of a further text and its vector, as in `models.providers.ProviderPassage`."""

    __tablename__ = "provider_text_passage"
    __table_args__ = (
        CheckConstraint("passage_start >= 0 AND passage_end > passage_start", name="span"),
        CheckConstraint("role IN ('whole', 'sentence')", name="role"),
        Index("uq_provider_text_passage_ordinal", "text_id", "ordinal", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(
        ForeignKey("provider_text.id", ondelete="CASCADE"), index=True
    )
    ordinal: Mapped[int] = mapped_column()
    role: Mapped[str] = mapped_column(String(10), info=holds_no_person())
    start: Mapped[int] = mapped_column("passage_start")
    end: Mapped[int] = mapped_column("passage_end")
    vector: Mapped[bytes] = mapped_column(LargeBinary, info=erasure_empties())
    dtype: Mapped[str] = mapped_column(String(10), info=holds_no_person())
    fingerprint: Mapped[str] = mapped_column(String(64), info=holds_no_person())

    text: Mapped[ProviderText] = relationship(back_populates="passages")
