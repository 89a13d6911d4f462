"""What a column of a startup's profile says, from how it is kept in JSON."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from app.web.worded import name_code
from app.words.places import name_place
from models.vocabulary import Field, FundingStage, Gate, Ladder, Language

_VOCABULARIES: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "fields": Field,
        "ladder": Ladder,
        "funding_stage": FundingStage,
        "gate": Gate,
        "languages": Language,
    }
)


def word_column(name: str, value: Any) -> str:
    """`value` of the column `name` in the reader's language."""
    if value in (None, "", []):
        return _("nothing")
    values = value if isinstance(value, list) else [value]
    vocabulary = _VOCABULARIES.get(name)
    if vocabulary is not None:
        return " · ".join(name_code(vocabulary(each)) for each in values)
    if name == "place_code":
        return name_place(value)
    return " · ".join(str(each) for each in values)
