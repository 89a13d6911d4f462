"""The shape of a need as it is typed: its words, and its conditions without any script.

Each condition has its value and, beside it, how much it matters: not at all, preferred (soft) or
required (hard).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields import SelectChoice

from app.needs.actions import LEAST_CHARACTERS, StatedCondition, StatedNeed
from app.needs.words import BY_KIND, FOR_EVERYBODY, REMOTE
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    CodesField,
    GroupedCodesField,
    PlaceField,
    Required,
    VersionField,
)
from app.web.number_fields import DAYS, HOURS, MoneyField, WholeNumberField
from app.words.limits import NAME_LIMIT
from models.needs import Need
from models.vocabulary import (
    FIELD_GROUPS,
    ConditionAttribute,
    Field,
    FundingStage,
    Gate,
    Instrument,
    Language,
    NeedKind,
    ProviderKind,
    Seat,
)


class Weight(StrEnum):
    """How much a condition matters."""

    NONE = ""
    SOFT = "soft"
    HARD = "hard"


_WEIGHT_LABELS: Final = {
    Weight.NONE: _l("Does not matter"),
    Weight.SOFT: _l("Preferred"),
    Weight.HARD: _l("Required"),
}


_GROUP_LABELS: Final = {
    None: _l("Conditions on everybody"),
    ProviderKind.MENTOR: _l("Conditions on mentors"),
    ProviderKind.INVESTOR: _l("Conditions on investors"),
    ProviderKind.CENTRE: _l("Conditions on concept-verification centres"),
}


class WeightField(SelectField):  # type: ignore[misc]
    """How much the condition beside it matters."""

    def __init__(self, label: LazyString, **options: Any) -> None:
        super().__init__(
            label,
            coerce=Weight,
            default=Weight.NONE,
            choices=lambda: [
                SelectChoice(value=weight.value, label=str(_WEIGHT_LABELS[weight]))
                for weight in Weight
            ],
            invalid_value_message=_l("Choose from the list."),
            invalid_choice_message=_l("Choose from the list."),
            **options,
        )
        # It always has a value, so that nobody is told it could be left out.
        self.flags.required = True


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition on the page: what is asked for, and how much it matters."""

    attribute: ConditionAttribute
    values: tuple[Any, ...]
    weight: WeightField


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """Conditions that concern one kind of provider, or everybody. `is_open` unfolds
    those that say something: a need is stated in a minute, its conditions when they are wanted."""

    kind: ProviderKind | None
    rows: tuple[ConditionRow, ...]
    is_open: bool


