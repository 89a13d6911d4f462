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

# Why a calendar elsewhere could not be read the last time.
PROBLEMS = MappingProxyType(
    {
        "address": _l("The address is not on the public internet, or not encrypted."),
        "unreachable": _l("The server could not be reached."),
        "late": _l("The server took too long."),
        "refused": _l("The server gave no calendar: is the address still good?"),
        "too_large": _l("The calendar is too large to be read."),
        "unreadable": _l("What stands at the address is no calendar (iCalendar)."),
        "too_much": _l("The calendar has more entries than can be read."),
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
