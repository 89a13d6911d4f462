"""Bearer tokens, by which a program acts for a person, and the requests that must not run twice."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties, holds_no_person
from models.orm import Base, PublicId, TextList, UtcDateTime
from models.people import Person

# What the mark of a token says that it is.
TOKEN_PURPOSE: Final = "api token"  # noqa: S105 (the word for it, and no secret)


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
    name: Mapped[str] = mapped_column(String(80), info=erasure_empties())
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=holds_no_person())
    # The first characters, by which its owner tells it from others.
    hint: Mapped[str] = mapped_column(String(12), info=holds_no_person())
    scopes: Mapped[list[str]] = mapped_column(TextList, info=holds_no_person())
    credential_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()

    def is_good(self, at: datetime) -> bool:
        """Whether a program that shows it at `at` acts for the person."""
        return (
            self.revoked_at is None
            and (self.expires_at is None or at < self.expires_at)
            and self.person.is_active
            and self.credential_version == self.person.credential_version
        )


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
    key: Mapped[str] = mapped_column(String(200), info=erasure_empties())
    # SHA-256 in hex over method, path and body.
    content_hash: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, info=holds_no_person())
    body: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
