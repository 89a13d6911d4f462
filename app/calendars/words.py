"""The words of this room."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.words.labels import Word
from models.calendars import ExceptionKind

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        ExceptionKind: {
            ExceptionKind.AWAY: Word(_l("Away")),
            ExceptionKind.EXTRA: Word(_l("Can be met in addition")),
        },
    }
)

# Monday first, as in every week here.
WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
