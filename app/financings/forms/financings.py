"""What founders and funds type: a financing, days, amounts, reasons."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, ValidationError
from wtforms.fields import SelectChoice

from app.financings.values import (
    FinancingValues,
    is_closing_day,
    is_narrower,
    is_payment_day,
)
from app.web.day_fields import DayField
from app.web.form_fields import CanonicalAreaField, CodeField, Required, VersionField
from app.web.number_fields import MoneyField, WholeNumberField
from app.web.worded import name_code
from models.financing_codes import PartiesShown
from models.financings import (
    FINANCING_TERMS_LIMIT,
    INVESTORS_LIMIT,
    RELEASE_WORDS_LIMIT,
    Financing,
)
from models.vocabulary import Instrument

_FILLED = _l("Please fill this in.")


class _DayForm(FlaskForm):  # type: ignore[misc]
    """A form that knows which day it is."""

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._today = today


class FinancingForm(_DayForm):
    """A draft of a financing."""

    kind = CodeField(_l("In which form the money comes"), Instrument)
    target = MoneyField(_l("How much is raised, in 10,000 CNY"), [Required(_FILLED)])
    least = MoneyField(
        _l("Minimum, in 10,000 CNY"),
        [Required(_FILLED)],
        description=_l("Only when so much is committed can it close."),
    )
    places = WholeNumberField(
        _l("How many funds at most"),
        low=1,
        high=INVESTORS_LIMIT,
        description=_l("Nothing: any number."),
    )
    terms = CanonicalAreaField(
        _l("Terms"),
        [Required(_FILLED)],
        limit=FINANCING_TERMS_LIMIT,
        description=_l(
            "Valuation, rights, conditions: the same for every fund. They never change once it "
            "is open."
        ),
    )
    closes_on = DayField(
        _l("Last day"),
        [Required(_FILLED)],
        description=_l("At its end it closes when the minimum is committed, and ends otherwise."),
    )
    shown = CodeField(
        _l("What funds that take part see of the others that have committed themselves"),
        PartiesShown,
        description=_l("Once it is open, this can only become less."),
    )
    version = VersionField()

    def fill_from(self, values: FinancingValues, version: int) -> None:
        """Show what `values` say."""
        self.kind.data = values.kind
        self.target.data = values.target_yuan
        self.least.data = values.least_yuan
        self.places.data = values.places
        self.terms.data = values.terms
        self.closes_on.data = values.closes_on
        self.shown.data = values.shown
        self.version.process_data(version)

    def get_values(self) -> FinancingValues:
        """What was typed, once it is valid."""
        return FinancingValues(
            kind=self.kind.data,
            target_yuan=self.target.data or 0,
            least_yuan=self.least.data or 0,
            places=self.places.data,
            terms=self.terms.data,
            closes_on=self.closes_on.data,
            shown=self.shown.data,
        )

    def validate_target(self, field: Any) -> None:
        """Raise ValidationError for nothing."""
        if field.data == 0:
            raise ValidationError(_("Raise more than nothing."))

    def validate_least(self, field: Any) -> None:
        """Raise ValidationError for nothing, and for more than the target."""
        if field.data == 0:
            raise ValidationError(_("The minimum is more than nothing."))
        target = self.target.data
        if field.data is not None and target is not None and field.data > target:
            raise ValidationError(_("The minimum is more than what is raised."))

    def validate_closes_on(self, field: Any) -> None:
        """Raise ValidationError for a day that is over or too far away."""
        _check_closing_day(field, self._today)


class ExtendForm(_DayForm):
    """A later last day."""

    closes_on = DayField(_l("New last day"), [Required(_FILLED)])

    def __init__(self, *args: Any, financing: Financing, **options: Any) -> None:
        super().__init__(*args, **options)
        self._present = financing.closes_on

    def validate_closes_on(self, field: Any) -> None:
        """Raise ValidationError for a day that is not later, or too far away."""
        _check_closing_day(field, self._today)
        if field.data is not None and field.data <= self._present:
            raise ValidationError(_("Choose a later day than now."))


class NarrowForm(FlaskForm):  # type: ignore[misc]
    """Less of each other is shown to funds."""

    shown = SelectField(
        _l("What funds see of each other from now on"),
        coerce=PartiesShown,
        invalid_choice_message=_l("Choose from the list."),
        invalid_value_message=_l("Choose from the list."),
    )

    def __init__(self, *args: Any, financing: Financing, **options: Any) -> None:
        super().__init__(*args, **options)
        self.shown.choices = [
            SelectChoice(each.value, name_code(each))
            for each in PartiesShown
            if is_narrower(each, financing.shown)
        ]
        self.shown.flags.required = True


class AmountForm(FlaskForm):  # type: ignore[misc]
    """How much a fund considers."""

    amount = MoneyField(_l("How much, in 10,000 CNY"), [Required(_FILLED)])

    def validate_amount(self, field: Any) -> None:
        """Raise ValidationError for nothing."""
        if field.data == 0:
            raise ValidationError(_("Consider more than nothing, or leave."))


class WordsForm(FlaskForm):  # type: ignore[misc]
    """Why a commitment is released."""

    words = CanonicalAreaField(
        _l("Why"),
        [Required(_l("Please give a reason: the other side will read it."))],
        limit=RELEASE_WORDS_LIMIT,
        rows=3,
    )


class PaidForm(_DayForm):
    """On which day money has come."""

    paid_on = DayField(_l("Day on which the money came"), [Required(_FILLED)])

    def __init__(self, *args: Any, opened_on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._opened_on = opened_on

    def validate_paid_on(self, field: Any) -> None:
        """Raise ValidationError for a day to come, or before the financing was opened."""
        if field.data is not None and not is_payment_day(field.data, self._opened_on, self._today):
            raise ValidationError(_("Give a day between the opening and today."))


def _check_closing_day(field: Any, today: date) -> None:
    if field.data is None or is_closing_day(field.data, today):
        return
    raise ValidationError(
        _("Give a day to come.") if field.data < today else _("Give a day within two years.")
    )
