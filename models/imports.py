"""Files that operators bring in: previewed row by row, then applied in chunks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties, holds_no_person
from models.lifecycle import IMPORT_BATCH
from models.organisations import Incubator, Startup
from models.orm import Base, PublicId, TextList, UtcDateTime, code_type
from models.people import Person
from models.providers import Provider
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
    """One file of one operator: `actor` brought it in, or is the one who confirmed it since."""

    __tablename__ = "import_batch"

    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[ImportKind] = mapped_column(code_type(ImportKind, "kind"))
    state: Mapped[str] = mapped_column(state_type(IMPORT_BATCH), default="previewed")
    filename: Mapped[str] = mapped_column(String(200), info=erasure_empties())
    # Headers of the file that name no column we know: what stands below them is not taken.
    unknown_columns: Mapped[list[str]] = mapped_column(
        TextList, default=list, info=erasure_empties()
    )
    # What else is to be said of the file: a code that the page words, a row and a text each.
    notes: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, server_default="[]", info=erasure_empties()
    )
    # Whether the addresses in the file get an invitation when the batch is applied.
    sends_invitations: Mapped[bool] = mapped_column(default=False)
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


class ImportLayout(Base):
    """Which column of a file is which, as an operator said it: for the next file of its shape.

    `shape` is the digest of the headers; `columns` gives the name of a column by its place.
    """

    __tablename__ = "import_layout"
    __table_args__ = (
        Index("uq_import_layout_shape", "incubator_id", "kind", "shape", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incubator_id: Mapped[int] = mapped_column(ForeignKey("incubator.id", ondelete="CASCADE"))
    kind: Mapped[ImportKind] = mapped_column(code_type(ImportKind, "kind"))
    shape: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    columns: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, info=holds_no_person())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportRow(Base):
    """One line of the file: its cells, what is wrong with them, what is to be done, whether it is.

    `number` is the line as a spreadsheet counts it. `provider` or `startup` is the profile that the
    row is about: from the preview on where there is one, else from its creation on. `email` is the
    address under which the incubator knows that profile, also before anybody was invited.
    `applied_at` says that the row is dealt with, whatever became of it.
    """

    __tablename__ = "import_row"
    __table_args__ = (Index("uq_import_row_number", "batch_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column()
    cells: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, info=erasure_empties())
    # Each problem: the column, a code that the page words, and the offending text.
    problems: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, info=erasure_empties()
    )
    outcome: Mapped[RowOutcome] = mapped_column(code_type(RowOutcome, "outcome"))
    email: Mapped[str | None] = mapped_column(String(254), index=True, info=erasure_empties())
    provider_id: Mapped[int | None] = mapped_column(
        ForeignKey("provider.id", ondelete="SET NULL"), index=True
    )
    startup_id: Mapped[int | None] = mapped_column(
        ForeignKey("startup.id", ondelete="SET NULL"), index=True
    )
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    batch: Mapped[ImportBatch] = relationship(back_populates="rows")
    provider: Mapped[Provider | None] = relationship()
    startup: Mapped[Startup | None] = relationship()
