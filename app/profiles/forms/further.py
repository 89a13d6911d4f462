"""The shape of a further text of a provider."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.profiles.values import TextValues
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    Required,
    WebAddressField,
)
from app.web.number_fields import WholeNumberField
from models.documents import Document
from models.provider_texts import (
    FIRST_YEAR,
    FURTHER_TEXT_LIMIT,
    LAST_YEAR,
    TEXT_ADDRESS_LIMIT,
    TEXT_TITLE_LIMIT,
    TextSource,
)


class FurtherTextForm(FlaskForm):  # type: ignore[misc]
    """A text typed or pasted, or one of the documents that are plain text."""

    title = CanonicalTextField(
        _l("Title"), validators=[Required(_l("Give a title."))], limit=TEXT_TITLE_LIMIT
    )
    source = CodeField(_l("Kind of text"), TextSource, default=TextSource.PAPER)
    year = WholeNumberField(_l("Year it came out"), low=FIRST_YEAR, high=LAST_YEAR)
    address = WebAddressField(
        _l("Where the whole of it is"),
        limit=TEXT_ADDRESS_LIMIT,
        description=_l("An address on the web."),
    )
    text = CanonicalAreaField(
        _l("Text"),
        limit=FURTHER_TEXT_LIMIT,
        rows=10,
        description=_l(
            "An abstract, a description, what was done and for whom. Write whole sentences."
        ),
    )
    document = SelectField(
        _l("Or take the text from a document"), choices=[], validate_choice=False, default=""
    )

    def __init__(self, *args: Any, documents: Sequence[Document] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self._documents: Mapping[str, Document] = {each.public_id: each for each in documents}
        self.document.choices = [
            SelectChoice(value="", label=_("None")),
            *(SelectChoice(value=each.public_id, label=each.title) for each in documents),
        ]

    def get_document(self) -> Document | None:
        """The document that was chosen."""
        return self._documents.get(self.document.data or "")

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Exactly one of text and document."""
        valid = bool(super().validate(extra_validators))
        if self.document.data and self.get_document() is None:
            self.document.errors = [_("Choose from the list.")]
        elif bool(self.text.data) == bool(self.document.data) and not self.text.errors:
            self.text.errors = [
                _("Give a text or choose a document, not both.")
                if self.text.data
                else _("Give the text.")
            ]
        else:
            return valid
        return False

    def get_values(self) -> TextValues:
        """What was typed; without a text where a document was chosen."""
        return TextValues(
            title=self.title.data,
            source=self.source.data,
            year=self.year.data,
            address=self.address.data,
            text=self.text.data or "",
        )
