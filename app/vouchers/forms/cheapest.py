"""What a founder says of time and money, for the cheapest proof."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from app.web.number_fields import DAYS, MoneyField, WholeNumberField

MOST_DAYS = 3650


class CheapestForm(FlaskForm):  # type: ignore[misc]
    """Limits of the plan, as they stand in the address: it changes nothing."""

    class Meta:
        csrf = False

    days = WholeNumberField(
        _l("Within how many days"),
        low=1,
        high=MOST_DAYS,
        units=DAYS,
        description=_l("Nothing: however long it takes."),
    )
    own = MoneyField(
        _l("For how much of your own money at most, in CNY"),
        unit_yuan=1,
        description=_l("After vouchers. Nothing: whatever it costs."),
    )
    every_gate = BooleanField(
        _l("Test every gate on the way"),
        description=_l("One after the other. Else the last gate counts for those before it."),
    )
