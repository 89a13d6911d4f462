"""The shape of what an operator sends: a file and what it holds."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from app.web.form_fields import CodeField
from models.imports import ImportKind


class StartImportForm(FlaskForm):  # type: ignore[misc]
    """Which file to look at."""

    kind = CodeField(_l("What the file holds"), ImportKind)
    file = FileField(
        _l("File"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("A table as .xlsx or .csv, with at most 10,000 rows and 10 MB."),
        render_kw={"accept": ".csv,.xlsx"},
    )


class ConfirmImportForm(FlaskForm):  # type: ignore[misc]
    """What else to do when the file is applied."""

    sends_invitations = BooleanField(
        _l("Send invitations to the addresses in the file"),
        description=_l(
            "Everyone who has no account for their profile yet gets a mail with a link. An "
            "invitation that is still open is not sent again."
        ),
    )
