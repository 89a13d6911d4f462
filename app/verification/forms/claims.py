"""A claim as it is typed: a measure, how it is compared, its value with or without the unit."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.widgets import TextInput

from app.verification.reading import ReadClaim
from app.verification.values import MEASURE_PLACES, ClaimValues, is_measure
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    Required,
    VersionField,
)
from app.web.picked_field import PickedField
from app.words.number_problems import word_number_problem
from app.words.numbers import NumberUnreadable, read_number
from models.canonical import canonical_line
from models.engagements import Engagement
from models.verification import (
    CONDITIONS_LIMIT,
    METRIC_LIMIT,
    SENTENCE_LIMIT,
    UNIT_LIMIT,
)
from models.vocabulary import ClaimComparator, Gate, ReadinessScale

_FIGURES: Final = "0-9零〇一二两三四五六七八九十百千万亿"
_NUMBER: Final = re.compile(rf"[-+]?[{_FIGURES}][{_FIGURES}.,' ]*")
# What stands behind the number is no unit, but the other end of a range.
_OTHER_END: Final = re.compile(r"\s*[-–—~至到]+\s*[0-9零一二两三四五六七八九十]")
# An exponent, a fraction or a tolerance is no unit either.
_NOT_UNIT: Final = re.compile(
    r"\s*(?:[eExX][-+]?[0-9]|[\^×x*·/]\s*[-+]?[0-9]|±|\+\s*/?\s*-)", re.IGNORECASE
)
_READ_CHARACTERS: Final = 60


class MeasureField(Field):  # type: ignore[misc]
    """A number, kept exactly, with at most six decimals; a unit behind it is kept in `unit`."""

    widget = TextInput()

    def __init__(self, label: object = None, validators: Sequence[Any] = (), **options: Any):
        super().__init__(label, validators, render_kw={"inputmode": "decimal"}, **options)
        self.unit = ""

    def _value(self) -> str:
        if self.raw_data:
            return canonical_line(self.raw_data[0])
        return "" if self.data is None else write_measure(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read number and unit; nothing typed is None. Raises ValueError with the message."""
        if not valuelist:
            return
        self.data, self.unit = None, ""
        typed = canonical_line(valuelist[0][:_READ_CHARACTERS])
        if not typed:
            return
        folded = unicodedata.normalize("NFKC", typed).replace("−", "-")
        match = _NUMBER.match(folded)
        if match and _OTHER_END.match(folded, match.end()):
            match = None
        if match and _NOT_UNIT.match(folded, match.end()):
            raise ValueError(
                _("Write the number in full, without exponent, fraction or tolerance.")
            )
        try:
            number = read_number(match.group().strip() if match else folded)
        except NumberUnreadable as error:
            said = word_number_problem(error.problem)
            raise ValueError(said or _("Give a number, such as 12.5.")) from None
        if not is_measure(number):
            raise ValueError(_("At most %(places)s decimals.", places=MEASURE_PLACES))
        self.data = number
        self.unit = folded[match.end() :].strip()[:UNIT_LIMIT] if match else ""


def write_measure(number: Decimal) -> str:
    """A measure in figures, without noughts behind the last one that says something."""
    shown = f"{number:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


