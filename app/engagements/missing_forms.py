"""The shape of what is said of times that were not kept: by whom, appeals, decisions."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.engagements.forms import REASON_LIMIT
from app.web.form_fields import CanonicalAreaField, Required
from models.missed_times import MissedBy

_NOT_IN_LIST = _l("Choose from the list.")


class MissedForm(FlaskForm):  # type: ignore[misc]
    """Who did not come; nothing is ticked beforehand."""

    missed_by = RadioField(
        _l("Who did not come?"),
        [InputRequired(_l("Choose who did not come."))],
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )

    def name_sides(self, startup: str, provider: str) -> None:
        """Let each side be chosen by its name."""
        self.missed_by.choices = [
            SelectChoice(value=MissedBy.STARTUP.value, label=startup),
            SelectChoice(value=MissedBy.PROVIDER.value, label=provider),
            SelectChoice(value=MissedBy.BOTH.value, label=_("Nobody came, from either side")),
        ]


class ContradictForm(MissedForm):
    """What happened instead of what was recorded, and who did not come if it was held, it says."""

    words = CanonicalAreaField(
        _l("What happened"),
        [Required(_l("Please say what happened."))],
        limit=REASON_LIMIT,
        rows=4,
        description=_l("Read by the other side and by the operators of the incubator, who decide."),
    )


class RecordDecisionForm(FlaskForm):  # type: ignore[misc]
    """Whether it took place, and why that is believed."""

    outcome = RadioField(
        _l("Your decision"),
        [InputRequired(_l("Choose one."))],
        choices=lambda: [
            SelectChoice(value="held", label=_("It took place")),
            SelectChoice(value="missed", label=_("It did not take place")),
        ],
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    decision = CanonicalAreaField(
        _l("Your reasons"),
        [Required(_l("Please give your reasons: both sides read them."))],
        limit=REASON_LIMIT,
        rows=3,
    )


class AppealForm(FlaskForm):  # type: ignore[misc]
    """Why it should not be counted."""

    appeal = CanonicalAreaField(
        _l("What happened"),
        [Required(_l("Please say what happened."))],
        limit=REASON_LIMIT,
        rows=4,
        description=_l("Read by the operators of the incubator, not by the other side."),
    )


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """Whether it is taken back, and why."""

    outcome = RadioField(
        _l("Your decision"),
        [InputRequired(_l("Choose one."))],
        choices=lambda: [
            SelectChoice(value="take_back", label=_("Take it back: it counts no more")),
            SelectChoice(value="uphold", label=_("Let it stand: it counts")),
        ],
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    decision = CanonicalAreaField(
        _l("Your reasons"),
        [Required(_l("Please give your reasons: the side that appealed reads them."))],
        limit=REASON_LIMIT,
        rows=3,
    )
