"""The mentor pool of an incubator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties
from models.lifecycle import POOL_ENTRY
from models.organisations import Incubator
from models.orm import Base, PublicId, UtcDateTime
from models.people import Person
from models.providers import Provider
from models.state import state_type


class PoolEntry(PublicId, Base):
    """A mentor's standing in one incubator's pool. Only the admitted are matched."""

    __tablename__ = "pool_entry"
    __table_args__ = (Index("uq_pool_entry_mentor", "incubator_id", "provider_id", unique=True),)

    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(POOL_ENTRY))
    # What the mentor wrote when applying, or how they meet the selection standard.
    application: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    # For operators of this incubator alone.
    private_note: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    reason: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    admitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[int] = mapped_column(default=1)

    incubator: Mapped[Incubator] = relationship(back_populates="pool_entries")
    provider: Mapped[Provider] = relationship(back_populates="pool_entries")
    changed_by: Mapped[Person | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
