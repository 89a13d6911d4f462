"""An erasure from its beginning to its end: the transaction, and then the files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.access import Acting, Installation
from app.database import overwrite_deleted
from app.leaving import Erasing
from app.privacy.actions import Erasure, erase_person
from app.privacy.leftovers import remove_mail_files
from app.ranking.indexing import forget_snapshots
from app.settings import Settings
from app.transactions import writing
from app.vault.keeping import remove_files
from app.vault.storage.choice import make_store
from models.orm import begin_writing


@dataclass(frozen=True, slots=True)
class FinishedErasure:
    """What was taken away, in the database and beside it.

    `is_overwritten` is False where others kept the database from forgetting the bytes at once.
    """

    erasure: Erasure
    mail_files: int
    is_overwritten: bool


def rehearse_erasure(
    session: Session, *, email: str, rooms: Sequence[Erasing], at: datetime
) -> Erasure:
    """What an erasure would take away; nothing has changed afterwards. Raises NotFound."""
    begin_writing(session)
    try:
        return erase_person(
            session,
            email=email,
            rooms=rooms,
            actor=Installation.COMMAND_LINE,
            at=at,
        )
    finally:
        session.rollback()


def carry_out_erasure(
    session: Session,
    database: Engine,
    settings: Settings,
    *,
    email: str,
    rooms: Sequence[Erasing],
    actor: Acting,
    at: datetime,
) -> FinishedErasure:
    """Whoever has `email` is gone from the database and its files, from documents, from mails and
    from snapshots.

    The database comes first and in one transaction. Killed after it, the call leaves old bytes,
    mails, snapshots until the next search, and files of documents until they are swept away;
    called again it raises NotFound, since nobody has the address any more. Indexes of other
    processes follow with their next search.
    """
    with writing(session):
        erasure = erase_person(
            session,
            email=email,
            rooms=rooms,
            actor=actor,
            at=at,
        )
    session.close()
    remove_files(make_store(settings), erasure.file_keys)
    forget_snapshots(settings.cache_path, database)
    return FinishedErasure(
        erasure=erasure,
        mail_files=remove_mail_files(settings.mail_path, erasure.told),
        is_overwritten=overwrite_deleted(database),
    )
