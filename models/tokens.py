"""Bearer tokens, by which a program acts for a person, and the requests that must not run twice."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.orm import Base, PublicId, TextList, UtcDateTime
from models.people import Person


def hash_secret(secret: str) -> str:
    """SHA-256 in hex. A secret has 256 random bits, so that no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class ApiToken(PublicId, Base):
    """A program may act for a person within some scopes. Only the token's hash is kept.

    A token ends when it expires, is revoked, or its person chooses a new password: then
    `credential_version` is no longer the person's.
    """

    __tablename__ = "api_token"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # The first characters, by which its owner tells it from others.
    hint: Mapped[str] = mapped_column(String(12))
    scopes: Mapped[list[str]] = mapped_column(TextList)
    credential_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class ApiRequest(Base):
    """A request that a program may send again, by its key: what came of it is told again.

    The row is claimed before the work begins. It gets its `done_at` in the transaction of the work
    itself, so that a process that is killed leaves either nothing or what never runs again.
    """

    __tablename__ = "api_request"
    __table_args__ = (
        Index("uq_api_request_key", "person_id", "key", unique=True),
        Index("ix_api_request_claimed_at", "claimed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    # SHA-256 in hex over method, path and body.
    content_hash: Mapped[str] = mapped_column(String(64))
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    body: Mapped[str] = mapped_column(Text, default="")
