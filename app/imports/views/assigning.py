"""HTTP in, page or redirect out: somebody says which column of a file is which.

The file stands in the page itself, packed, until it is understood: nothing of it is stored before.
"""

import base64
import json
import zlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.errors import DomainError
from app.extensions import db
from app.imports import actions
from app.imports.columns import COLUMNS
from app.imports.errors import FileUnreadable
from app.imports.forms import AssignColumnsForm
from app.imports.headers import assign, describe_shape, find_column
from app.imports.looking import look_at_tables
from app.imports.problems import Remark, shorten
from app.imports.tables import COLUMNS_LIMIT, Table, TableRow, make_too_large
from app.imports.views.room import blueprint
from app.imports.words import word_file_error
from app.pools.queries import find_incubator
from app.transactions import writing
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.turns import in_turn
from app.web.typed import get_signer
from models.imports import ImportKind
from models.organisations import Incubator

# The table goes through the form, signed: nobody else's is unpacked.
_PURPOSE: Final = "table to import"
_KEPT_FOR: Final = timedelta(hours=12)
# What a form may carry, packed.
_PACKED_LIMIT: Final = 400_000

_ROWS_SHOWN: Final = 8
_COLUMNS_SHOWN: Final = 40
_CELL_SHOWN: Final = 40


def render_assigning(
    incubator: Incubator, kind: ImportKind, tables: Sequence[Table], filename: str
) -> str:
    """The page that asks which column is which. Raises FileTooLarge, FileUnreadable."""
    table = next((one for one in tables if one.rows), None)
    if table is None:
        raise FileUnreadable
    packed = _pack(table)
    if len(packed) > _PACKED_LIMIT:
        raise make_too_large()
    form = AssignColumnsForm(formdata=None)
    form.kind.data, form.filename.data = kind, filename
    facts = {"incubator": incubator.public_id, "table": packed}
    form.table.data = get_signer().sign(_PURPOSE, facts, expires_at=now() + _KEPT_FOR)
    form.header_row.data = str(_guess_header(table))
    return _render(incubator, kind, table, form, {}, "")


@blueprint.post("/incubators/<public_id>/import/columns")
@requires("import:create", subject=find_incubator)
@in_turn
def assign_columns(incubator: Incubator) -> ResponseReturnValue:
    """Read the file with the columns that were chosen, and remember them for its like."""
    form = AssignColumnsForm()
    if not form.validate():
        raise FileUnreadable
    kind: ImportKind = form.kind.data
    facts = get_signer().read(_PURPOSE, form.table.data or "", at=now())
    if facts is None or facts["incubator"] != incubator.public_id:
        raise FileUnreadable
    table = _unpack(facts["table"])
    chosen = {
        place: name
        for place in range(COLUMNS_LIMIT)
        if (name := request.form.get(f"column-{place}", ""))
    }
    row = min(max(int(form.header_row.data or 0), 0), len(table.rows) - 1)
    required = [column for column in COLUMNS[kind] if column.is_required]
    problem = ""
    if any(column.name not in chosen.values() for column in required):
        problem = _("Say which column is “%(column)s”.", column=required[0].label)
    elif len(set(chosen.values())) < len(chosen):
        problem = _("Two columns cannot be the same.")
    if not problem:
        header = assign(kind, chosen, first_row=row + 1)
        try:
            seen = look_at_tables(
                db.session, incubator=incubator, kind=kind, tables=(table,), header=header
            )
        except DomainError as error:
            problem = word_file_error(kind, error)
        else:
            with writing(db.session):
                actions.remember_layout(
                    db.session,
                    incubator=incubator,
                    kind=kind,
                    shape=describe_shape(table.rows[row]),
                    columns=chosen,
                    actor=get_current_actor(),
                    at=now(),
                )
                batch = actions.preview_import(
                    db.session,
                    incubator=incubator,
                    kind=kind,
                    filename=form.filename.data or "",
                    plans=seen.plans,
                    unknown_columns=(),
                    notes=seen.recognised.notes,
                    actor=get_current_actor(),
                    at=now(),
                )
            return redirect(url_for("imports.show_batch", public_id=batch.public_id), code=303)
    return _render(incubator, kind, table, form, chosen, problem), 422


def _render(
    incubator: Incubator,
    kind: ImportKind,
    table: Table,
    form: AssignColumnsForm,
    chosen: dict[int, str],
    problem: str,
) -> str:
    rows = table.rows[:_ROWS_SHOWN]
    width = min(max((len(row.cells) for row in rows), default=0), _COLUMNS_SHOWN)
    header = table.rows[min(int(form.header_row.data or 0), len(table.rows) - 1)]
    guessed: dict[int, str] = {}
    for place, text in enumerate(header.cells[:width]):
        column = find_column(kind, text)
        if column is not None and column.name not in guessed.values():
            guessed[place] = column.name
    return render_template(
        "imports/columns.html",
        incubator=incubator,
        form=form,
        problem=problem,
        places=range(width),
        chosen=chosen or guessed,
        columns=[(column.name, column.label) for column in COLUMNS[kind]],
        rows=[
            (
                place,
                row.number,
                [shorten(text, _CELL_SHOWN) for text in row.cells[:width]]
                + [""] * (width - len(row.cells[:width])),
            )
            for place, row in enumerate(rows)
        ],
    )


def _guess_header(table: Table) -> int:
    """The first of the upper rows with as many filled cells as any of them."""
    filled = [sum(1 for cell in row.cells if cell.strip()) for row in table.rows[:_ROWS_SHOWN]]
    return filled.index(max(filled))


def _pack(table: Table) -> str:
    rows = [
        [
            row.number,
            list(row.cells),
            {str(k): v.value for k, v in row.marks.items()},
            row.is_hidden,
            row.is_heading,
        ]
        for row in table.rows
    ]
    packed = zlib.compress(json.dumps(rows, ensure_ascii=False).encode())
    return base64.b64encode(packed).decode("ascii")


def _unpack(packed: str) -> Table:
    """The table that `_pack` packed."""
    rows: list[Any] = json.loads(zlib.decompress(base64.b64decode(packed)))
    return Table(
        tuple(
            TableRow(
                int(number),
                tuple(cells[:COLUMNS_LIMIT]),
                {int(place): Remark(code) for place, code in marks.items()},
                is_hidden=is_hidden,
                is_heading=is_heading,
            )
            for number, cells, marks, is_hidden, is_heading in rows
        )
    )
