"""The words of this room: the states of a need, and what the values of a condition say.

The values are those of `matching.records.Condition`, as strings: codes, places, whole numbers.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.words.formats import show_money
from app.words.labels import Tone, Word, get_label
from app.words.localisation import enumerate_words
from app.words.places import name_place
from models.vocabulary import (
    ConditionAttribute,
    Field,
    FundingStage,
    Gate,
    Instrument,
    Language,
    ProviderKind,
    Seat,
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "need": {
            "draft": Word(_l("Draft")),
            "open": Word(_l("Open"), Tone.FITS),
            "closed": Word(_l("Closed")),
        }
    }
)

# Beside places: whoever works remotely is near enough.
REMOTE: Final = "remote"

# The conditions whose values are codes.
VOCABULARIES: Final[Mapping[ConditionAttribute, type[StrEnum]]] = {
    ConditionAttribute.FIELDS: Field,
    ConditionAttribute.LANGUAGES: Language,
    ConditionAttribute.FUNDING_STAGE: FundingStage,
    ConditionAttribute.INSTRUMENTS: Instrument,
    ConditionAttribute.GATE: Gate,
    ConditionAttribute.SEAT: Seat,
}

# Which conditions concern whom; the first group concerns everybody.
FOR_EVERYBODY: Final = (
    ConditionAttribute.FIELDS,
    ConditionAttribute.PLACE,
    ConditionAttribute.LANGUAGES,
)
BY_KIND: Final[Mapping[ProviderKind, tuple[ConditionAttribute, ...]]] = {
    ProviderKind.MENTOR: (ConditionAttribute.HOURS, ConditionAttribute.SEAT),
    ProviderKind.INVESTOR: (
        ConditionAttribute.FUNDING_STAGE,
        ConditionAttribute.AMOUNT,
        ConditionAttribute.INSTRUMENTS,
    ),
    ProviderKind.CENTRE: (
        ConditionAttribute.GATE,
        ConditionAttribute.LEAD_TIME,
        ConditionAttribute.PRICE,
        ConditionAttribute.VOUCHER,
    ),
}


def word_values(attribute: ConditionAttribute, values: Sequence[str]) -> str:
    """The values of a condition as a reader sees them: "Shanghai or Suzhou", "within 14 days"."""
    match attribute:
        case ConditionAttribute.PLACE:
            return word_places(values)
        case ConditionAttribute.AMOUNT:
            return show_money(int(values[0]))
        case ConditionAttribute.PRICE:
            return _("at most %(amount)s", amount=show_money(int(values[0])))
        case ConditionAttribute.LEAD_TIME:
            return ngettext("within %(num)d day", "within %(num)d days", int(values[0]))
        case ConditionAttribute.HOURS:
            return ngettext("at least %(num)d hour", "at least %(num)d hours", int(values[0]))
        case ConditionAttribute.VOUCHER:
            return _("accepted")
        case _:
            vocabulary = VOCABULARIES[attribute]
            labels = [str(get_label(vocabulary(value))) for value in values]
            return enumerate_words(labels, is_choice=True)


def word_places(values: Sequence[str]) -> str:
    """Places as a choice, and whether remote work is as good."""
    names = enumerate_words([name_place(v) for v in values if v != REMOTE], is_choice=True)
    if REMOTE in values:
        return _("%(places)s or remote", places=names)
    return names
