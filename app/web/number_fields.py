"""Form fields for whole numbers and for money, read as people type them."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext as _
from wtforms import Field
from wtforms.widgets import TextInput

from app.words.limits import MONEY_LIMIT_YUAN
from app.words.number_problems import word_number_problem
from app.words.numbers import NumberProblem, NumberUnreadable, read_amount, read_number
from models.canonical import canonical_line

TEN_THOUSAND_YUAN = 10_000

Validators = Sequence[Callable[[Any, Any], None]]

# How long a text is looked at.
_READ_CHARACTERS = 100


class _NumberField(Field):  # type: ignore[misc]
    """What was typed is kept as it was typed, also where it is no number."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return canonical_line(self.raw_data[0])
        return "" if self.data is None else self._show(self.data)

    def _show(self, value: int) -> str:
        return str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; nothing typed is None. Raises ValueError with the message."""
        if not valuelist:
            return
        self.data = None
        typed = canonical_line(valuelist[0][:_READ_CHARACTERS])
        if not typed:
            return
        try:
            self.data = self._read(typed)
        except NumberUnreadable as error:
            raise ValueError(word_number_problem(error.problem) or self._word()) from None

    def _read(self, typed: str) -> int:
        raise ValueError(typed)

    def _word(self) -> str:
        return _("Give an amount as a number.")


# What people write behind a number in a field that counts such.
DAYS: Final = ("天", "日", "个工作日", "工作日", "day", "days", "d")
HOURS: Final = ("小时", "个小时", "hour", "hours", "hrs", "h")
MINUTES: Final = ("分钟", "分", "minute", "minutes", "min", "mins")
YEARS: Final = ("年", "year", "years")


class WholeNumberField(_NumberField):
    """A whole number from `low` to `high`, with one of `units` beside it or none.

    None where nothing was typed.
    """

    def __init__(
        self,
        label: object = None,
        validators: Validators = (),
        *,
        low: int,
        high: int,
        units: Sequence[str] = (),
        **options: Any,
    ) -> None:
        shown = {"inputmode": "numeric"} | options.pop("render_kw", {})
        super().__init__(label, validators, render_kw=shown, **options)
        self._low = low
        self._high = high
        self._units = units

    def _read(self, typed: str) -> int:
        number = read_number(typed, units=self._units)
        if number != number.to_integral_value():
            raise ValueError(self._word())
        if not self._low <= number <= self._high:
            raise ValueError(self._word())
        return int(number)

    def _word(self) -> str:
        return _("Give a whole number from %(low)s to %(high)s.", low=self._low, high=self._high)


class DecimalField(Field):  # type: ignore[misc]
    """A number from `low` to `high` with at most `places` decimals, kept exactly; or None."""

    widget = TextInput()

    def __init__(
        self,
        label: object = None,
        validators: Validators = (),
        *,
        low: int,
        high: int,
        places: int,
        **options: Any,
    ) -> None:
        shown = {"inputmode": "decimal"} | options.pop("render_kw", {})
        super().__init__(label, validators, render_kw=shown, **options)
        self._low = low
        self._high = high
        self._places = places

    def _value(self) -> str:
        if self.raw_data:
            return canonical_line(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; nothing typed is None. Raises ValueError with the message."""
        if not valuelist:
            return
        self.data = None
        typed = canonical_line(valuelist[0][:_READ_CHARACTERS])
        if not typed:
            return
        try:
            number = read_number(typed)
        except NumberUnreadable as error:
            said = word_number_problem(error.problem)
            raise ValueError(said or _("Give a number, such as 12.5.")) from None
        if not self._low <= number <= self._high:
            raise ValueError(
                _("Give a number from %(low)s to %(high)s.", low=self._low, high=self._high)
            )
        if number != round(number, self._places):
            raise ValueError(_("At most %(places)s decimals.", places=self._places))
        self.data = number


class PercentField(_NumberField):
    """A share above nothing and up to the whole, typed in percent, kept in basis points.

    The sign may stand behind it or not; at most two decimals, so that nothing is rounded.
    """

    def _show(self, value: int) -> str:
        shown = f"{Decimal(value) / 100:f}"
        return shown.rstrip("0").rstrip(".") if "." in shown else shown

    def _read(self, typed: str) -> int:
        # Not folded here: of 5² it would make 52.
        bare = typed.strip().removeprefix("百分之")
        if bare.endswith(("%", "％", "﹪")):
            bare = bare[:-1]
        try:
            number = read_number(bare.strip())
        except NumberUnreadable as error:
            if error.problem is NumberProblem.PERCENT:
                raise ValueError(self._word()) from None
            raise
        if not 0 < number <= 100:
            raise ValueError(self._word())
        if number != round(number, 2):
            raise ValueError(_("At most %(places)s decimals.", places=2))
        return int(number * 100)

    def _word(self) -> str:
        return _("Give a percentage above 0 and up to 100, such as 12.5.")


# Ten thousand million yuan and more: rarer than somebody who overlooks that the field counts in 万.
_ASKED_FROM: Final = 1_000_000


class MoneyField(_NumberField):
    """An amount of CNY, typed in units of `unit_yuan` and kept as a whole number of yuan.

    Somebody who types another unit (元, 万, 亿) means that one. A million and more without a unit
    may be yuan, which is asked.
    """

    def __init__(
        self,
        label: object = None,
        validators: Validators = (),
        *,
        unit_yuan: int = TEN_THOUSAND_YUAN,
        **options: Any,
    ) -> None:
        shown = {"inputmode": "decimal"} | options.pop("render_kw", {})
        super().__init__(label, validators, render_kw=shown, **options)
        self._unit_yuan = unit_yuan

    def _show(self, value: int) -> str:
        shown = self._count(value)
        return f"{shown}万" if self._has_to_be_asked(Decimal(shown)) else shown

    def _count(self, value: int) -> str:
        shown = f"{Decimal(value) / self._unit_yuan:f}"
        return shown.rstrip("0").rstrip(".") if "." in shown else shown

    def _read(self, typed: str) -> int:
        amount = read_amount(typed)
        yuan = amount.value * (self._unit_yuan if amount.unit is None else amount.unit)
        if not 0 <= yuan <= MONEY_LIMIT_YUAN:
            raise ValueError(
                _("Give an amount from 0 to %(high)s.", high=self._count(MONEY_LIMIT_YUAN))
            )
        if amount.unit is None and self._has_to_be_asked(amount.value):
            raise ValueError(
                _(
                    "Is this %(number)s元 or %(number)s万元? Write the unit behind the number.",
                    number=f"{amount.value:f}",
                )
            )
        if yuan != yuan.to_integral_value():
            raise ValueError(_("The smallest amount is one yuan."))
        return int(yuan)

    def _has_to_be_asked(self, amount: Decimal) -> bool:
        return self._unit_yuan == TEN_THOUSAND_YUAN and amount >= _ASKED_FROM
