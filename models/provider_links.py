"""Accounts elsewhere that a person logs in by: somebody else says who they are (OpenID Connect)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties, holds_no_person
from models.orm import Base, PublicId, UtcDateTime
from models.people import Person

# The standard allows 255 characters of ASCII.
SUBJECT_LIMIT = 255


class ProviderLink(PublicId, Base):
    """Whoever is `subject` at `issuer` is its person here. Addresses there count for nothing."""

    __tablename__ = "provider_link"
    __table_args__ = (Index("uq_provider_link_subject", "issuer", "subject", unique=True),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(255), info=holds_no_person())
    subject: Mapped[str] = mapped_column(String(SUBJECT_LIMIT), info=erasure_empties())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="provider_links")
