"""HTTP in, page or redirect out: the rows of a file, what they were understood as, and their
corrections."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.imports import queries
from app.imports.cells import recognise_cells
from app.imports.column_shapes import Column
from app.imports.columns import COLUMNS, get_column
from app.imports.committing import commit_correction
from app.imports.comparing import OtherRecord, list_others
from app.imports.forms import ConfirmImportForm, make_row_form
from app.imports.note_words import word_file_note
from app.imports.problems import ASKED_OF_FILE, Remark, read_file_note, read_problem, shorten
from app.imports.understood import is_changed, show_value
from app.imports.views.room import blueprint
from app.imports.words import name_file, word_problem
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.paging import read_page_number
from app.web.turns import in_turn
from app.words.localisation import enumerate_words
from models.imports import ImportBatch, ImportRow, RowOutcome
from models.lifecycle import IMPORT_BATCH
from models.organisations import Startup
from models.providers import Provider

_NUMBER: Final = re.compile("[0-9]{1,8}")

# As much of a cell as a table shows.
_CELL_SHOWN: Final = 80
# And as much as one that is compared with another.
_CELL_COMPARED: Final = 300


@dataclass(frozen=True, slots=True)
class ShownCell:
    """What a cell was understood as, with what is wrong with it and what is to be known of it.

    `said` is what stands in the file, where that is something else, else "".
    """

    text: str
    said: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the table. `problems` and `notes` are about the row as a whole.

    `is_question` says that the row waits for an answer, and is not wrong as such.
    """

    number: int
    outcome: RowOutcome
    is_question: bool
    cells: tuple[ShownCell, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    profile_path: str | None


@blueprint.get("/imports/<public_id>")
@requires("import:view", subject=queries.find_batch)
def show_batch(batch: ImportBatch) -> ResponseReturnValue:
    """What a file would do, is doing, or did, row by row."""
    return render_batch(batch, ConfirmImportForm(formdata=None))


def render_batch(batch: ImportBatch, form: ConfirmImportForm) -> str:
    """The page of a file, with the rows of the address's choice."""
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
            column.name in row.cells or any(_is_shown_in(column, p) for p in row.problems)
            for row in page.rows
        )
    ]
    return render_template(
        "imports/batch.html",
        batch=batch,
        name_file=name_file,
        form=form,
        unknown_columns=enumerate_words(batch.unknown_columns),
        counts=queries.count_rows(db.session, batch),
        columns=columns,
        rows=[_show_row(batch, row, columns) for row in page.rows],
        page=page,
        outcome=outcome,
        outcomes=list(RowOutcome),
        actions=IMPORT_BATCH.list_actions(batch.state),
        notes=[word_file_note(batch.kind, read_file_note(stored)) for stored in batch.notes],
    )


def _is_shown_in(column: Column, problem: Mapping[str, str]) -> bool:
    """Whether a problem needs its column, though no cell stands there: one that is only needed to
    publish is named with its row."""
    return problem["column"] == column.name and problem["code"] != Remark.NEEDED_TO_PUBLISH


