"""The record of who did what, also when one person acted for another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties, holds_no_person
from models.orm import Base, UtcDateTime
from models.people import Person


class AuditEntry(Base):
    """One act. `kind` is in the past tense; the subject is named by its table and public id."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_table", "subject_public_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    # The person for whom the actor acted.
    on_behalf_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    incubator_id: Mapped[int | None] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(60), info=holds_no_person())
    subject_table: Mapped[str] = mapped_column(String(40), info=holds_no_person())
    subject_public_id: Mapped[str] = mapped_column(String(16), info=holds_no_person())
    detail: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, info=erasure_empties())

    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])
    on_behalf_of: Mapped[Person | None] = relationship(foreign_keys=[on_behalf_of_id])
