"""The words of this room: the states of a place in a pool, and what is told about it."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.words.labels import Tone, Word
from app.words.wording import NoticeWording

# By lifecycle, because the same word of the code may be worded differently.
STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "pool entry": {
            "invited": Word(_l("Invited"), Tone.WAITS),
            "applied": Word(_l("Applied"), Tone.WAITS),
            "admitted": Word(_l("Admitted"), Tone.FITS),
            "paused": Word(_l("Paused"), Tone.OVER),
            "retired": Word(_l("Retired"), Tone.OVER),
            "declined": Word(_l("Declined"), Tone.FAILS),
        },
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "second_factor_asked": NoticeWording(
            _l("%(incubator)s asks its operators for a second factor"),
            _l("Set up a second factor: until then you cannot work for %(incubator)s."),
        ),
        "pool_invited": NoticeWording(
            _l("%(incubator)s invites you to its mentor pool"),
            _l("%(incubator)s invites you to its mentor pool. Please accept or decline."),
        ),
        "pool_applied": NoticeWording(
            _l("%(mentor)s applies to your mentor pool"),
            _l("%(mentor)s applies to the mentor pool of %(incubator)s. Please decide."),
        ),
        "pool_admitted": NoticeWording(
            _l("You are admitted to the mentor pool of %(incubator)s"),
            _l("%(incubator)s admitted you to its mentor pool. Its startups can now ask you."),
        ),
        "pool_joined": NoticeWording(
            _l("%(mentor)s joined your mentor pool"),
            _l("%(mentor)s accepted the invitation to the mentor pool of %(incubator)s."),
        ),
        "pool_declined": NoticeWording(
            _l("Mentor pool of %(incubator)s: declined"),
            _l("No admission to the mentor pool of %(incubator)s. The reason given: %(reason)s"),
        ),
        "pool_invitation_declined": NoticeWording(
            _l("%(mentor)s declined the invitation to your mentor pool"),
            _l("%(mentor)s declined the invitation of %(incubator)s. The reason given: %(reason)s"),
        ),
        "pool_paused": NoticeWording(
            _l("You are paused in the mentor pool of %(incubator)s"),
            _l("%(incubator)s paused you in its mentor pool. The reason given: %(reason)s"),
        ),
        "pool_resumed": NoticeWording(
            _l("You are back in the mentor pool of %(incubator)s"),
            _l("%(incubator)s resumed your place in its mentor pool."),
        ),
        "pool_retired": NoticeWording(
            _l("You have left the mentor pool of %(incubator)s"),
            _l("%(incubator)s retired you from its mentor pool. The reason given: %(reason)s"),
        ),
    }
)
