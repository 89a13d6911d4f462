"""A fact as it is typed: one form for each kind of value and of time, put together from parts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField
from wtforms.fields import SelectChoice

from app.clauses.terms import UNITS
from app.facts.values import StatedFact, make_year
from app.web.day_fields import DayField
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    CodesField,
    LengthLimit,
    Required,
)
from app.web.number_fields import DecimalField, WholeNumberField
from models.documents import Document
from models.fact_types import FACT_SPECS, FactKind, FactSource, FactSpec, FactTime, FactType
from models.facts import (
    NUMBER_LIMIT,
    REASON_LIMIT,
    SOURCE_NOTE_LIMIT,
    TEXT_LIMIT,
    FactValue,
)

_NEEDED: Final = _l("Please fill this in.")
_EARLIEST_YEAR: Final = 1980

# The units of money that statements and forms are written in, the one of policies first.
MONEY_UNITS: Final = ("ten_thousand_yuan", "thousand_yuan", "yuan")


class FactForm(FlaskForm):  # type: ignore[misc]
    """What every form of a fact has. `make_fact_form` adds the value and the time."""

    fact_type: FactType

    source = CodeField(_l("Source"), FactSource, default=FactSource.OWN_STATEMENT)
    source_note = CanonicalTextField(
        _l("Where in the source"),
        limit=SOURCE_NOTE_LIMIT,
        description=_l("For example: profit and loss account, line 1."),
    )

    document = SelectField(
        _l("Document"),
        validate_choice=False,
        description=_l("One of your documents that shows it."),
    )

    def offer(self, documents: Sequence[Document]) -> None:
        """These can be chosen, or none."""
        titles = [SelectChoice(each.public_id, each.title) for each in documents]
        self.document.choices = [SelectChoice("", _("No document")), *titles]

    def find_document(self, documents: Sequence[Document]) -> Document | None:
        """Which of `documents` was chosen."""
        chosen = self.document.data
        return next((each for each in documents if each.public_id == chosen), None)

    def get_stated(self) -> StatedFact:
        """What was typed, once it is valid."""
        begins_on, ends_on = self._get_time()
        value, unit = self._get_value()
        return StatedFact(
            fact_type=self.fact_type,
            value=value,
            begins_on=begins_on,
            ends_on=ends_on,
            unit=unit,
            source=FactSource(self.source.data),
            source_note=self.source_note.data,
        )

    def _get_time(self) -> tuple[date | None, date | None]:
        match FACT_SPECS[self.fact_type].time:
            case FactTime.YEAR:
                return make_year(self["year"].data)
            case FactTime.DAY:
                return self["on"].data, self["on"].data
            case _:
                return None, None

    def _get_value(self) -> tuple[FactValue, str]:
        typed = self["value"].data
        match FACT_SPECS[self.fact_type].kind:
            case FactKind.MONEY:
                unit = str(self["unit"].data)
                return Decimal(typed) * int(UNITS[unit].factor), unit
            case FactKind.COUNT:
                return Decimal(typed), "count"
            case FactKind.LEVEL:
                return Decimal(typed), "level"
            case FactKind.AREA:
                return Decimal(typed), "square_metre"
            case FactKind.TRUTH:
                return typed == "yes", ""
            case FactKind.CODES:
                codes = FACT_SPECS[self.fact_type].codes or ()
                return tuple(code.value for code in codes if code in typed), ""
            case FactKind.CODE:
                return str(typed.value), ""
            case FactKind.DATE:
                day: date = typed
                return day, ""
            case _:
                return str(typed), ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field on its own, then whether an amount is one in whole yuan."""
        if not super().validate(extra_validators):
            return False
        value, _unit = self._get_value()
        if isinstance(value, Decimal) and FACT_SPECS[self.fact_type].kind is FactKind.MONEY:
            if value != value.to_integral_value():
                self["value"].errors = [_("The smallest amount is one yuan.")]
            elif abs(value) > NUMBER_LIMIT:
                self["value"].errors = [_("This is more than can be kept.")]
        return not self.errors


class WithdrawalForm(FlaskForm):  # type: ignore[misc]
    """Why a fact is withdrawn."""

    reason = CanonicalAreaField(
        _l("Reason"),
        [Required(_NEEDED), LengthLimit(REASON_LIMIT)],
        rows=3,
        description=_l("Whoever acts for the subject reads it."),
    )


def make_fact_form(fact_type: FactType, today: date) -> type[FactForm]:
    """The form for facts of one type; their year is `today`'s at the latest."""
    spec = FACT_SPECS[fact_type]
    fields: dict[str, object] = {"fact_type": fact_type, "value": _VALUES[spec.kind](spec)}
    if spec.kind is FactKind.MONEY:
        fields["unit"] = SelectField(
            _l("Unit"),
            choices=lambda: [
                SelectChoice(value=unit, label=name_unit(unit)) for unit in MONEY_UNITS
            ],
            invalid_choice_message=_l("Choose from the list."),
        )
    if spec.time is FactTime.YEAR:
        fields["year"] = WholeNumberField(
            _l("Year"), [Required(_NEEDED)], low=_EARLIEST_YEAR, high=today.year
        )
    elif spec.time is FactTime.DAY:
        fields["on"] = DayField(_l("As of"), [Required(_NEEDED)])
    return type("MadeFactForm", (FactForm,), fields)


def name_unit(unit: str) -> str:
    """A unit of money in the reader's language."""
    return {
        "yuan": _("CNY"),
        "thousand_yuan": _("CNY 1,000"),
        "ten_thousand_yuan": _("CNY 10,000"),
    }[unit]


def _make_number(spec: FactSpec) -> Field:
    low = -NUMBER_LIMIT if spec.may_be_negative else 0
    places = {FactKind.MONEY: 4, FactKind.AREA: 2}.get(spec.kind, 0)
    return DecimalField(_l("Value"), [Required(_NEEDED)], low=low, high=NUMBER_LIMIT, places=places)


def _make_truth(spec: FactSpec) -> Field:
    return RadioField(
        _l("Value"),
        [Required(_NEEDED)],
        choices=lambda: [SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))],
        invalid_choice_message=_l("Choose from the list."),
    )


def _get_codes(spec: FactSpec) -> type[StrEnum]:
    if spec.codes is None:
        raise ValueError("a fact of codes has a vocabulary")
    return spec.codes


_VALUES: Final[Mapping[FactKind, Callable[[FactSpec], Field]]] = {
    FactKind.MONEY: _make_number,
    FactKind.COUNT: _make_number,
    FactKind.AREA: _make_number,
    FactKind.LEVEL: lambda spec: WholeNumberField(_l("Value"), [Required(_NEEDED)], low=1, high=9),
    FactKind.DATE: lambda spec: DayField(_l("Value"), [Required(_NEEDED)]),
    FactKind.TRUTH: _make_truth,
    FactKind.TEXT: lambda spec: CanonicalTextField(
        _l("Value"), [Required(_NEEDED)], limit=TEXT_LIMIT
    ),
    FactKind.CODE: lambda spec: CodeField(_l("Value"), _get_codes(spec)),
    FactKind.CODES: lambda spec: CodesField(_l("Value"), _get_codes(spec)),
}
