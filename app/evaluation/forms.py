"""The shape of what people say at an end, after the first meeting, and of their evaluation."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.engagements.forms import YesNoField
from app.engagements.words import RATING_WORDS
from app.evaluation.values import EndFeedback
from app.web.form_fields import CanonicalAreaField, CodeField, Required, VersionField
from app.web.worded import name_code
from models.evaluation_codes import EvaluationFigure, Fit, GoalReached
from models.organisations import Incubator

WORDS_LIMIT: Final = 2000
_NOT_IN_LIST = _l("Choose from the list.")


def _list_ratings() -> Iterable[SelectChoice]:
    return [SelectChoice(value=number, label=str(word)) for number, word in RATING_WORDS.items()]


def _list_codes(vocabulary: type[StrEnum]) -> list[SelectChoice]:
    return [SelectChoice(value=code.value, label=name_code(code)) for code in vocabulary]


class EndFeedbackForm(FlaskForm):  # type: ignore[misc]
    """What one side says at the end; nothing is ticked beforehand."""

    usefulness = RadioField(
        _l("How useful was it?"),
        [InputRequired(_l("Choose how useful it was."))],
        coerce=int,
        choices=_list_ratings,
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    goal_reached = RadioField(
        _l("Was the goal reached?"),
        [InputRequired(_l("Choose whether the goal was reached."))],
        choices=lambda: _list_codes(GoalReached),
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    would_meet_again = YesNoField(_l("Would you work with them again?"), _l("Choose yes or no."))
    understanding = RadioField(
        _l("How well did the other side understand the matter?"),
        [Optional()],
        coerce=int,
        choices=_list_ratings,
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    reliability = RadioField(
        _l("How well did the other side keep to what was agreed?"),
        [Optional()],
        coerce=int,
        choices=_list_ratings,
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    comment = CanonicalAreaField(
        _l("Comment for the operators"),
        limit=WORDS_LIMIT,
        rows=3,
        description=_l("Read by the operators of the incubator alone, never by the other side."),
    )
    version = VersionField()

    def fill_from(self, said: EndFeedback) -> None:
        """Show what the side has said."""
        self.usefulness.data = said.usefulness
        self.goal_reached.data = said.goal_reached.value
        self.would_meet_again.data = "yes" if said.would_meet_again else "no"
        self.understanding.data = said.understanding
        self.reliability.data = said.reliability
        self.comment.data = said.comment

    def make_feedback(self) -> EndFeedback:
        """What was said, once it is valid."""
        return EndFeedback(
            usefulness=self.usefulness.data,
            goal_reached=GoalReached(self.goal_reached.data),
            would_meet_again=self.would_meet_again.data == "yes",
            understanding=self.understanding.data,
            reliability=self.reliability.data,
            comment=self.comment.data,
        )


class FitForm(FlaskForm):  # type: ignore[misc]
    """Whether the two fit together."""

    fit = RadioField(
        _l("Do you fit together?"),
        [InputRequired(_l("Choose one."))],
        choices=lambda: _list_codes(Fit),
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )


class ObjectionForm(FlaskForm):  # type: ignore[misc]
    """What is wrong with which figure, and who shall look."""

    figure = CodeField(
        _l("Which figure"),
        EvaluationFigure,
        [InputRequired(_l("Choose a figure."))],
        blank=_l("Choose one"),
    )
    incubator = SelectField(
        _l("Who shall look into it"),
        [InputRequired(_l("Choose an incubator."))],
        choices=[],
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    words = CanonicalAreaField(
        _l("What is wrong with it"),
        [Required(_l("Please say what is wrong."))],
        limit=WORDS_LIMIT,
        rows=4,
    )

    def offer(self, incubators: Iterable[Incubator]) -> None:
        """The operators of these can be asked."""
        self.incubator.choices = [(each.public_id, each.name) for each in incubators]


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What came of looking into an objection."""

    answer = CanonicalAreaField(
        _l("Your answer"),
        [Required(_l("Please write an answer: the other side will read it."))],
        limit=WORDS_LIMIT,
        rows=4,
    )
