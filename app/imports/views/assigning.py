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
from app.imports.column_parts import PART_LABELS, list_parts
from app.imports.columns import COLUMNS
from app.imports.errors import FileUnreadable, SheetMissing
from app.imports.forms import AssignColumnsForm
from app.imports.headers import assign, describe_shape, find_column, find_header
from app.imports.looking import look_at_tables
from app.imports.problems import FileNote, FileRemark, Remark, shorten
from app.imports.tables import (
    COLUMNS_LIMIT,
    HEADER_WITHIN,
    CellMark,
    Table,
    TableRow,
    make_too_large,
)
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
# Of these, so many above the one that names the columns.
_ROWS_ABOVE: Final = 3
_COLUMNS_SHOWN: Final = 40
_CELL_SHOWN: Final = 40


def render_assigning(
    incubator: Incubator, kind: ImportKind, tables: Sequence[Table], filename: str, sheet: str
) -> str:
    """The page that asks which column is which, on the sheet that is named or is likeliest meant.

    Raises FileTooLarge, FileUnreadable, SheetMissing.
    """
    table = _choose_table(kind, tables, sheet)
    packed = _pack(table)
    if len(packed) > _PACKED_LIMIT:
        raise make_too_large()
    form = AssignColumnsForm(formdata=None)
    form.kind.data, form.filename.data = kind, filename
    others = "、".join(one.name for one in tables if one is not table and one.rows)
    facts = {
        "incubator": incubator.public_id,
        "table": packed,
        "sheets": f"{table.name}\n{others}" if others else "",
    }
    form.table.data = get_signer().sign(_PURPOSE, facts, expires_at=now() + _KEPT_FOR)
    form.header_row.data = str(_guess_header(kind, table))
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
    header = assign(kind, chosen, first_row=row + 1)
    if any(column.name not in header.list_names(kind) for column in required):
        problem = _("Say which column is “%(column)s”.", column=required[0].label)
    elif len(set(chosen.values())) < len(chosen):
        problem = _("Two columns cannot be the same.")
    if not problem:
        try:
            seen = look_at_tables(
                db.session, incubator=incubator, kind=kind, tables=(table,), header=header
            )
        except DomainError as error:
            problem = word_file_error(kind, error)
        else:
            sheets = str(facts["sheets"])
            about = [FileNote(FileRemark.SHEET_READ, text=sheets)] if sheets else []
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
                    notes=[*about, *seen.recognised.notes],
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
    named = min(int(form.header_row.data or 0), len(table.rows) - 1)
    first = max(0, named - _ROWS_ABOVE)
    rows = table.rows[first : first + _ROWS_SHOWN]
    width = min(max((len(row.cells) for row in rows), default=0), _COLUMNS_SHOWN)
    known = find_header(kind, table)
    guessed = {} if known is None else {p: column.name for p, column in known.columns.items()}
    guessed |= {} if known is None else {p: part.value for p, part in known.parts.items()}
    for place, text in enumerate(table.rows[named].cells[:width]) if known is None else ():
        column = find_column(kind, text)
        if column is not None and column.name not in guessed.values():
            guessed[place] = column.name
    return render_template(
        "imports/columns.html",
        incubator=incubator,
        form=form,
        problem=problem,
        places=range(width),
        names=[
            shorten(text, _CELL_SHOWN) for text in (*table.rows[named].cells, *[""] * width)[:width]
        ],
        chosen=chosen or guessed,
        columns=[
            *((column.name, column.label) for column in COLUMNS[kind]),
            *((part.value, PART_LABELS[part]) for part in list_parts(kind)),
        ],
        rows=[
            (
                place,
                row.number,
                [shorten(text, _CELL_SHOWN) for text in row.cells[:width]]
                + [""] * (width - len(row.cells[:width])),
            )
            for place, row in enumerate(rows, start=first)
        ],
    )


def _choose_table(kind: ImportKind, tables: Sequence[Table], sheet: str) -> Table:
    if sheet:
        tables = [table for table in tables if table.name == sheet]
        if not tables:
            raise SheetMissing(sheet=shorten(sheet))
    filled = [table for table in tables if table.rows]
    if not filled:
        raise FileUnreadable

    def rate(table: Table) -> tuple[bool, int, int]:
        header = find_header(kind, table)
        known = 0 if header is None else len(header.columns) + len(header.parts)
        # A cover or instructions are one column wide.
        return not table.is_hidden, known, sum(len(row.cells) > 1 for row in table.rows)

    return max(filled, key=rate)


def _guess_header(kind: ImportKind, table: Table) -> int:
    """The row that names columns, else the first of the upper rows with as many filled cells as
    any of them."""
    header = find_header(kind, table)
    if header is not None:
        return header.first_row - 1
    filled = [sum(1 for cell in row.cells if cell.strip()) for row in table.rows[:HEADER_WITHIN]]
    return filled.index(max(filled))


def _pack(table: Table) -> str:
    rows = [
        [
            row.number,
            list(row.cells),
            {str(k): v.value for k, v in row.marks.items()},
            row.is_hidden,
            row.is_heading,
            [[mark.place, mark.remark.value, mark.text] for mark in row.said],
        ]
        for row in table.rows
    ]
    whole = [table.name, table.is_hidden, sorted(table.hidden_columns), rows]
    packed = zlib.compress(json.dumps(whole, ensure_ascii=False).encode())
    return base64.b64encode(packed).decode("ascii")


def _unpack(packed: str) -> Table:
    """The table that `_pack` packed."""
    whole: list[Any] = json.loads(zlib.decompress(base64.b64decode(packed)))
    name, is_hidden_sheet, hidden_columns, rows = whole
    return Table(
        tuple(
            TableRow(
                int(number),
                tuple(cells[:COLUMNS_LIMIT]),
                {int(place): Remark(code) for place, code in marks.items()},
                is_hidden=is_hidden,
                is_heading=is_heading,
                said=tuple(CellMark(place, Remark(code), text) for place, code, text in said),
            )
            for number, cells, marks, is_hidden, is_heading, said in rows
        ),
        name=name,
        hidden_columns=frozenset(hidden_columns),
        is_hidden=is_hidden_sheet,
    )
