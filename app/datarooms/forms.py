"""What is typed into a room: where a document goes, an agreement, who is let in to what."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from app.datarooms.values import GrantValues
from app.web.day_fields import DayField
from app.web.form_fields import CanonicalAreaField, CanonicalTextField, Required
from app.web.number_fields import WholeNumberField
from app.web.picked_field import PickedField
from models.datarooms import (
    AGREEMENT_LIMIT,
    FOLDER_LIMIT,
    PAGE_LIMIT,
    QUESTION_LIMIT,
    RoomItem,
)
from models.documents import Document
from models.engagements import Engagement

_NOT_IN_LIST = _l("Choose from the list.")
_ITEM, _FOLDER = "item:", "folder:"


class PutForm(FlaskForm):  # type: ignore[misc]
    """Which document goes into which folder."""

    document = PickedField(_l("Document"))
    folder = CanonicalTextField(
        _l("Folder"),
        limit=FOLDER_LIMIT,
        description=_l("Whoever may read a folder may read what is put there later."),
    )

    def __init__(self, *args: Any, documents: Sequence[Document], **options: Any) -> None:
        super().__init__(*args, **options)
        self.document.offer((each.public_id, each.title) for each in documents)


class AgreementForm(FlaskForm):  # type: ignore[misc]
    """The text that readers agree to."""

    text = CanonicalAreaField(
        _l("Agreement"),
        [Required(_l("Please fill this in."))],
        limit=AGREEMENT_LIMIT,
        rows=12,
        description=_l("A change is a new version: everybody has to accept it before reading on."),
    )


class LetInForm(FlaskForm):  # type: ignore[misc]
    """Which investor may have what, until when."""

    investor = PickedField(_l("Investor"))
    read = SelectMultipleField(
        _l("May read here"),
        choices=[],
        invalid_choice_message=_NOT_IN_LIST,
        description=_l("Texts alone are shown here, marked with who reads them and when."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    download = SelectMultipleField(
        _l("May read and download"),
        choices=[],
        invalid_choice_message=_NOT_IN_LIST,
        description=_l("A downloaded file is the file itself, without a mark."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    until = DayField(_l("Last day"), description=_l("Nothing: until you take it back."))

    def __init__(
        self,
        *args: Any,
        investors: Sequence[Engagement],
        items: Sequence[RoomItem],
        folders: Sequence[str],
        today: date,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._today = today
        self.investor.offer((each.public_id, each.provider.name) for each in investors)
        things = [
            *(SelectChoice(_FOLDER + name, _("Folder: %(name)s", name=name)) for name in folders),
            *(SelectChoice(_ITEM + each.public_id, each.document.title) for each in items),
        ]
        self.read.choices = things
        self.download.choices = things

    def get_values(self) -> GrantValues:
        """What was typed, once it is valid."""
        return GrantValues(
            read_items=_pick(self.read.data, _ITEM),
            read_folders=_pick(self.read.data, _FOLDER),
            download_items=_pick(self.download.data, _ITEM),
            download_folders=_pick(self.download.data, _FOLDER),
            until=self.until.data,
        )

    def validate_read(self, field: Any) -> None:
        """Raise ValidationError where nothing at all is chosen."""
        if not field.data and not self.download.data:
            raise ValidationError(_("Choose at least one document or folder."))

    def validate_until(self, field: Any) -> None:
        """Raise ValidationError for a day that is over, or too far away."""
        values = GrantValues(read_folders=frozenset({"x"}), until=field.data)
        if not values.is_possible(self._today):
            raise ValidationError(_("Give a day to come, within two years."))


class AskForm(FlaskForm):  # type: ignore[misc]
    """A question about one document."""

    item = SelectField(
        _l("Document"), invalid_choice_message=_NOT_IN_LIST, invalid_value_message=_NOT_IN_LIST
    )
    page = WholeNumberField(
        _l("Page of the document"),
        low=1,
        high=PAGE_LIMIT,
        description=_l("Nothing: the whole document."),
    )
    text = CanonicalAreaField(
        _l("Question"),
        [Required(_l("Please fill this in."))],
        limit=QUESTION_LIMIT,
        rows=3,
    )

    def __init__(self, *args: Any, items: Sequence[RoomItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.item.choices = [SelectChoice(each.public_id, each.document.title) for each in items]
        self.item.flags.required = True


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What a question is answered, or how it is worded for everybody."""

    text = CanonicalAreaField(
        _l("Answer"),
        [Required(_l("Please fill this in."))],
        limit=QUESTION_LIMIT,
        rows=3,
    )


def _pick(chosen: Sequence[str] | None, prefix: str) -> frozenset[str]:
    return frozenset(each.removeprefix(prefix) for each in chosen or () if each.startswith(prefix))
