"""Documents: files that an organisation keeps, version by version, and whom it shows them to.

A row says what a file is; its bytes stand in a store outside the database, under a key that is
never used twice.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties, erasure_keeps, holds_no_person
from models.lifecycle import DOCUMENT
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.state import state_type
from models.vocabulary import DocumentKind, FileType, ReportReason

if TYPE_CHECKING:
    from models.organisations import Incubator, Startup
    from models.providers import Provider

TITLE_LIMIT = 120
FILENAME_LIMIT = 120

# One organisation of the three kinds, in columns with this prefix.
_ONE_OF_THREE = (
    "CASE WHEN {0}startup_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN {0}provider_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN {0}incubator_id IS NULL THEN 0 ELSE 1 END = 1"
)


class Document(PublicId, Base):
    """Something that one organisation keeps: a title, and at least one version of a file.

    A stopped one is kept for whoever has to look into it, and served to nobody; of a deleted one
    only the record is left. `row_version` counts the changes of this row, not the files.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint(_ONE_OF_THREE.format(""), name="one_owner"),
        CheckConstraint("state <> 'stopped' OR stopped_at IS NOT NULL", name="stopped_at"),
        CheckConstraint("state <> 'deleted' OR deleted_at IS NOT NULL", name="deleted_at"),
    )

    startup_id: Mapped[int | None] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), index=True
    )
    provider_id: Mapped[int | None] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    incubator_id: Mapped[int | None] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(TITLE_LIMIT), info=erasure_empties())
    kind: Mapped[DocumentKind] = mapped_column(code_type(DocumentKind, "kind"))
    state: Mapped[str] = mapped_column(state_type(DOCUMENT), default="available", index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stop_reason: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    stopped_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    row_version: Mapped[int] = mapped_column(default=1)

    startup: Mapped[Startup | None] = relationship()
    provider: Mapped[Provider | None] = relationship()
    incubator: Mapped[Incubator | None] = relationship()
    versions: Mapped[list[DocumentVersion]] = relationship(
        back_populates="document",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="DocumentVersion.number",
    )
    reports: Mapped[list[DocumentReport]] = relationship(
        back_populates="document",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="DocumentReport.id",
    )
    shares: Mapped[list[DocumentShare]] = relationship(
        back_populates="document",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="DocumentShare.id",
    )

    __mapper_args__ = {"version_id_col": row_version}

    @property
    def owner(self) -> Startup | Provider | Incubator:
        """The organisation that keeps the document. Raises LookupError where there is none."""
        owner = self.startup or self.provider or self.incubator
        if owner is None:
            raise LookupError("a document belongs to one organisation")
        return owner


class DocumentVersion(Base):
    """One file of a document, numbered from 1, as it was sent: it never changes.

    `sha256` is that of its bytes. `storage_key` says where they are, and is None once they are
    gone. `declaration` names the wording that whoever uploaded it agreed to: nothing classified.
    """

    __tablename__ = "document_version"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        Index("uq_document_version_number", "document_id", "number", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("document.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(
        String(64), info=erasure_keeps("it proves which file an organisation that stays keeps")
    )
    size: Mapped[int] = mapped_column(BigInteger)
    file_type: Mapped[FileType] = mapped_column(code_type(FileType, "file_type"))
    filename: Mapped[str] = mapped_column(String(FILENAME_LIMIT), info=erasure_empties())
    storage_key: Mapped[str | None] = mapped_column(
        String(120), unique=True, info=holds_no_person()
    )
    uploaded_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    declaration: Mapped[str] = mapped_column(String(40), info=holds_no_person())
    declared_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[Document] = relationship(back_populates="versions")
    uploaded_by: Mapped[Person | None] = relationship(foreign_keys=[uploaded_by_id])


class DocumentReport(PublicId, Base):
    """Somebody who can see a document says that something is wrong with it.

    `outcome` is what the operator decided: set_aside or stopped; None while that is open.
    """

    __tablename__ = "document_report"
    __table_args__ = (
        CheckConstraint("outcome IN ('set_aside', 'stopped')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_at"),
        # One open report a person: saying it twice makes it no more urgent.
        Index(
            "uq_document_report_open",
            "document_id",
            "reporter_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    document_id: Mapped[int] = mapped_column(
        ForeignKey("document.id", ondelete="CASCADE"), index=True
    )
    reporter_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[ReportReason] = mapped_column(code_type(ReportReason, "reason"))
    words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(20), info=holds_no_person())
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )

    document: Mapped[Document] = relationship(back_populates="reports")
    reporter: Mapped[Person | None] = relationship(foreign_keys=[reporter_id])


class DocumentShare(PublicId, Base):
    """One organisation may open a document of another, until that is taken back.

    `from_number` is the first version that it may open. `occasion_table` and
    `occasion_public_id` name what the document was shown for, as an audit entry names its subject;
    both are "" where the owner did it by itself.
    """

    __tablename__ = "document_share"
    __table_args__ = (
        CheckConstraint(_ONE_OF_THREE.format("to_"), name="one_receiver"),
        *(
            Index(
                f"uq_document_share_to_{kind}",
                "document_id",
                f"to_{kind}_id",
                "occasion_public_id",
                unique=True,
                sqlite_where=text(f"revoked_at IS NULL AND to_{kind}_id IS NOT NULL"),
                postgresql_where=text(f"revoked_at IS NULL AND to_{kind}_id IS NOT NULL"),
            )
            for kind in ("startup", "provider", "incubator")
        ),
    )

    document_id: Mapped[int] = mapped_column(
        ForeignKey("document.id", ondelete="CASCADE"), index=True
    )
    to_startup_id: Mapped[int | None] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), index=True
    )
    to_provider_id: Mapped[int | None] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    to_incubator_id: Mapped[int | None] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    from_number: Mapped[int] = mapped_column(default=1)
    occasion_table: Mapped[str] = mapped_column(String(40), default="", info=holds_no_person())
    occasion_public_id: Mapped[str] = mapped_column(String(16), default="", info=holds_no_person())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    document: Mapped[Document] = relationship(back_populates="shares")
    to_startup: Mapped[Startup | None] = relationship(foreign_keys=[to_startup_id])
    to_provider: Mapped[Provider | None] = relationship(foreign_keys=[to_provider_id])
    to_incubator: Mapped[Incubator | None] = relationship(foreign_keys=[to_incubator_id])

    @property
    def receiver(self) -> Startup | Provider | Incubator:
        """The organisation that may open the document. Raises LookupError where there is none."""
        receiver = self.to_startup or self.to_provider or self.to_incubator
        if receiver is None:
            raise LookupError("a document is shown to one organisation")
        return receiver
