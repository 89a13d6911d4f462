"""What the values of a condition can be, whoever states it: a form, a program, a proposal."""

from typing import Final

from app.needs.words import REMOTE
from app.words.limits import MONEY_LIMIT_YUAN
from models.place_tables import is_known_place
from models.vocabulary import (
    ConditionAttribute,
    Field,
    FundingStage,
    Gate,
    Instrument,
    Language,
    Seat,
)

_SEVERAL: Final = {
    ConditionAttribute.FIELDS: Field,
    ConditionAttribute.LANGUAGES: Language,
    ConditionAttribute.INSTRUMENTS: Instrument,
}
_ONE: Final = {
    ConditionAttribute.SEAT: Seat,
    ConditionAttribute.FUNDING_STAGE: FundingStage,
    ConditionAttribute.GATE: Gate,
}
# As the form has them: yuan, days, hours a month.
NUMBERS: Final = {
    ConditionAttribute.AMOUNT: (0, MONEY_LIMIT_YUAN),
    ConditionAttribute.PRICE: (0, MONEY_LIMIT_YUAN),
    ConditionAttribute.LEAD_TIME: (0, 3650),
    ConditionAttribute.HOURS: (1, 200),
}


def is_condition(attribute: ConditionAttribute, values: tuple[str, ...]) -> bool:
    """Whether a condition on `attribute` can have these values, as the form would take them."""
    if attribute in _SEVERAL:
        return bool(values) and set(values) <= {code.value for code in _SEVERAL[attribute]}
    if attribute is ConditionAttribute.PLACE:
        return (
            bool(values)
            and is_known_place(values[0])
            and (len(values) == 1 or values[1:] == (REMOTE,))
        )
    if attribute is ConditionAttribute.VOUCHER:
        return values == ("true",)
    if len(values) != 1:
        return False
    (value,) = values
    if attribute in _ONE:
        return value in {code.value for code in _ONE[attribute]}
    low, high = NUMBERS[attribute]
    is_number = value.isascii() and value.isdecimal() and len(value) <= 15
    return is_number and str(int(value)) == value and low <= int(value) <= high
