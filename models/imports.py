"""Files that operators bring in: previewed row by row, then applied in chunks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.lifecycle import IMPORT_BATCH
from models.organisations import Incubator
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.state import state_type


class ImportKind(StrEnum):
    """What a file holds."""

    MENTORS = "mentors"
    STARTUPS = "startups"


class RowOutcome(StrEnum):
    """What becomes of a row: planned at the preview, then done."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class ImportBatch(PublicId, Base):
    """One file of one operator."""

    __tablename__ = "import_batch"

    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[ImportKind] = mapped_column(code_type(ImportKind, "kind"))
    state: Mapped[str] = mapped_column(state_type(IMPORT_BATCH), default="previewed")
    filename: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    incubator: Mapped[Incubator] = relationship()
    actor: Mapped[Person | None] = relationship()
    rows: Mapped[list[ImportRow]] = relationship(
        back_populates="batch",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ImportRow.number",
    )

    __mapper_args__ = {"version_id_col": version}


class ImportRow(Base):
    """One line of the file: its cells, what is wrong with them, what is to be done, whether it is.

    `number` is the line as a spreadsheet counts it: the header is line 1.
    """

    __tablename__ = "import_row"
    __table_args__ = (Index("uq_import_row_number", "batch_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column()
    cells: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Each problem: the column, a code that the page words, and the offending text.
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    outcome: Mapped[RowOutcome] = mapped_column(code_type(RowOutcome, "outcome"))
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    batch: Mapped[ImportBatch] = relationship(back_populates="rows")
