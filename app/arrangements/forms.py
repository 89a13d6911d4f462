"""What funds and founders type: an arrangement, a payment, an end, a reason."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, ValidationError
from wtforms.fields import SelectChoice

from app.arrangements.errors import ConversionEmpty
from app.arrangements.values import (
    TERMS,
    ArrangementValues,
    EndValues,
    Problem,
    TrancheValues,
    is_empty,
)
from app.web.day_fields import DayField
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    Required,
    VersionField,
)
from app.web.number_fields import MoneyField, PercentField
from app.web.worded import name_code
from models.arrangements import (
    ARRANGEMENT_WORDS_LIMIT,
    PARTNER_LIMIT,
    REASON_LIMIT,
    TRANCHES_LIMIT,
    Arrangement,
)
from models.financing_codes import ArrangementOutcome
from models.vocabulary import Gate, Instrument

_FILLED = _l("Please fill this in.")
_NUMBERS = range(1, TRANCHES_LIMIT + 1)


class ArrangementForm(FlaskForm):  # type: ignore[misc]
    """A draft of an arrangement. Its tranches are `amount_1` and `gate_1`, and so on."""

    form = CodeField(_l("In which form the money comes"), Instrument)
    trigger_yuan = MoneyField(
        _l("The next financing, with at least, in 10,000 CNY"),
        description=_l("When one of the startup closes with so much, the money can be converted."),
    )
    due_on = DayField(
        _l("Last day"),
        description=_l("While a financing is open then, it is pending; else both sides decide."),
    )
    converts_when_due = BooleanField(_l("On its last day it can be converted in any case"))
    holding_bp = PercentField(
        _l("Share in percent"),
        description=_l("The largest one after a conversion, or that bought."),
    )
    discount_bp = PercentField(_l("Discount on the valuation at a conversion, in percent"))
    yearly_bp = PercentField(_l("Interest a year, in percent"))
    partner = CanonicalTextField(_l("Bank, or from whom it is taken over"), limit=PARTNER_LIMIT)
    bank_bp = PercentField(_l("Share of the bank in the risk, in percent"))
    fund_bp = PercentField(_l("Share of the guarantee fund, in percent"))
    guarantor_bp = PercentField(_l("Share of the guarantor, in percent"))
    fee_bp = PercentField(_l("Fee a year, in percent"))
    words = CanonicalAreaField(
        _l("Terms in words"),
        [Required(_FILLED)],
        limit=ARRANGEMENT_WORDS_LIMIT,
        description=_l("Control, information, shares that are not sold. Fixed once it is offered."),
    )
    version = VersionField()

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._today = today

    @property
    def tranches(self) -> list[tuple[Any, Any]]:
        """The two fields of each tranche."""
        return [(self[f"amount_{number}"], self[f"gate_{number}"]) for number in _NUMBERS]

    def fill_from(self, values: ArrangementValues, version: int) -> None:
        """Show what `values` say."""
        self.form.data = values.form
        self.words.data = values.words
        for name in TERMS:
            self[name].data = getattr(values, name)
        for (amount, gate), part in zip(self.tranches, values.tranches, strict=False):
            amount.data, gate.data = part.amount_yuan, part.gate
        self.version.process_data(version)

    def get_values(self) -> ArrangementValues:
        """What was typed, once every field is readable."""
        terms = {name: self[name].data for name in TERMS}
        return ArrangementValues(
            form=self.form.data,
            words=self.words.data,
            tranches=tuple(
                TrancheValues(amount_yuan=amount.data, gate=gate.data)
                for amount, gate in self.tranches
                if amount.data is not None
            ),
            **terms,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it can be offered; the first field for which it cannot has the reason."""
        if not super().validate(extra_validators):
            return False
        problem = self.get_values().find_problem(self._today)
        if problem is None:
            return True
        field = self["amount_1" if problem.field == "tranches" else problem.field]
        field.errors = [*field.errors, str(problem.sentence)]
        return False


for _number in _NUMBERS:
    setattr(
        ArrangementForm,
        f"amount_{_number}",
        MoneyField(_l("Tranche %(number)s, in 10,000 CNY", number=_number)),
    )
    setattr(
        ArrangementForm,
        f"gate_{_number}",
        CodeField(_l("Its gate"), Gate, blank=_l("None: once both have agreed")),
    )


class TranchePaidForm(FlaskForm):  # type: ignore[misc]
    """On which day a tranche was paid."""

    paid_on = DayField(_l("Day on which it was paid"), [Required(_FILLED)])

    def __init__(self, *args: Any, today: date, agreed_on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._today, self._agreed_on = today, agreed_on

    def validate_paid_on(self, field: Any) -> None:
        """Raise ValidationError for a day before the agreement, or to come."""
        if field.data is not None and not self._agreed_on <= field.data <= self._today:
            raise ValidationError(_("Give a day between the agreement and today."))


class EndForm(FlaskForm):  # type: ignore[misc]
    """How it is to end."""

    outcome = SelectField(
        _l("How it ends"),
        coerce=ArrangementOutcome,
        invalid_choice_message=_l("Choose from the list."),
        invalid_value_message=_l("Choose from the list."),
    )
    valuation_yuan = MoneyField(
        _l("Valuation before the money, in 10,000 CNY"),
        description=_l("For a conversion. The share is computed from it, and never above the cap."),
    )
    repaid_yuan = MoneyField(
        _l("What is paid back, in 10,000 CNY"), description=_l("For a repayment.")
    )
    words = CanonicalAreaField(
        _l("Why"),
        limit=REASON_LIMIT,
        rows=3,
        description=_l("Needed where the money leaves. The other side reads it."),
    )
    version = VersionField()

    def __init__(
        self,
        *args: Any,
        outcomes: tuple[ArrangementOutcome, ...],
        arrangement: Arrangement,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._arrangement = arrangement
        self.outcome.choices = [SelectChoice(each.value, name_code(each)) for each in outcomes]
        self.outcome.flags.required = True
        if not self.is_submitted() or "formdata" in options:
            self.version.process_data(arrangement.version)

    def get_values(self) -> EndValues:
        """What was typed, once every field is readable."""
        return EndValues(
            outcome=self.outcome.data,
            valuation_yuan=self.valuation_yuan.data,
            repaid_yuan=self.repaid_yuan.data,
            words=self.words.data,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it can be proposed; the first field for which it cannot has the reason."""
        if not super().validate(extra_validators):
            return False
        values = self.get_values()
        problem = values.find_problem()
        if problem is None and is_empty(self._arrangement, values):
            problem = Problem("valuation_yuan", ConversionEmpty.sentence)
        if problem is None:
            return True
        field = self[problem.field]
        field.errors = [*field.errors, str(problem.sentence)]
        return False


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Why an offer is declined, or an end refused."""

    words = CanonicalAreaField(
        _l("Why"),
        [Required(_l("Please give a reason: the other side will read it."))],
        limit=REASON_LIMIT,
        rows=3,
    )
