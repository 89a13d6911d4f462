"""The shape of what people send about documents."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectMultipleField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.vault.contents import ENDINGS
from app.vault.secrecy import DECLARATION_WORDS
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    PublicIdField,
    Required,
    VersionField,
)
from models.documents import TITLE_LIMIT, Document
from models.vocabulary import DocumentKind, ReportReason

WORDS_LIMIT = 1000

_FILLED = Required(_l("Please fill this in."))


def _make_file_field() -> FileField:
    return FileField(
        _l("File"),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ",".join(f".{ending}" for ending in ENDINGS)},
    )


def _make_declaration() -> BooleanField:
    return BooleanField(
        DECLARATION_WORDS,
        # An unticked box is False, which is an answer to `Required`.
        validators=[DataRequired(_l("Files without this declaration cannot be kept."))],
    )


class UploadForm(FlaskForm):  # type: ignore[misc]
    """A file that becomes a document."""

    file = _make_file_field()
    title = CanonicalTextField(
        _l("Title"),
        limit=TITLE_LIMIT,
        description=_l("How the document is listed. Left empty, it is called like the file."),
    )
    kind = CodeField(_l("Kind of document"), DocumentKind)
    declared = _make_declaration()
    new_public_id = PublicIdField()


class VersionForm(FlaskForm):  # type: ignore[misc]
    """A file that becomes the newest version. `after` is the one that was shown as the newest."""

    file = _make_file_field()
    declared = _make_declaration()
    after = VersionField()


class EditForm(FlaskForm):  # type: ignore[misc]
    """What a document is called, and of which kind it is."""

    title = CanonicalTextField(_l("Title"), validators=[_FILLED], limit=TITLE_LIMIT)
    kind = CodeField(_l("Kind of document"), DocumentKind)
    row_version = VersionField()


class ReportForm(FlaskForm):  # type: ignore[misc]
    """What is wrong with a document."""

    reason = CodeField(_l("What is wrong"), ReportReason)
    words = CanonicalAreaField(
        _l("In your words"),
        limit=WORDS_LIMIT,
        rows=4,
        description=_l(
            "Do not copy what may be secret. Only the operators who decide read this; the owner "
            "does not learn who you are."
        ),
    )

    def validate_words(self, field: Any) -> None:
        """Raise ValidationError where the reason alone says nothing."""
        if self.reason.data is ReportReason.OTHER and not field.data:
            raise ValidationError(_("Say what is wrong."))


class StopForm(FlaskForm):  # type: ignore[misc]
    """Why a document is stopped."""

    reason = CanonicalAreaField(
        _l("Reason"),
        validators=[_FILLED],
        limit=WORDS_LIMIT,
        rows=4,
        description=_l("The owner of the document reads it."),
    )


class DeleteForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the will to do it."""


class DocumentsField(SelectMultipleField):  # type: ignore[misc]
    """Any number of documents of one organisation, as checkboxes: for the forms of other rooms.

    Give it the documents of `list_attachable` by `offer` before the form is validated;
    `get_chosen` gives those that were ticked.
    """

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: object, validators: Sequence[Any] = (), **options: Any) -> None:
        options.setdefault("default", ())
        super().__init__(
            label,
            validators,
            choices=[],
            invalid_choice_message=_l("Choose from the list."),
            **options,
        )
        self._offered: dict[str, Document] = {}

    def offer(self, documents: Sequence[Document]) -> None:
        """From now on these can be chosen."""
        self._offered = {each.public_id: each for each in documents}
        self.choices = [SelectChoice(value=each.public_id, label=each.title) for each in documents]

    def get_chosen(self) -> list[Document]:
        """The documents that were ticked."""
        return [self._offered[public_id] for public_id in dict.fromkeys(self.data or ())]
