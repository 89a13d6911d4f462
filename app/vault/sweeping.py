"""Files that no row knows are taken away: what an upload that was cut off or a deletion left."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.vault.keeping import remove_files
from app.vault.storage.port import FileStore, KeptFile
from models.documents import DocumentVersion

# Far longer than any upload takes from its file to its row.
GRACE = timedelta(hours=24)

_TOGETHER = 500


def list_orphans(session: Session, store: FileStore) -> Iterator[KeptFile]:
    """The files in `store` that no version has. Raises StoreUnavailable.

    Among them are those of uploads that are under way: only the older ones are nobody's.
    """
    files = store.list_files()
    while chunk := list(islice(files, _TOGETHER)):
        keys = [file.key for file in chunk]
        known = set(
            session.scalars(
                select(DocumentVersion.storage_key).where(DocumentVersion.storage_key.in_(keys))
            )
        )
        session.rollback()
        yield from (file for file in chunk if file.key not in known)


def sweep_files(session: Session, store: FileStore, *, at: datetime) -> int:
    """No file that is older than `GRACE` at `at` is in `store` without a row; how many were.

    A key is never used twice, so a file that no row knows then will never be known again.
    Raises StoreUnavailable.
    """
    return remove_files(
        store,
        (file.key for file in list_orphans(session, store) if file.modified_at < at - GRACE),
    )
