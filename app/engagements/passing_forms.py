"""The shape of what a mentor types who passes a request on."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.engagements.forms import REASON_LIMIT
from app.engagements.queries.passing import Colleague
from app.web.form_fields import CanonicalAreaField, Required


class PassOnForm(FlaskForm):  # type: ignore[misc]
    """To whom, and why."""

    colleague = SelectField(
        _l("Colleague"),
        [InputRequired(_l("Choose a colleague."))],
        invalid_choice_message=_l("Choose from the list."),
    )
    why = CanonicalAreaField(
        _l("Why this colleague"),
        [Required(_l("Please say why: the startup and your colleague read it."))],
        limit=REASON_LIMIT,
        rows=3,
        description=_l("The startup and your colleague read it."),
    )

    def offer(self, colleagues: Iterable[Colleague]) -> None:
        """These can be chosen."""
        self.colleague.choices = [
            SelectChoice(value="", label=_("Choose one")),
            *(SelectChoice(value=each.public_id, label=_name(each)) for each in colleagues),
        ]


def _name(colleague: Colleague) -> str:
    parts = [colleague.name, colleague.headline]
    if not colleague.has_account:
        parts.append(_("has no account yet"))
    return " · ".join(part for part in parts if part)
