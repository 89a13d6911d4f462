"""The shape of what an operator sends: a file and what it holds."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Regexp

from app.imports.column_shapes import Shape
from app.imports.columns import COLUMNS
from app.imports.exporting import describe_column
from app.web.form_fields import CanonicalTextField, CodeField
from models.imports import ImportKind


class StartImportForm(FlaskForm):  # type: ignore[misc]
    """Which file to look at."""

    kind = CodeField(_l("What the file holds"), ImportKind)
    file = FileField(
        _l("File"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("A table as .xlsx or .csv, with at most 10,000 rows and 10 MB."),
        render_kw={"accept": ".csv,.xlsx,.xls,.tsv,.txt,.htm,.html,.xml"},
    )
    sheet = CanonicalTextField(
        _l("Sheet"),
        limit=100,
        description=_l("Only needed where several sheets of a workbook hold such rows."),
    )
    assigns = BooleanField(
        _l("Let me say which column is which"),
        description=_l("What is said once is remembered for the next file with these headers."),
    )


class AssignColumnsForm(FlaskForm):  # type: ignore[misc]
    """A file that was read, packed, and which of its rows names the columns."""

    kind = CodeField(_l("What the file holds"), ImportKind)
    table = HiddenField()
    filename = HiddenField()
    header_row = HiddenField(validators=[Regexp("[0-9]{1,3}$")])


def make_row_form(kind: ImportKind) -> type[FlaskForm]:
    """The form that corrects one row of such a file: a field for the cell of each column."""
    fields = {
        column.name: TextAreaField(column.label, render_kw={"rows": 4})
        if column.shape is Shape.TEXT
        else StringField(
            column.label,
            description=LazyString(describe_column, column),
            validators=[DataRequired(_l("Please fill this in."))] if column.is_required else [],
        )
        for column in COLUMNS[kind]
    }
    someone_else = BooleanField(
        _l("This is someone else, who only has the same name"),
        description=_l("Tick it after comparing both. The row is then taken as a new one."),
    )
    return type("RowForm", (FlaskForm,), {**fields, "is_someone_else": someone_else})


class ConfirmImportForm(FlaskForm):  # type: ignore[misc]
    """What else to do when the file is applied."""

    sends_invitations = BooleanField(
        _l("Send invitations to the addresses in the file"),
        description=_l(
            "Everyone who has no account for their profile yet gets a mail with a link. An "
            "invitation that is still open is not sent again."
        ),
    )
