"""What somebody has beside the password: a device that tells codes, and codes on paper."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties, holds_no_person
from models.orm import Base, UtcDateTime
from models.people import Person


class SecondFactor(Base):
    """A secret that a person's device shares with us, from which both make codes (RFC 6238)."""

    __tablename__ = "second_factor"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    # Sealed with the installation's key: whoever reads the table makes no codes from it.
    sealed_secret: Mapped[str] = mapped_column(String(200), info=erasure_empties())
    # The step of the clock whose code was used last: nothing up to it is good again.
    last_step: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="second_factor")


class RecoveryCode(Base):
    """A code that stands in for any device once; its row goes when it is used."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    # SHA-256 of 80 random bits, so that no slow hash is needed.
    code_hash: Mapped[str] = mapped_column(String(64), unique=True, info=holds_no_person())
