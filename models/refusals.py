"""What was refused: counted by the hour, so that whoever tries for ever fills no table."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import holds_no_person
from models.orm import Base, UtcDateTime, code_type
from models.people import Person

WHAT_LIMIT = 120


class RefusalKind(StrEnum):
    """Why a request was refused."""

    # Its form did not come from a page of this site.
    FORGERY = "forgery"
    # It was tried too often.
    THROTTLE = "throttle"
    # Whoever asked may not do it, or there is nothing that they may know of.
    PERMISSION = "permission"


class Refusal(Base):
    """How often one thing was refused within one hour, to one person or to strangers together.

    `person_id` is whoever asked, or whose account was tried; None for strangers. `what` is the
    method and the pattern of the address, without what somebody filled in.
    """

    __tablename__ = "refusal"
    __table_args__ = (
        Index("uq_refusal_person", "person_id", "hour_at", "kind", "what", unique=True),
        Index(
            "uq_refusal_stranger",
            "hour_at",
            "kind",
            "what",
            unique=True,
            sqlite_where=text("person_id IS NULL"),
            postgresql_where=text("person_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    hour_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[RefusalKind] = mapped_column(code_type(RefusalKind, "kind"))
    what: Mapped[str] = mapped_column(String(WHAT_LIMIT), info=holds_no_person())
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person | None] = relationship()
