"""The words of this room: the states of a profile."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.words.labels import Tone, Word

# By lifecycle, because the same word of the code may be worded differently.
STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "profile": {
            "draft": Word(_l("Draft"), Tone.OVER),
            "published": Word(_l("Published"), Tone.FITS),
            "paused": Word(_l("Paused"), Tone.OVER),
        },
    }
)