def _show_row(batch: ImportBatch, row: ImportRow, columns: list[Column]) -> ShownRow:
    problems = [read_problem(stored) for stored in row.problems]
    values, _problems = recognise_cells(batch.kind, row.cells)
    blocking = [problem for problem in problems if not problem.is_note]

    def word(column: str, *, is_note: bool) -> tuple[str, ...]:
        return tuple(
            word_problem(batch.kind, problem)
            for problem in problems
            if problem.column == column and problem.is_note == is_note
        )

    def show(column: Column) -> ShownCell:
        cell = row.cells.get(column.name, "")
        text = show_value(column, values[column.name]) if column.name in values else cell
        return ShownCell(
            text=shorten(text, _CELL_SHOWN),
            said=shorten(cell, _CELL_SHOWN) if is_changed(cell, text) else "",
            problems=word(column.name, is_note=False),
            notes=word(column.name, is_note=True),
        )

    shown = {column.name for column in columns}
    lacking = enumerate_words(
        [
            str(get_column(batch.kind, problem.column).label)
            for problem in problems
            if problem.remark is Remark.NEEDED_TO_PUBLISH and problem.column not in shown
        ]
    )
    beside = (_("Needed to publish: %(columns)s", columns=lacking),) if lacking else ()
    return ShownRow(
        number=row.number,
        outcome=row.outcome,
        is_question=bool(blocking) and all(problem.is_question for problem in blocking),
        cells=tuple(show(column) for column in columns),
        problems=word("", is_note=False),
        notes=(*word("", is_note=True), *beside),
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


@dataclass(frozen=True, slots=True)
class ShownOther:
    """A record that the row is compared with: another row by its number, or a profile."""

    number: int | None
    name: str
    path: str | None
    cells: Mapping[str, str]


def _show_other(batch: ImportBatch, other: OtherRecord) -> ShownOther:
    path: str | None = None
    match other.profile:
        case Provider():
            path = url_for("profiles.show_provider", public_id=other.profile.public_id)
        case Startup():
            path = url_for("profiles.show_startup", public_id=other.profile.public_id)
    cells = {
        column.name: shorten(show_value(column, other.values[column.name]), _CELL_COMPARED)
        for column in COLUMNS[batch.kind]
        if other.values.get(column.name)
    }
    return ShownOther(other.number, cells.get("name", ""), path, cells)


@blueprint.route("/imports/<public_id>/rows/<number>", methods=["GET", "POST"])
@requires("import:apply", subject=queries.find_batch)
@in_turn
def correct_row(batch: ImportBatch, number: str) -> ResponseReturnValue:
    """Correct the cells of one row before anything is done; all rows are looked at again."""
    row = queries.find_row(db.session, batch, int(number)) if _NUMBER.fullmatch(number) else None
    if row is None or batch.state != "previewed":
        raise NotFound
    remarks = {read_problem(stored).remark for stored in row.problems}
    answered = Remark.SOMEONE_ELSE in remarks
    form = make_row_form(batch.kind)(data={**row.cells, "is_someone_else": answered})
    if form.validate_on_submit():
        commit_correction(
            db.session,
            batch=batch,
            number=row.number,
            cells={column.name: form[column.name].data or "" for column in COLUMNS[batch.kind]},
            is_someone_else=form["is_someone_else"].data,
            actor=get_current_actor(),
            at=now(),
        )
        return redirect(_say_what_became(batch, row), code=303)
    shown = _show_row(batch, row, list(COLUMNS[batch.kind]))
    if not form.is_submitted():
        # What was wrong in the file stands beside its field, and above all of them.
        for column, cell in zip(COLUMNS[batch.kind], shown.cells, strict=True):
            form[column.name].errors = list(cell.problems)
    others = list_others(db.session, batch, row)
    page = render_template(
        "imports/row.html",
        batch=batch,
        name_file=name_file,
        row=shown,
        form=form,
        is_asked_of_file=bool(remarks & ASKED_OF_FILE),
        others=[_show_other(batch, other) for other in others],
        compared=[
            (column, cell)
            for column, cell in zip(COLUMNS[batch.kind], shown.cells, strict=True)
            if cell.text or any(column.name in other.values for other in others)
        ],
    )
    return page, 422 if form.is_submitted() else 200


def _say_what_became(batch: ImportBatch, row: ImportRow) -> str:
    """The address to go on at: where the row stands, or its form while it cannot be taken."""
    if row.outcome is RowOutcome.REFUSED:
        flash(
            _("Row %(row)s is kept as you wrote it, but cannot be taken yet.", row=row.number),
            "warning",
        )
        return url_for("imports.correct_row", public_id=batch.public_id, number=row.number)
    flash(_("Row %(row)s is corrected.", row=row.number), "success")
    page = queries.find_page_of(db.session, batch, row.number)
    return url_for(
        "imports.show_batch",
        public_id=batch.public_id,
        page=page if page > 1 else None,
        _anchor=f"row-{row.number}",
    )
