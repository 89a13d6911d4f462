"""Somebody moves to another address: asked for, confirmed from there, and stopped from here."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties
from models.orm import Base, PublicId, UtcDateTime
from models.people import Person

# For how long the new address can be confirmed, and for how long the old one can stop it, also
# when it has been.
CONFIRMED_WITHIN = timedelta(days=1)
STOPPED_WITHIN = timedelta(days=7)


class AddressChange(PublicId, Base):
    """The change of one account's address. It goes when it is stopped, or too old for that."""

    __tablename__ = "address_change"
    __table_args__ = (
        CheckConstraint("old_email = lower(old_email)", name="old_email_lower"),
        CheckConstraint("new_email = lower(new_email)", name="new_email_lower"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    old_email: Mapped[str] = mapped_column(String(254), info=erasure_empties())
    new_email: Mapped[str] = mapped_column(String(254), info=erasure_empties())
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()

    def can_be_confirmed(self, at: datetime) -> bool:
        """Whether the new address may still be confirmed."""
        return self.confirmed_at is None and at < self.begun_at + CONFIRMED_WITHIN

    def can_be_stopped(self, at: datetime) -> bool:
        """Whether the old address may still take it back."""
        return at < (self.confirmed_at or self.begun_at) + STOPPED_WITHIN
