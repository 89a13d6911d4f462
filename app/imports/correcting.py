"""What a row says is corrected before anything is done.

What one row says decides which other one repeats it, so every row is planned again. That takes
seconds for a large file: it is done before the lock is taken. What is written under the lock
(`actions.correct_row`) are the few rows that became something else, if nobody has changed the file
in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.errors import expect
from app.imports.cells import keep_cells
from app.imports.planning import plan_file
from app.imports.preparing import recognise_row
from app.imports.problems import Remark, make_problem
from app.imports.queries import list_all_rows
from models.imports import ImportBatch, ImportKind, ImportRow


@dataclass(frozen=True, slots=True)
class Correction:
    """What becomes of the rows of a file when one of them says something else.

    `version` is that of the file for which it was worked out; `changed` holds the columns of each
    row that becomes another one.
    """

    number: int
    version: int
    changed: Sequence[Mapping[str, Any]]


def plan_correction(
    session: Session,
    *,
    batch: ImportBatch,
    number: int,
    cells: Mapping[str, str],
    is_someone_else: bool = False,
) -> Correction:
    """What it would do that the row `number` says what `cells` say. Reads, and changes nothing.

    What the file had besides its cells is answered by this; `is_someone_else` answers that whoever
    has the same name is another one. Raises NotFound for a row that is not there.
    """
    version = batch.version
    rows = list_all_rows(session, batch)
    recognised = [recognise_row(batch.kind, row) for row in rows]
    place = expect(next((i for i, row in enumerate(rows) if row.number == number), None))
    kept = keep_cells(batch.kind, cells)
    answered = recognise_row(batch.kind, ImportRow(number=number, cells=kept, problems=[]))
    if is_someone_else:
        note = make_problem("", Remark.SOMEONE_ELSE)
        answered = replace(answered, problems=(*answered.problems, note))
    recognised[place] = answered
    plans = plan_file(session, incubator=batch.incubator, kind=batch.kind, rows=recognised)
    target = "provider_id" if batch.kind is ImportKind.MENTORS else "startup_id"
    changed = []
    for row, plan in zip(rows, plans, strict=True):
        found = {
            "outcome": plan.outcome,
            "problems": [problem.to_json() for problem in plan.problems],
            "email": plan.email,
            target: plan.target_id,
            "cells": kept if row.number == number else row.cells,
        }
        if any(getattr(row, name) != value for name, value in found.items()):
            changed.append({"id": row.id, **found})
    return Correction(number, version, changed)
