"""The form field for one of several things that a page knows of: documents, funds, centres."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from app.web.form_fields import Required

_NOT_IN_LIST = _l("Choose from the list.")


class PickedField(SelectField):  # type: ignore[misc]
    """One thing by its public id, needed.

    Where there are several, none of them is chosen before somebody did: what stands first would be
    sent by whoever presses the button, and shown to whom it is not for.
    """

    def __init__(self, label: object = None, **options: Any) -> None:
        super().__init__(
            label,
            [Required(_NOT_IN_LIST)],
            choices=[],
            invalid_choice_message=_NOT_IN_LIST,
            invalid_value_message=_NOT_IN_LIST,
            **options,
        )

    def offer(self, things: Iterable[tuple[str, str]], *, is_single_sure: bool = True) -> None:
        """Let one of `things`, public ids and what they are called, be chosen.

        A single one is chosen at once, unless not even that is sure to be meant.
        """
        choices = [SelectChoice(value, label) for value, label in things]
        if len(choices) > 1 or not is_single_sure:
            choices.insert(0, SelectChoice("", _("Choose one")))
        self.choices = choices
