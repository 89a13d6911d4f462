"""HTTP in, page or redirect out: files of mentors and startups."""

from typing import Final

from flask import (
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.errors import DomainError, NotFound
from app.extensions import db
from app.imports import actions, queries
from app.imports.columns import COLUMNS
from app.imports.errors import ColumnMissing, SeveralSheets, SheetMissing
from app.imports.exporting import (
    CSV_TYPE,
    XLSX_TYPE,
    describe_column,
    list_labels,
    write_csv_template,
    write_rows,
    write_xlsx_template,
)
from app.imports.forms import ConfirmImportForm, StartImportForm
from app.imports.looking import look_at_file
from app.imports.reading import read_file
from app.imports.tables import BYTES_LIMIT
from app.imports.views.assigning import render_assigning
from app.imports.views.room import blueprint
from app.imports.views.rows import render_batch
from app.imports.words import PASTED, name_file, word_file_error
from app.pools.queries import find_incubator
from app.web.engine import get_engine
from app.web.guard import requires
from app.web.steps import carry_out
from app.web.turns import in_turn
from matching.encoders.errors import EncoderMissing
from models.imports import ImportBatch, ImportKind
from models.organisations import Incubator

# So few rows are done while the operator waits, also where no worker runs.
_AT_ONCE: Final = 50


@blueprint.route("/incubators/<public_id>/import", methods=["GET", "POST"])
@requires("import:create", subject=find_incubator)
@in_turn
def start_import(incubator: Incubator) -> ResponseReturnValue:
    """Choose a file; what it would do is shown before anything is done."""
    form = StartImportForm()
    if form.validate_on_submit():
        kind = form.kind.data
        content, filename = _read_sent(form)
        try:
            if form.assigns.data:
                tables = read_file(kind, content)
                return render_assigning(incubator, kind, tables, filename, form.sheet.data or "")
            batch = _preview(incubator, kind, content, filename, form.sheet.data)
        except DomainError as error:
            _lay_beside(form, error)
            if isinstance(error, ColumnMissing):
                form.assigns.data = True
        else:
            return redirect(url_for("imports.show_batch", public_id=batch.public_id), code=303)
    page = render_template(
        "imports/start_import.html",
        form=form,
        name_file=name_file,
        incubator=incubator,
        batches=queries.list_batches(db.session, incubator),
        columns={
            kind: [(c, describe_column(c), list_labels(c)) for c in columns]
            for kind, columns in COLUMNS.items()
        },
    )
    return page, 422 if form.is_submitted() else 200


def _lay_beside(form: StartImportForm, error: DomainError) -> None:
    """Say what is wrong with a file beside the field by which it is mended."""
    sentence = word_file_error(form.kind.data, error)
    if not isinstance(error, SeveralSheets | SheetMissing):
        form.source.errors = [sentence]
        return
    form.sheet.errors = [sentence]
    if form.source is form.file:
        form.file.errors = [_("Choose the file once more, and say below which sheet is meant.")]


def _read_sent(form: StartImportForm) -> tuple[bytes, str]:
    """What was sent, and what it is called."""
    if form.source is form.pasted:
        return form.pasted.data.encode(), PASTED
    # One byte more than is taken tells that there is more.
    return form.file.data.stream.read(BYTES_LIMIT + 1), form.file.data.filename or ""


def _preview(
    incubator: Incubator, kind: ImportKind, content: bytes, filename: str, sheet: str
) -> ImportBatch:
    seen = look_at_file(
        db.session, incubator=incubator, kind=kind, content=content, sheet=sheet or ""
    )
    return carry_out(
        actions.preview_import,
        incubator=incubator,
        kind=kind,
        filename=filename,
        plans=seen.plans,
        unknown_columns=seen.recognised.unknown_columns,
        notes=seen.recognised.notes,
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


@blueprint.post("/imports/<public_id>/confirm")
@requires("import:apply", subject=queries.find_batch)
@in_turn
def confirm_import(batch: ImportBatch) -> ResponseReturnValue:
    """Do what the preview said: a small file at once, a larger one in the worker."""
    form = ConfirmImportForm()
    if not form.validate():
        return render_batch(batch, form), 422
    counts = queries.count_rows(db.session, batch)
    carry_out(actions.confirm_import, batch=batch, sends_invitations=form.sends_invitations.data)
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
    carry_out(actions.discard_import, batch=batch)
    flash(_("The file is discarded. Nothing of it was stored."), "success")
    return redirect(url_for("imports.start_import", public_id=batch.incubator.public_id), code=303)


@blueprint.get("/imports/<public_id>/refused.csv")
@requires("import:view", subject=queries.find_batch)
def download_refused(batch: ImportBatch) -> ResponseReturnValue:
    """The rows that are not taken, with the reasons, to correct and send again."""
    content = write_rows(batch, queries.list_refused(db.session, batch))
    return _send(content, "yinqiao-refused.csv", CSV_TYPE)


@blueprint.get("/imports/<public_id>/rows.csv")
@requires("import:view", subject=queries.find_batch)
def download_rows(batch: ImportBatch) -> ResponseReturnValue:
    """All rows, corrected as they were here, with what is said of each."""
    content = write_rows(batch, queries.list_all_rows(db.session, batch))
    return _send(content, "yinqiao-rows.csv", CSV_TYPE)


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
