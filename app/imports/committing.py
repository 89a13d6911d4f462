"""A correction from beginning to end: planned outside of the lock, written under it, committed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.access import Actor
from app.imports.actions import correct_row
from app.imports.correcting import plan_correction
from app.imports.errors import ImportChanged
from app.transactions import writing
from models.imports import ImportBatch

# So often a correction is planned anew because somebody else was quicker.
_TRIES: Final = 3


def commit_correction(
    session: Session,
    *,
    batch: ImportBatch,
    number: int,
    cells: Mapping[str, str],
    is_someone_else: bool = False,
    actor: Actor,
    at: datetime,
) -> None:
    """Plan the correction outside of the lock and commit it, again where somebody was quicker.

    Raises what `plan_correction` and `correct_row` raise.
    """
    for tries_left in reversed(range(_TRIES)):
        correction = plan_correction(
            session, batch=batch, number=number, cells=cells, is_someone_else=is_someone_else
        )
        try:
            with writing(session):
                correct_row(session, batch=batch, correction=correction, actor=actor, at=at)
        except ImportChanged:
            if not tries_left:
                raise
        else:
            return
