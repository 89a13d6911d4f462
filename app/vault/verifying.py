"""Holding the store against the database: is every file there, and still what it was?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.vault.storage.port import FileDamaged, FileMissing, FileStore, read_checked
from app.vault.sweeping import GRACE, list_orphans
from models.documents import Document, DocumentVersion

_TOGETHER = 200


@dataclass(frozen=True, slots=True)
class Flaw:
    """A version whose file is not what its row says."""

    document: str
    number: int
    key: str


@dataclass(slots=True)
class VaultReport:
    """What was found. `orphans` are files of no row that are old enough to be swept away."""

    checked: int = 0
    size: int = 0
    missing: list[Flaw] = field(default_factory=list)
    damaged: list[Flaw] = field(default_factory=list)
    orphans: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every file that a row promises is there, byte for byte."""
        return not (self.missing or self.damaged)


def verify_vault(
    session: Session,
    store: FileStore,
    *,
    at: datetime,
    progress: Callable[[str, int, int], None],
) -> VaultReport:
    """Every file is read and its hash worked out. Raises StoreUnavailable.

    A document that is deleted meanwhile counts as gone, not as missing.
    """
    report = VaultReport()
    total = session.scalar(
        select(func.count())
        .select_from(DocumentVersion)
        .where(DocumentVersion.storage_key.is_not(None))
    )
    after = 0
    while rows := session.execute(
        select(
            DocumentVersion.id,
            Document.public_id,
            DocumentVersion.number,
            DocumentVersion.storage_key,
            DocumentVersion.sha256,
            DocumentVersion.size,
        )
        .join(Document)
        .where(DocumentVersion.id > after, DocumentVersion.storage_key.is_not(None))
        .order_by(DocumentVersion.id)
        .limit(_TOGETHER)
    ).all():
        # Reading the files of a chunk takes long: no transaction is held open for it.
        session.rollback()
        for row in rows:
            flaw = Flaw(row.public_id, row.number, row.storage_key or "")
            _check(session, store, report, row.id, flaw, row.sha256, row.size)
            progress("files", report.checked, total or report.checked)
        after = rows[-1].id
    report.orphans = sum(file.modified_at < at - GRACE for file in list_orphans(session, store))
    return report


def _check(
    session: Session,
    store: FileStore,
    report: VaultReport,
    version_id: int,
    flaw: Flaw,
    sha256: str,
    size: int,
) -> None:
    report.checked += 1
    try:
        content = read_checked(store, flaw.key)
    except FileMissing:
        if _is_still_promised(session, version_id):
            report.missing.append(flaw)
    except (FileDamaged, ValueError):
        report.damaged.append(flaw)
    else:
        report.size += len(content)
        if len(content) != size or sha256 not in flaw.key:
            report.damaged.append(flaw)


def _is_still_promised(session: Session, version_id: int) -> bool:
    key = session.scalar(
        select(DocumentVersion.storage_key).where(DocumentVersion.id == version_id)
    )
    session.rollback()
    return key is not None
