"""The words of this room for what was done and what can be done, in the reader's language."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# The steps of the trace (`models.engagements.EngagementEvent.kind`).
TRACE_WORDS: Mapping[str, LazyString] = MappingProxyType(
    {
        "requested": _l("Request sent"),
        "accepted": _l("Request accepted"),
        "declined": _l("Request declined"),
        "withdrawn": _l("Request withdrawn"),
        "expired": _l("Request expired without an answer"),
        "cancelled": _l("Engagement cancelled"),
        "completed": _l("Engagement completed"),
        "session_proposed": _l("Time proposed"),
        "session_confirmed": _l("Time confirmed"),
        "session_moved": _l("New time proposed"),
        "session_cancelled": _l("Session cancelled"),
        "session_held": _l("Session recorded as held"),
        "session_missed": _l("Session recorded as missed"),
        "feedback_given": _l("Feedback given"),
    }
)

# What a rating means, beside its number.
RATING_WORDS: Mapping[int, LazyString] = MappingProxyType(
    {
        1: _l("1 – poor"),
        2: _l("2 – weak"),
        3: _l("3 – fair"),
        4: _l("4 – good"),
        5: _l("5 – excellent"),
    }
)
