"""What an operator does with a file: look at what it would do, confirm it, or discard it.

How a confirmed file is worked through, chunk by chunk, is in `applying.py`; what a correction
does to a file is worked out in `correcting.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Text, cast, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.access import Actor, require
from app.audit import record
from app.imports.applying import apply_import, continue_imports
from app.imports.correcting import Correction
from app.imports.errors import ImportChanged
from app.imports.planning import Plan
from app.imports.problems import FileNote, shorten
from app.imports.queries import find_layouts
from models.canonical import canonical_line
from models.imports import ImportBatch, ImportKind, ImportLayout, ImportRow
from models.lifecycle import IMPORT_BATCH
from models.organisations import Incubator
from models.orm import delete_where

__all__ = [
    "FILES_KEPT",
    "PREVIEWS_KEPT",
    "apply_import",
    "confirm_import",
    "continue_imports",
    "correct_row",
    "discard_import",
    "empty_old_files",
    "forget_previews",
    "preview_import",
    "remember_layout",
]

# What is kept of a file's name: enough to know it again.
_FILENAME_LIMIT = 100

PREVIEWS_KEPT: Final = timedelta(days=30)
FILES_KEPT: Final = timedelta(days=180)


def preview_import(
    session: Session,
    *,
    incubator: Incubator,
    kind: ImportKind,
    filename: str,
    plans: Sequence[Plan],
    unknown_columns: Sequence[str],
    notes: Sequence[FileNote] = (),
    actor: Actor,
    at: datetime,
) -> ImportBatch:
    """What a file would do is kept row by row, and nothing of it is done.

    `plans` are those of `plan_file`, made before the transaction: reading a large file takes
    longer than others should wait. They are made once more when the file is applied.
    """
    require(actor, "import:create", incubator)
    batch = ImportBatch(
        incubator_id=incubator.id,
        actor_id=actor.person_id,
        kind=kind,
        filename=_name_file(filename),
        unknown_columns=list(unknown_columns),
        notes=[note.to_json() for note in notes],
        created_at=at,
    )
    session.add(batch)
    session.flush()
    targets_column = "provider_id" if kind is ImportKind.MENTORS else "startup_id"
    session.execute(
        insert(ImportRow),
        [
            {
                "batch_id": batch.id,
                "number": plan.row.number,
                "cells": dict(plan.row.cells),
                "problems": [problem.to_json() for problem in plan.problems],
                "outcome": plan.outcome,
                "email": plan.email,
                targets_column: plan.target_id,
            }
            for plan in plans
        ],
    )
    record(
        session,
        actor=actor,
        kind="import_previewed",
        subject=batch,
        incubator_id=incubator.id,
        at=at,
    )
    return batch


def correct_row(
    session: Session, *, batch: ImportBatch, correction: Correction, actor: Actor, at: datetime
) -> None:
    """The rows of `batch` are as `correction` has worked out.

    Raises ActionNotAllowed when the file is no longer only previewed, ImportChanged when it was
    changed since.
    """
    require(actor, "import:apply", batch)
    IMPORT_BATCH.follow("apply", batch.state)
    if batch.version != correction.version:
        raise ImportChanged
    if correction.changed:
        session.execute(update(ImportRow), correction.changed)
    # Whoever else has planned a correction of this file finds that it is another one now.
    flag_modified(batch, "filename")
    session.flush()
    record(
        session,
        actor=actor,
        kind="import_row_corrected",
        subject=batch,
        incubator_id=batch.incubator_id,
        at=at,
    )


def remember_layout(
    session: Session,
    *,
    incubator: Incubator,
    kind: ImportKind,
    shape: str,
    columns: Mapping[int, str],
    actor: Actor,
    at: datetime,
) -> None:
    """The next file of `incubator` with headers of this `shape` is read with these `columns`."""
    require(actor, "import:create", incubator)
    layout = find_layouts(session, incubator=incubator, kind=kind, shapes=[shape]).get(shape)
    if layout is None:
        layout = ImportLayout(incubator_id=incubator.id, kind=kind, shape=shape)
        session.add(layout)
    layout.columns = {str(place): name for place, name in columns.items()}
    layout.updated_at = at
    session.flush()


def confirm_import(
    session: Session,
    *,
    batch: ImportBatch,
    sends_invitations: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """From the commit on `batch` is being applied, in the name of `actor`.

    Confirmed twice, the first time counts. Raises ActionNotAllowed for what is applied or
    discarded.
    """
    require(actor, "import:apply", batch)
    if batch.state == "applying":
        return
    batch.state = IMPORT_BATCH.follow("apply", batch.state)
    batch.sends_invitations = sends_invitations
    batch.actor_id = actor.person_id
    session.flush()
    record(
        session,
        actor=actor,
        kind="import_confirmed",
        subject=batch,
        incubator_id=batch.incubator_id,
        at=at,
    )


def discard_import(session: Session, *, batch: ImportBatch, actor: Actor, at: datetime) -> None:
    """Nothing of `batch` will be done, and what its file said about people is deleted.

    Raises ActionNotAllowed for what was confirmed.
    """
    require(actor, "import:apply", batch)
    batch.state = IMPORT_BATCH.follow("discard", batch.state)
    batch.finished_at = at
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    session.flush()
    record(
        session,
        actor=actor,
        kind="import_discarded",
        subject=batch,
        incubator_id=batch.incubator_id,
        at=at,
    )


def _name_file(filename: str) -> str:
    """The name without folders, on one line."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return shorten(canonical_line(last[:1_000]), _FILENAME_LIMIT)


def forget_previews(session: Session, *, at: datetime) -> int:
    """Files that were never taken over are gone after a while, with their lines; how many files."""
    return delete_where(
        session,
        ImportBatch,
        ImportBatch.state.in_(("previewed", "discarded")),
        ImportBatch.created_at < at - PREVIEWS_KEPT,
    )


def empty_old_files(session: Session, *, at: datetime) -> int:
    """Nothing is left of what stood in files that were taken over long ago; of how many lines.

    The address of a line stays: by it the next file finds the profile for which nobody acts yet.
    """
    old = select(ImportBatch.id).where(
        ImportBatch.state == "applied", ImportBatch.finished_at < at - FILES_KEPT
    )
    emptied = session.execute(
        update(ImportRow)
        .where(ImportRow.batch_id.in_(old), cast(ImportRow.cells, Text) != "{}")
        .values(cells={}, problems=[])
        .returning(ImportRow.id),
        execution_options={"synchronize_session": False},
    )
    return len(emptied.all())
