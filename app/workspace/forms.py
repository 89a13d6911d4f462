"""The shape of what people type in a workspace."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from app.web.day_fields import DayField
from app.web.form_fields import CanonicalAreaField, CanonicalTextField, Required, VersionField
from app.web.picked_field import PickedField
from models.vocabulary import Side

MESSAGE_LIMIT: Final = 4000
LINE_LIMIT: Final = 300
MINUTES_LIMIT: Final = 20_000
NOTE_LIMIT: Final = 4000

_NOT_IN_LIST = _l("Choose from the list.")


class MessageForm(FlaskForm):  # type: ignore[misc]
    """What is written to the other side."""

    text = CanonicalAreaField(
        _l("Your message"), [Required(_l("Please write something."))], limit=MESSAGE_LIMIT, rows=4
    )


class PointForm(FlaskForm):  # type: ignore[misc]
    """What is to be talked about."""

    point = CanonicalTextField(
        _l("What is to be talked about"),
        [Required(_l("Please write something."))],
        limit=LINE_LIMIT,
    )


class ItemForm(FlaskForm):  # type: ignore[misc]
    """Who does what by when."""

    item = CanonicalTextField(
        _l("What is to be done"), [Required(_l("Please write something."))], limit=LINE_LIMIT
    )
    owner_side = RadioField(
        _l("Who does it"),
        [InputRequired(_l("Choose who does it."))],
        coerce=Side,
        choices=[],
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    due_on = DayField(_l("By which day"), [Optional()])

    def name_sides(self, startup: str, provider: str) -> None:
        """The two sides are called by their names."""
        self.owner_side.choices = [
            (Side.STARTUP.value, startup),
            (Side.PROVIDER.value, provider),
        ]


class MinutesForm(FlaskForm):  # type: ignore[misc]
    """What came of a meeting."""

    minutes = CanonicalAreaField(
        _l("Minutes"),
        [Required(_l("Please write something."))],
        limit=MINUTES_LIMIT,
        rows=12,
        description=_l("What was asked, what was said, what was decided. Both sides can edit it."),
    )
    version = VersionField()


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A note that both sides keep."""

    note = CanonicalAreaField(
        _l("Your note"), [Required(_l("Please write something."))], limit=NOTE_LIMIT, rows=3
    )


class FileForm(FlaskForm):  # type: ignore[misc]
    """Which document the other side may open."""

    document = PickedField(_l("Document"))

    def offer(self, documents: Any) -> None:
        """These can be chosen."""
        self.document.offer((each.public_id, each.title) for each in documents)
