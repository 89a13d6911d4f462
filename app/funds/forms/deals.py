"""What a fund says of its deals, as it is typed: steps, why it passes, what it shows."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields import SelectChoice

from app.web.form_fields import CanonicalAreaField, CodeField, TopicsField
from models.deals import PASS_WORDS_LIMIT, STEP_LIMIT, STEPS_LIMIT
from models.people import Person
from models.vocabulary import PassReason, ShownStatus

_NOT_IN_LIST = _l("Choose from the list.")


class StepsForm(FlaskForm):  # type: ignore[misc]
    """The steps of a fund, in its order."""

    steps = TopicsField(
        _l("Your steps"),
        limit=STEPS_LIMIT,
        length_limit=STEP_LIMIT,
        separator="\n",
        rows=8,
        description=_l("One a line, in their order: screening, meeting, due diligence, committee."),
    )


class StepForm(FlaskForm):  # type: ignore[misc]
    """To which of the fund's steps a deal goes."""

    step = SelectField(
        _l("Step"), invalid_choice_message=_NOT_IN_LIST, invalid_value_message=_NOT_IN_LIST
    )

    def __init__(self, *args: Any, steps: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.step.choices = [SelectChoice(step, step) for step in steps] or [
            SelectChoice("", _("In review"))
        ]
        self.step.flags.required = True


class PassForm(FlaskForm):  # type: ignore[misc]
    """Why a fund passes on a deal."""

    reason = CodeField(_l("Why"), PassReason)
    words = CanonicalAreaField(
        _l("In your words"),
        limit=PASS_WORDS_LIMIT,
        rows=3,
        description=_l("Only your fund reads this."),
    )


class ShowForm(FlaskForm):  # type: ignore[misc]
    """What the startup sees."""

    status = CodeField(
        _l("What the startup sees"),
        ShownStatus,
        blank=_l("Nothing"),
        description=_l("It is told when this changes, and of nothing else that you do here."),
    )


class AssignForm(FlaskForm):  # type: ignore[misc]
    """Who of the fund looks after a deal."""

    person = SelectField(
        _l("Who looks after it"),
        invalid_choice_message=_NOT_IN_LIST,
        invalid_value_message=_NOT_IN_LIST,
    )

    def __init__(self, *args: Any, people: Sequence[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        self.person.choices = [
            SelectChoice("", _("Nobody in particular")),
            *(SelectChoice(each.public_id, each.name) for each in people),
        ]