class NeedForm(FlaskForm):  # type: ignore[misc]
    """A need with its conditions. `then` is the button: "open" looks for matches at once."""

    kind = CodeField(_l("What do you need?"), NeedKind, default=NeedKind.MENTORING)
    title = CanonicalTextField(
        _l("The need in one line"),
        [Required(_l("Say in one line what you need."))],
        limit=NAME_LIMIT,
    )
    text = CanonicalAreaField(
        _l("In your own words"),
        rows=9,
        description=_l(
            "What you make, what does not work yet, and what somebody should know to help. "
            "Matching compares each sentence, so write whole sentences."
        ),
    )

    fields = GroupedCodesField(_l("Any of these fields"), Field, groups=FIELD_GROUPS)
    fields_weight = WeightField(_l("How much the field matters"))
    place = PlaceField(_l("District, city or province"))
    place_remote = BooleanField(_l("Remote is as good"))
    place_weight = WeightField(_l("How much the place matters"))
    languages = CodesField(_l("Any of these languages"), Language)
    languages_weight = WeightField(_l("How much the language matters"))
    hours = WholeNumberField(_l("At least so many hours a month"), low=1, high=200, units=HOURS)
    hours_weight = WeightField(_l("How much the hours matter"))
    seat = CodeField(_l("Academic or industrial"), Seat, blank=_l("Not chosen"))
    seat_weight = WeightField(_l("How much this side matters"))
    funding_stage = CodeField(_l("Invests at this stage"), FundingStage, blank=_l("Not chosen"))
    funding_stage_weight = WeightField(_l("How much the stage matters"))
    amount = MoneyField(_l("Amount, in 10,000 CNY"))
    amount_weight = WeightField(_l("How much the amount matters"))
    instruments = CodesField(_l("Any of these instruments"), Instrument)
    instruments_weight = WeightField(_l("How much the instrument matters"))
    gate = CodeField(_l("Service for this gate"), Gate, blank=_l("Not chosen"))
    gate_weight = WeightField(_l("How much the gate matters"))
    lead_time = WholeNumberField(_l("Done within so many days"), low=0, high=3650, units=DAYS)
    lead_time_weight = WeightField(_l("How much the lead time matters"))
    price = MoneyField(_l("Price of at most, in CNY"), unit_yuan=1)
    price_weight = WeightField(_l("How much the price matters"))
    voucher_weight = WeightField(_l("How much it matters that vouchers are accepted"))

    version = VersionField()
    then = HiddenField(default="draft")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # A draft can do without, and validation knows; but it is nothing to call optional.
        self.text.flags.required = True

    @property
    def opens(self) -> bool:
        """Whether the button said that matches are to be looked for."""
        return bool(self.then.data == "open")

    def fill_from(self, need: Need) -> None:
        """Show what `need` says."""
        self.kind.data = need.kind
        self.title.data = need.title
        self.text.data = need.text
        self.version.data = need.version
        for condition in need.conditions:
            self._show_values(condition.attribute, condition.values)
            weight = Weight.HARD if condition.is_hard else Weight.SOFT
            self._get_weight_field(condition.attribute).data = weight

    def validate(self, extra_validators: Any = None, *, must_be_long: bool = False) -> bool:
        """Whether everything can be stored; `must_be_long` for a need that is to be open."""
        is_valid = bool(super().validate(extra_validators))
        count = len(self.text.data or "")
        if must_be_long and count < LEAST_CHARACTERS:
            self._add_error(
                self.text,
                _(
                    "Write at least %(least)s characters, so that there is something to match; "
                    "there are %(count)s now.",
                    least=LEAST_CHARACTERS,
                    count=count,
                ),
            )
            is_valid = False
        for attribute in ConditionAttribute:
            is_valid = self._check_condition(attribute) and is_valid
        return is_valid

    def get_stated(self) -> StatedNeed:
        """What was typed, once it is valid."""
        conditions = []
        for attribute in ConditionAttribute:
            weight = self._get_weight_field(attribute).data
            if weight is not Weight.NONE:
                conditions.append(
                    StatedCondition(attribute, self._read_values(attribute), weight is Weight.HARD)
                )
        return StatedNeed(
            kind=self.kind.data,
            title=self.title.data,
            text=self.text.data,
            conditions=tuple(conditions),
        )

    def list_groups(self) -> Iterator[ConditionGroup]:
        """The conditions as they stand on the page: for everybody, then by kind of provider."""
        yield self._make_group(None, FOR_EVERYBODY)
        for kind, attributes in BY_KIND.items():
            yield self._make_group(kind, attributes)

    def _make_group(
        self, kind: ProviderKind | None, attributes: Sequence[ConditionAttribute]
    ) -> ConditionGroup:
        rows = tuple(
            ConditionRow(
                attribute,
                tuple(self._list_value_fields(attribute)),
                self._get_weight_field(attribute),
            )
            for attribute in attributes
        )
        is_used = any(
            row.weight.data is not Weight.NONE
            or row.weight.errors
            or any(f.errors for f in row.values)
            for row in rows
        )
        return ConditionGroup(kind, rows, is_used)

    def _get_weight_field(self, attribute: ConditionAttribute) -> WeightField:
        field: WeightField = self[f"{attribute.value}_weight"]
        return field

    def _list_value_fields(self, attribute: ConditionAttribute) -> Iterable[Any]:
        if attribute is ConditionAttribute.VOUCHER:
            return ()
        if attribute is ConditionAttribute.PLACE:
            return (self.place, self.place_remote)
        return (self[attribute.value],)

    def _read_values(self, attribute: ConditionAttribute) -> tuple[str, ...]:
        """The values as `matching.records.Condition` has them; () where none was given."""
        match attribute:
            case ConditionAttribute.VOUCHER:
                return ("true",)
            case ConditionAttribute.PLACE:
                if not self.place.data:
                    return ()
                return (self.place.data, REMOTE) if self.place_remote.data else (self.place.data,)
            case (
                ConditionAttribute.FIELDS
                | ConditionAttribute.LANGUAGES
                | ConditionAttribute.INSTRUMENTS
            ):
                return tuple(code.value for code in self[attribute.value].data or ())
            case _:
                value = self[attribute.value].data
                return () if value is None else (str(value),)

    def _show_values(self, attribute: ConditionAttribute, values: Sequence[str]) -> None:
        match attribute:
            case ConditionAttribute.VOUCHER:
                return
            case ConditionAttribute.PLACE:
                self.place.data = next((v for v in values if v != REMOTE), None)
                self.place_remote.data = REMOTE in values
            case ConditionAttribute.FIELDS:
                self.fields.data = [Field(value) for value in values]
            case ConditionAttribute.LANGUAGES:
                self.languages.data = [Language(value) for value in values]
            case ConditionAttribute.INSTRUMENTS:
                self.instruments.data = [Instrument(value) for value in values]
            case ConditionAttribute.SEAT:
                self.seat.data = Seat(values[0])
            case ConditionAttribute.FUNDING_STAGE:
                self.funding_stage.data = FundingStage(values[0])
            case ConditionAttribute.GATE:
                self.gate.data = Gate(values[0])
            case _:
                self[attribute.value].data = int(values[0])

    def _check_condition(self, attribute: ConditionAttribute) -> bool:
        """A value says how much it matters, and what matters has a value."""
        weight = self._get_weight_field(attribute)
        fields = list(self._list_value_fields(attribute))
        if weight.errors or any(field.errors for field in fields):
            return False
        values = self._read_values(attribute)
        if weight.data is Weight.NONE and values and attribute is not ConditionAttribute.VOUCHER:
            self._add_error(
                weight, _("A value was given. Say how much it matters, or remove the value.")
            )
            return False
        if weight.data is not Weight.NONE and not values:
            self._add_error(
                fields[0],
                _(
                    "Say what is wanted, or choose “%(choice)s”.",
                    choice=_WEIGHT_LABELS[Weight.NONE],
                ),
            )
            return False
        return True

    @staticmethod
    def _add_error(field: Any, message: str) -> None:
        field.errors = [*field.errors, message]


def name_group(kind: ProviderKind | None) -> str:
    """The heading over the conditions that concern `kind`; None stands for all kinds."""
    return str(_GROUP_LABELS[kind])
