"""The shape of what an operator sends: a file and what it holds."""

from typing import Final

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from app.imports.column_shapes import Shape
from app.imports.columns import COLUMNS
from app.imports.exporting import describe_with_words
from app.web.form_fields import CanonicalTextField, CodeField
from models.imports import ImportKind

# In characters; more is sent as a file.
_PASTED_LIMIT: Final = 200_000


class StartImportForm(FlaskForm):  # type: ignore[misc]
    """Which file to look at."""

    kind = CodeField(_l("What the file holds"), ImportKind)
    file = FileField(
        _l("File"),
        description=_l("A table as .xlsx or .csv, with at most 10,000 rows and 10 MB."),
        render_kw={"accept": ".csv,.xlsx,.xls,.tsv,.txt,.md,.htm,.html,.xml,.json,.jsonl,.vcf"},
    )
    pasted = TextAreaField(
        _l("Or paste the list"),
        validators=[Length(max=_PASTED_LIMIT)],
        description=_l(
            "Cells from a spreadsheet, or text: a line for each entry below a header, or for each "
            "entry lines such as “Name: …” with an empty line before the next."
        ),
        render_kw={"rows": 6},
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

    @property
    def source(self) -> Field:
        """The field that holds the list: what was pasted, where nothing was chosen."""
        has_file = self.file.data is not None and bool(self.file.data.filename)
        return self.file if has_file or not (self.pasted.data or "").strip() else self.pasted

    def validate_file(self, field: Field) -> None:
        """One of the two, and not both."""
        has_file = field.data is not None and bool(field.data.filename)
        has_text = bool((self.pasted.data or "").strip())
        if has_file and has_text:
            raise ValidationError(
                _("You chose a file and pasted a list. Keep one of them: they may differ.")
            )
        if not has_file and not has_text:
            raise ValidationError(_("Choose a file, or paste a list."))


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
            description=LazyString(describe_with_words, column),
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
