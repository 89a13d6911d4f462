"""What programs do with files of mentors and startups: preview, correct, apply, discard."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import marshmallow as ma
from flask import current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_permitted
from app.clock import now
from app.errors import expect
from app.extensions import db
from app.imports import actions, queries
from app.imports.cells import recognise_cells
from app.imports.columns import COLUMNS
from app.imports.committing import commit_correction
from app.imports.looking import look_at_file
from app.imports.note_words import word_file_note
from app.imports.problems import read_file_note, read_problem
from app.imports.understood import name_outcome, write_values
from app.imports.words import word_problem_with_column
from app.pools.queries import find_incubator
from app.web.api import VERSION_PATH, ApiBlueprint, operation, show_list
from app.web.api_body import refuse_field
from app.web.api_fields import (
    ApiSchema,
    Code,
    Count,
    FileContent,
    Flag,
    Line,
    Moment,
    NothingSchema,
    PageSchema,
    Text,
)
from app.web.engine import get_engine
from app.web.identity import get_current_actor
from app.web.limits import REQUEST_BYTES
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.web.turns import in_turn
from app.web.uploads import takes_much, takes_upload
from matching.encoders.errors import EncoderMissing
from models.imports import ImportBatch, ImportKind, ImportRow, RowOutcome
from models.lifecycle import IMPORT_BATCH
from models.organisations import Incubator

# In characters of base64: what fits into a body of JSON.
_CONTENT_LIMIT: Final = 240_000
_CELL_LIMIT: Final = 8_100
# A row whose cells are all as long as they may be, each of them of characters that JSON writes as
# two escapes, and half as much again: whoever sends a longer cell is told which.
_ROW_BYTES: Final = max(map(len, COLUMNS.values())) * _CELL_LIMIT * 18
_NUMBER: Final = re.compile("[0-9]{1,8}", re.ASCII)

# So few rows are done while the program waits, also where no worker runs.
_AT_ONCE: Final = 50

blueprint = ApiBlueprint(
    "imports_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Files of mentors and startups. 导入。",
)


class NewImportSchema(ApiSchema):
    """A file to be looked at: an .xlsx or .csv. 待预览的文件。"""

    kind = Code(ImportKind, required=True)
    filename = Line(most=200, load_default="")
    sheet = Line(most=100, load_default="")
    content = FileContent(most=_CONTENT_LIMIT, required=True)


class ApplySchema(ApiSchema):
    """Whether addresses in the file are sent an invitation. 是否发送邀请。"""

    sends_invitations = Flag(load_default=False)


class CorrectionSchema(ApiSchema):
    """What all filled cells of the row say, by the names of their columns. 更正后的单元格。

    `is_someone_else` answers that who has the same name is another one.
    """

    is_someone_else = Flag(load_default=False)
    cells = ma.fields.Dict(keys=ma.fields.String(), values=Text(most=_CELL_LIMIT), required=True)


class ImportSchema(ma.Schema):
    """A file that was brought in, and how many of its rows there are of each outcome. 导入文件。"""

    id = ma.fields.String(required=True)
    incubator = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    filename = ma.fields.String(required=True)
    unknown_columns = ma.fields.List(ma.fields.String(), required=True)
    remarks = ma.fields.List(ma.fields.String(), required=True)
    rows = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    dealt_with = ma.fields.Integer(required=True)
    sends_invitations = ma.fields.Boolean(required=True)
    created_at = Moment(required=True)
    finished_at = Moment(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class ImportSummarySchema(ma.Schema):
    """A file in a list. 导入文件摘要。"""

    id = ma.fields.String(required=True)
    incubator = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    filename = ma.fields.String(required=True)
    created_at = Moment(required=True)
    finished_at = Moment(required=True, allow_none=True)


class ImportRowSchema(ma.Schema):
    """A row: what its cells say, what is stored of them, and what is to be said of it. 一行。

    `outcome` is new, changed, same, doubtful (somebody has to answer) or wrong.
    """

    row = ma.fields.Integer(required=True)
    outcome = ma.fields.String(required=True)
    cells = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    values = ma.fields.Dict(keys=ma.fields.String(), required=True)
    remarks = ma.fields.List(ma.fields.String(), required=True)
    is_dealt_with = ma.fields.Boolean(required=True)


class RowQuerySchema(ApiSchema):
    """Which rows: of one outcome as it is stored, after a row."""

    outcome = Code(RowOutcome, load_default=None)
    limit = Count(low=1, high=200, load_default=50)
    after = Count(low=0, high=99_999_999, load_default=0)


@blueprint.get("/imports")
@operation("imports:read", "incubator:list_own")
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(ImportSummarySchema))
def list_imports(asked: Mapping[str, Any]) -> Shown | Lines:
    """The files that were brought in for one's incubators, the newest first."""
    return list_rows(
        queries.select_batches(get_current_actor()),
        asked,
        moment=ImportBatch.created_at,
        key=ImportBatch.id,
        show=_show_summary,
    )


