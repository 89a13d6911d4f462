"""Passkeys: key pairs of a person's devices, of which we keep the public halves (W3C WebAuthn)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties
from models.orm import Base, PublicId, UtcDateTime
from models.people import Person

PASSKEY_NAME_LIMIT = 60

# In characters of base64url: the standard allows 1023 bytes.
CREDENTIAL_ID_LIMIT = 1364


class Passkey(PublicId, Base):
    """One key pair. Who holds its private half, on a device or in a keyring, is its person."""

    __tablename__ = "passkey"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    # What its owner calls it.
    name: Mapped[str] = mapped_column(String(PASSKEY_NAME_LIMIT), info=erasure_empties())
    # By which the device knows it, in base64url.
    credential_id: Mapped[str] = mapped_column(
        String(CREDENTIAL_ID_LIMIT), unique=True, info=erasure_empties()
    )
    # In the form of COSE (RFC 9052).
    public_key: Mapped[bytes] = mapped_column(LargeBinary, info=erasure_empties())
    # By which ways a browser reaches the device, as it said itself.
    transports: Mapped[list[str]] = mapped_column(JSON, default=list, info=erasure_empties())
    # How often the device says that it has signed; 0 where it does not count.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    # When the challenge was made that was answered last, in microseconds since 1970: neither it nor
    # an older one is good again.
    last_challenge: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="passkeys")
