"""HTTP in, page or redirect out: files of mentors and startups."""

from dataclasses import dataclass
from typing import Final

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.clock import now
from app.errors import DomainError, NotFound
from app.extensions import db
from app.imports import actions, queries
from app.imports.columns import COLUMNS
from app.imports.exporting import (
    CSV_TYPE,
    XLSX_TYPE,
    describe_column,
    list_labels,
    write_csv_template,
    write_refused,
    write_xlsx_template,
)
from app.imports.forms import ConfirmImportForm, StartImportForm
from app.imports.looking import look_at_file
from app.imports.problems import read_problem, shorten
from app.imports.tables import BYTES_LIMIT
from app.imports.words import word_file_error, word_problem
from app.pools.queries import find_incubator
from app.transactions import writing
from app.web.engine import get_engine
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.paging import read_page_number
from matching.encoders.errors import EncoderMissing
from models.imports import ImportBatch, ImportKind, ImportRow, RowOutcome
from models.lifecycle import IMPORT_BATCH
from models.organisations import Incubator

blueprint = Blueprint("imports", __name__)

# So few rows are done while the operator waits, also where no worker runs.
_AT_ONCE: Final = 50

# As much of a cell as a table shows.
_CELL_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as the table shows it, with what is wrong with it and what is to be known of it."""

    text: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the table. `problems` and `notes` are about the row as a whole."""

    number: int
    outcome: RowOutcome
    cells: tuple[ShownCell, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    profile_path: str | None


@blueprint.route("/incubators/<public_id>/import", methods=["GET", "POST"])
@requires("import:create", subject=find_incubator)
def start_import(incubator: Incubator) -> ResponseReturnValue:
    """Choose a file; what it would do is shown before anything is done."""
    form = StartImportForm()
    if form.validate_on_submit():
        try:
            batch = _preview(incubator, form.kind.data, form.file.data)
        except DomainError as error:
            form.file.errors = [word_file_error(form.kind.data, error)]
        else:
            return redirect(url_for("imports.show_batch", public_id=batch.public_id), code=303)
    page = render_template(
        "imports/start_import.html",
        form=form,
        incubator=incubator,
        batches=queries.list_batches(db.session, incubator),
        columns={
            kind: [(c, describe_column(c), list_labels(c)) for c in columns]
            for kind, columns in COLUMNS.items()
        },
    )
    return page, 422 if form.is_submitted() else 200


def _preview(incubator: Incubator, kind: ImportKind, file: FileStorage) -> ImportBatch:
    # One byte more than is taken tells that there is more.
    seen = look_at_file(
        db.session,
        incubator=incubator,
        kind=kind,
        content=file.stream.read(BYTES_LIMIT + 1),
    )
    with writing(db.session):
        return actions.preview_import(
            db.session,
            incubator=incubator,
            kind=kind,
            filename=file.filename or "",
            plans=seen.plans,
            unknown_columns=seen.recognised.unknown_columns,
            notes=seen.recognised.notes,
            actor=get_current_actor(),
            at=now(),
        )


@blueprint.get("/incubators/<public_id>/import/<kind>.<ending>")
@requires("import:create", subject=find_incubator)
def download_template(incubator: Incubator, kind: str, ending: str) -> ResponseReturnValue:
    """A file to fill in."""
    if kind not in set(ImportKind) or ending not in ("csv", "xlsx"):
        raise NotFound
    if ending == "csv":
        return _send(write_csv_template(ImportKind(kind)), f"yinqiao-{kind}.csv", CSV_TYPE)
    return _send(write_xlsx_template(ImportKind(kind)), f"yinqiao-{kind}.xlsx", XLSX_TYPE)


@blueprint.get("/imports/<public_id>")
@requires("import:view", subject=queries.find_batch)
def show_batch(batch: ImportBatch) -> ResponseReturnValue:
    """What a file would do, is doing, or did, row by row."""
    return _render_batch(batch, ConfirmImportForm(formdata=None))


def _render_batch(batch: ImportBatch, form: ConfirmImportForm) -> str:
    chosen = request.args.get("outcome", "")
    outcome = RowOutcome(chosen) if chosen in set(RowOutcome) else None
    page = queries.list_rows(
        db.session,
        batch,
        outcome=outcome,
        number=read_page_number(request.args.get("page", "")),
    )
    columns = [
        column
        for column in COLUMNS[batch.kind]
        if any(
            column.name in row.cells or any(p["column"] == column.name for p in row.problems)
            for row in page.rows
        )
    ]
    return render_template(
        "imports/batch.html",
        batch=batch,
        form=form,
        counts=queries.count_rows(db.session, batch),
        columns=columns,
        rows=[_show_row(batch, row, [c.name for c in columns]) for row in page.rows],
        page=page,
        outcome=outcome,
        outcomes=list(RowOutcome),
        actions=IMPORT_BATCH.list_actions(batch.state),
    )


def _show_row(batch: ImportBatch, row: ImportRow, columns: list[str]) -> ShownRow:
    problems = [read_problem(stored) for stored in row.problems]

    def word(column: str, *, is_note: bool) -> tuple[str, ...]:
        return tuple(
            word_problem(batch.kind, problem)
            for problem in problems
            if problem.column == column and problem.is_note == is_note
        )

    return ShownRow(
        number=row.number,
        outcome=row.outcome,
        cells=tuple(
            ShownCell(
                text=shorten(row.cells.get(name, ""), _CELL_SHOWN),
                problems=word(name, is_note=False),
                notes=word(name, is_note=True),
            )
            for name in columns
        ),
        problems=word("", is_note=False),
        notes=word("", is_note=True),
        profile_path=_find_profile_path(row),
    )


def _find_profile_path(row: ImportRow) -> str | None:
    # A refused row may be about somebody whose profile this operator may not see.
    if row.outcome is RowOutcome.REFUSED:
        return None
    if row.provider is not None:
        return url_for("profiles.show_provider", public_id=row.provider.public_id)
    if row.startup is not None:
        return url_for("profiles.show_startup", public_id=row.startup.public_id)
    return None


@blueprint.post("/imports/<public_id>/confirm")
@requires("import:apply", subject=queries.find_batch)
def confirm_import(batch: ImportBatch) -> ResponseReturnValue:
    """Do what the preview said: a small file at once, a larger one in the worker."""
    form = ConfirmImportForm()
    if not form.validate():
        return _render_batch(batch, form), 422
    counts = queries.count_rows(db.session, batch)
    with writing(db.session):
        actions.confirm_import(
            db.session,
            batch=batch,
            sends_invitations=form.sends_invitations.data,
            actor=get_current_actor(),
            at=now(),
        )
    if counts.rows <= _AT_ONCE and _apply_at_once(batch):
        flash(_("The file is imported."), "success")
    else:
        flash(_("The import has begun. You can leave this page and come back to it."), "success")
    return redirect(url_for("imports.show_batch", public_id=batch.public_id), code=303)


def _apply_at_once(batch: ImportBatch) -> bool:
    """Whether all was done; without an encoder it is left to the worker, which tries again."""
    try:
        actions.apply_import(db.session, batch=batch, engine=get_engine(), at=now())
    except EncoderMissing:
        current_app.logger.exception("an import cannot be applied at once")
        return False
    return True


@blueprint.post("/imports/<public_id>/discard")
@requires("import:apply", subject=queries.find_batch)
def discard_import(batch: ImportBatch) -> ResponseReturnValue:
    """Do nothing of it, and delete what the file said."""
    with writing(db.session):
        actions.discard_import(db.session, batch=batch, actor=get_current_actor(), at=now())
    flash(_("The file is discarded. Nothing of it was stored."), "success")
    return redirect(url_for("imports.start_import", public_id=batch.incubator.public_id), code=303)


@blueprint.get("/imports/<public_id>/refused.csv")
@requires("import:view", subject=queries.find_batch)
def download_refused(batch: ImportBatch) -> ResponseReturnValue:
    """The rows that are not taken, with the reasons, to correct and send again."""
    content = write_refused(batch, queries.list_refused(db.session, batch))
    return _send(content, "yinqiao-refused.csv", CSV_TYPE)


def _send(content: bytes, filename: str, content_type: str) -> Response:
    # The name is ours and plain: what the operator's file was called stays out of headers.
    return Response(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "private, no-store",
        },
    )