@blueprint.post("/incubators/<public_id>/imports")
@operation("imports:write", "import:create", subject=find_incubator)
@once()
@in_turn
@takes_upload(most=REQUEST_BYTES)
@blueprint.arguments(NewImportSchema)
@blueprint.response(201, ImportSchema)
def preview_import(incubator: Incubator, body: Mapping[str, Any]) -> ResponseReturnValue:
    """See how each row of a file is understood; nothing of it is done yet."""
    seen = look_at_file(
        db.session,
        incubator=incubator,
        kind=body["kind"],
        content=body["content"],
        sheet=body["sheet"],
    )
    batch = carry_out(
        actions.preview_import,
        incubator=incubator,
        kind=body["kind"],
        filename=body["filename"],
        plans=seen.plans,
        unknown_columns=seen.recognised.unknown_columns,
        notes=seen.recognised.notes,
    )
    path = url_for("imports_api.read_import", public_id=batch.public_id)
    return _show(batch), 201, {"Location": path}


@blueprint.get("/imports/<public_id>")
@operation("imports:read", "import:view", subject=queries.find_batch)
@blueprint.response(200, ImportSchema)
def read_import(batch: ImportBatch) -> dict[str, Any]:
    """One file: what it would do, is doing, or did."""
    return _show(batch)


@blueprint.get("/imports/<public_id>/rows")
@operation("imports:read", "import:view", subject=queries.find_batch)
@blueprint.arguments(RowQuerySchema, location="query")
@blueprint.response(200, show_list(ImportRowSchema))
def list_import_rows(batch: ImportBatch, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a file in their order."""
    limit = asked["limit"]
    rows = queries.list_rows_after(
        db.session, batch, outcome=asked["outcome"], after=asked["after"], limit=limit + 1
    )
    shown = rows[:limit]
    return {
        "items": [_show_row(batch, row) for row in shown],
        "next": str(shown[-1].number) if len(rows) > limit else None,
    }


@blueprint.post("/imports/<public_id>/rows/<number>")
@operation("imports:write", "import:apply", subject=queries.find_batch)
@once(needs_key=False)
@in_turn
@takes_much(_ROW_BYTES)
@blueprint.arguments(CorrectionSchema)
@blueprint.response(200, ImportRowSchema)
def correct_import_row(batch: ImportBatch, body: Mapping[str, Any], number: str) -> dict[str, Any]:
    """A row says what is sent before anything is done; all rows are looked at again."""
    row = expect(
        queries.find_row(db.session, batch, int(number)) if _NUMBER.fullmatch(number) else None
    )
    cells: Mapping[str, str] = body["cells"]
    known = {column.name for column in COLUMNS[batch.kind]}
    for name in cells:
        if name not in known:
            refuse_field(f"/cells/{name[:200]}", _("There is no such column."))
    commit_correction(
        db.session,
        batch=batch,
        number=row.number,
        cells=cells,
        is_someone_else=body["is_someone_else"],
        actor=get_current_actor(),
        at=now(),
    )
    return _show_row(batch, row)


@blueprint.post("/imports/<public_id>/apply")
@operation("imports:write", "import:apply", subject=queries.find_batch)
@once(needs_key=False)
@in_turn
@blueprint.arguments(ApplySchema, required=False)
@blueprint.response(200, ImportSchema)
def apply_import(batch: ImportBatch, body: Mapping[str, Any]) -> dict[str, Any]:
    """Do what the preview said: a small file at once, a larger one in the worker."""
    counts = queries.count_rows(db.session, batch)
    carry_out(actions.confirm_import, batch=batch, sends_invitations=body["sends_invitations"])
    if counts.rows <= _AT_ONCE:
        try:
            actions.apply_import(db.session, batch=batch, engine=get_engine(), at=now())
        except EncoderMissing:
            # The worker tries again.
            current_app.logger.exception("an import cannot be applied at once")
    return _show(batch)


@blueprint.post("/imports/<public_id>/discard")
@operation("imports:write", "import:apply", subject=queries.find_batch)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ImportSchema)
def discard_import(batch: ImportBatch, body: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing of the file is done, and what it said about people is deleted."""
    carry_out(actions.discard_import, batch=batch)
    return _show(batch)


def _show_summary(batch: ImportBatch) -> dict[str, Any]:
    return {
        "id": batch.public_id,
        "incubator": batch.incubator.public_id,
        "kind": batch.kind.value,
        "state": batch.state,
        "filename": batch.filename,
        "created_at": batch.created_at,
        "finished_at": batch.finished_at,
    }


def _show(batch: ImportBatch) -> dict[str, Any]:
    counts = queries.count_rows(db.session, batch)
    possible: Sequence[str] = ()
    if is_permitted(get_current_actor(), "import:apply", batch):
        possible = [a for a in IMPORT_BATCH.list_actions(batch.state) if a != "finish"]
    return _show_summary(batch) | {
        "unknown_columns": list(batch.unknown_columns),
        "remarks": [word_file_note(batch.kind, read_file_note(each)) for each in batch.notes],
        "rows": {outcome.value: number for outcome, number in counts.of_outcome.items()},
        "dealt_with": counts.applied,
        "sends_invitations": batch.sends_invitations,
        "actions": list(possible),
    }


def _show_row(batch: ImportBatch, row: ImportRow) -> dict[str, Any]:
    problems = [read_problem(stored) for stored in row.problems]
    values, _problems = recognise_cells(batch.kind, row.cells)
    return {
        "row": row.number,
        "outcome": name_outcome(row.outcome, problems),
        "cells": dict(row.cells),
        "values": write_values(values),
        "remarks": [word_problem_with_column(batch.kind, problem) for problem in problems],
        "is_dealt_with": row.applied_at is not None,
    }
