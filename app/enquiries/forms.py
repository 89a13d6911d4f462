"""The shape of what is asked of a human, and of the answer."""

from collections.abc import Iterable
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.enquiries.rules import WORDS_LIMIT
from app.web.form_fields import CanonicalAreaField, Required
from app.web.worded import name_code
from models.enquiries import CONCERNS_OF_PROVIDER, CONCERNS_OF_STARTUP, EnquiryOutcome
from models.organisations import Incubator
from models.providers import Provider

_NOT_IN_LIST = _l("Choose from the list.")


def _name(codes: Iterable[StrEnum]) -> list[SelectChoice]:
    return [SelectChoice(value=each.value, label=name_code(each)) for each in codes]


class _AskingForm(FlaskForm):  # type: ignore[misc]
    concern = RadioField(
        _l("What is it about?"),
        [InputRequired(_l("Choose one."))],
        choices=lambda: _name(CONCERNS_OF_STARTUP),
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    words = CanonicalAreaField(
        _l("Your question"),
        [Required(_l("Please say what somebody shall look at."))],
        limit=WORDS_LIMIT,
        rows=4,
    )


class ListForm(_AskingForm):
    """What a startup asks about a list, perhaps about one provider."""

    run = HiddenField()
    about = SelectField(
        _l("About whom"),
        choices=[],
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
        description=_l("Who is in no list yet can be named in your question."),
    )

    def offer(self, providers: Iterable[Provider]) -> None:
        """It can be asked about these, or about nobody in particular."""
        named = {each.public_id: each.name for each in providers}
        self.about.choices = [("", _l("Nobody in particular")), *named.items()]


class PlacesForm(_AskingForm):
    """What a provider asks about its places in lists, and whom."""

    concern = RadioField(
        _l("What is it about?"),
        [InputRequired(_l("Choose one."))],
        choices=lambda: _name(CONCERNS_OF_PROVIDER),
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    incubator = SelectField(
        _l("Who shall look at it"),
        choices=[],
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )

    def offer(self, incubators: Iterable[Incubator]) -> None:
        """The operators of these can be asked, or whoever runs the installation."""
        self.incubator.choices = [
            *((each.public_id, each.name) for each in incubators),
            ("", _l("Whoever runs this site")),
        ]


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What came of looking at it."""

    outcome = RadioField(
        _l("What came of it"),
        [InputRequired(_l("Choose what came of it."))],
        choices=lambda: _name(EnquiryOutcome),
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    answer = CanonicalAreaField(
        _l("Your answer"),
        [Required(_l("Please write an answer: the other side will read it."))],
        limit=WORDS_LIMIT,
        rows=5,
        description=_l("What you found, what was changed, or why nothing was."),
    )
