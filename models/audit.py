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


class AuditSeal(Base):
    """One entry in the chain: whoever changes, removes or slips in an entry breaks it.

    `seal` is a hash over the seal before, what the entry says of no person, and `told_hash`. That
    is a hash over three: of who did it, for whom, and in what words, each with a salt of its own.
    An erasure takes away with each part its salt: the chain holds, nobody can try out who it was,
    and who stays is still shown to be who it was.
    """

    __tablename__ = "audit_seal"

    # From 1 without a gap.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int | None] = mapped_column(
        ForeignKey("audit_entry.id", ondelete="SET NULL"), unique=True
    )
    # Of the words; of all three in seals of before the parts had their own.
    salt: Mapped[str] = mapped_column(String(32), info=holds_no_person())
    actor_salt: Mapped[str | None] = mapped_column(String(32), info=holds_no_person())
    behalf_salt: Mapped[str | None] = mapped_column(String(32), info=holds_no_person())
    actor_hash: Mapped[str | None] = mapped_column(String(64), info=holds_no_person())
    behalf_hash: Mapped[str | None] = mapped_column(String(64), info=holds_no_person())
    words_hash: Mapped[str | None] = mapped_column(String(64), info=holds_no_person())
    told_hash: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    seal: Mapped[str] = mapped_column(String(64), unique=True, info=holds_no_person())

    entry: Mapped[AuditEntry | None] = relationship()