class ClaimForm(FlaskForm):  # type: ignore[misc]
    """What can be measured."""

    metric = CanonicalTextField(
        _l("What is measured"),
        validators=[Required(_l("Please fill this in."))],
        limit=METRIC_LIMIT,
        description=_l("The quantity, as a laboratory would name it: breakdown voltage, yield."),
    )
    comparator = CodeField(_l("How it is compared"), ClaimComparator)
    low = MeasureField(
        _l("Lowest value"),
        description=_l("For “at least” and “between”. The unit may stand behind it: 1200 V."),
    )
    high = MeasureField(_l("Highest value"), description=_l("For “at most” and “between”."))
    unit = CanonicalTextField(
        _l("Unit"), limit=UNIT_LIMIT, description=_l("V, %, hours; nothing for a bare number.")
    )
    conditions = CanonicalAreaField(
        _l("Under which conditions"),
        limit=CONDITIONS_LIMIT,
        rows=3,
        description=_l("Temperature, load, number of pieces: without them a result says little."),
    )
    gate = CodeField(
        _l("Gate that it is to open"),
        Gate,
        blank=_l("None"),
        description=_l("What funds ask for is a gate. The centre says whether it is passed."),
    )
    scale = CodeField(
        _l("What it is about"),
        ReadinessScale,
        description=_l("Processes have levels of their own: manufacturing readiness."),
    )
    sentence = CanonicalAreaField(
        _l("The sentence in which you say so"),
        limit=SENTENCE_LIMIT,
        rows=2,
        description=_l("As in your need; the centre reads it with the claim."),
    )
    version = VersionField()

    def fill_from(self, values: ClaimValues, version: int | None = None) -> None:
        """Show what `values` say."""
        self.metric.data = values.metric
        self.comparator.data = values.comparator
        self.low.data, self.high.data = values.low, values.high
        self.unit.data = values.unit
        self.conditions.data = values.conditions
        self.gate.data = values.gate
        self.scale.data = values.scale
        self.sentence.data = values.sentence
        self.version.process_data(version)

    def fill_from_read(self, read: ReadClaim) -> None:
        """Show what was read in a sentence."""
        self.metric.data = read.metric
        self.comparator.data = read.comparator
        self.low.data, self.high.data = read.low, read.high
        self.unit.data = read.unit
        self.sentence.data = read.sentence

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field alone; then the values that the comparator needs, and one unit."""
        valid = bool(super().validate(extra_validators))
        comparator = self.comparator.data
        if comparator is None or self.low.errors or self.high.errors:
            return valid
        if comparator is not ClaimComparator.AT_MOST and self.low.data is None:
            self.low.errors = [_("Give the lowest value.")]
            valid = False
        if comparator is not ClaimComparator.AT_LEAST and self.high.data is None:
            self.high.errors = [_("Give the highest value.")]
            valid = False
        low, high = self.low.data, self.high.data
        is_between = comparator is ClaimComparator.BETWEEN
        if is_between and low is not None and high is not None and low > high:
            self.high.errors = [_("The highest value is below the lowest one.")]
            valid = False
        units = {unit for unit in (self.unit.data or "", *self._list_typed_units()) if unit}
        if len(units) > 1:
            self.unit.errors = [
                _("Two units are named: %(units)s.", units=", ".join(sorted(units)))
            ]
            valid = False
        elif units and not self.unit.data:
            (self.unit.data,) = units
        return valid

    def _list_typed_units(self) -> list[str]:
        wanted = self.comparator.data
        fields = [] if wanted is ClaimComparator.AT_MOST else [self.low]
        fields += [] if wanted is ClaimComparator.AT_LEAST else [self.high]
        return [field.unit for field in fields]

    def get_values(self) -> ClaimValues:
        """What was typed, once it is valid; the value that the comparator does not need is left."""
        wanted = self.comparator.data
        return ClaimValues(
            metric=self.metric.data,
            comparator=wanted,
            low=None if wanted is ClaimComparator.AT_MOST else self.low.data,
            high=None if wanted is ClaimComparator.AT_LEAST else self.high.data,
            unit=self.unit.data or "",
            conditions=self.conditions.data or "",
            gate=self.gate.data,
            scale=self.scale.data,
            sentence=self.sentence.data or "",
        )


class AskForm(FlaskForm):  # type: ignore[misc]
    """In which accepted request a centre is asked for a quote."""

    engagement = PickedField(_l("Centre"))

    def __init__(self, *args: Any, engagements: Sequence[Engagement], **options: Any) -> None:
        super().__init__(*args, **options)
        self.engagement.offer(
            (
                each.public_id,
                _("%(centre)s · %(need)s", centre=each.provider.name, need=each.need.title),
            )
            for each in engagements
        )
