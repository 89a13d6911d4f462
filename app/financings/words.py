"""The words of this room: states, what funds see of each other, what is told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.financing_codes import PartiesShown

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        PartiesShown: {
            PartiesShown.SUMMARY: Word(_l("How many and how much")),
            PartiesShown.NAMES: Word(_l("Their names as well")),
            PartiesShown.CONTACTS: Word(_l("Their names and contacts as well")),
        },
    }
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "financing": {
            "draft": Word(_l("Draft"), Tone.WAITS),
            "open": Word(_l("Open to funds"), Tone.WAITS),
            "closed": Word(_l("Closed with success"), Tone.FITS),
            "abandoned": Word(_l("Abandoned"), Tone.OVER),
            "lapsed": Word(_l("Ended without its minimum"), Tone.OVER),
        },
        "interest": {
            "observing": Word(_l("Observing"), Tone.WAITS),
            "considering": Word(_l("Considering"), Tone.WAITS),
            "committed": Word(_l("Committed"), Tone.FITS),
            "invested": Word(_l("Paid in"), Tone.FITS),
            "left": Word(_l("Takes part no more"), Tone.OVER),
            "released": Word(_l("Released"), Tone.OVER),
            "lapsed": Word(_l("Ended with the financing"), Tone.OVER),
        },
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "financing_opened": NoticeWording(
            _l("%(startup)s has opened a financing"),
            _l("%(startup)s raises money for “%(need)s”. You can take part."),
        ),
        "financing_extended": NoticeWording(
            _l("%(startup)s has extended its financing"),
            _l("The financing for “%(need)s” has a later last day."),
        ),
        "financing_closed": NoticeWording(
            _l("%(startup)s has closed its financing"),
            _l("The financing for “%(need)s” has closed. What you have committed is now due."),
        ),
        "financing_over": NoticeWording(
            _l("%(startup)s has closed its financing without you"),
            _l("The financing for “%(need)s” has closed. You had committed nothing."),
        ),
        "financing_abandoned": NoticeWording(
            _l("%(startup)s has abandoned its financing"),
            _l("The financing for “%(need)s” has ended. Nothing binds you any more."),
        ),
        "financing_lapsed": NoticeWording(
            _l("The financing of %(startup)s has ended without its minimum"),
            _l("The last day of the financing for “%(need)s” is over. Nothing binds you any more."),
        ),
        "financing_closed_itself": NoticeWording(
            _l("Your financing has closed"),
            _l("The last day for “%(need)s” is over, and the minimum was committed."),
        ),
        "financing_lapsed_itself": NoticeWording(
            _l("Your financing has ended without its minimum"),
            _l("The last day for “%(need)s” is over. All commitments have ended."),
        ),
        "financing_closable": NoticeWording(
            _l("The minimum of your financing is committed"),
            _l("You can close the financing for “%(need)s”, or wait for its last day."),
        ),
        "commitment_considered": NoticeWording(
            _l("%(fund)s considers an amount"),
            _l("%(fund)s considers taking part in the financing for “%(need)s”."),
        ),
        "commitment_made": NoticeWording(
            _l("%(fund)s has committed itself"),
            _l("%(fund)s has committed an amount to the financing for “%(need)s”."),
        ),
        "commitment_released": NoticeWording(
            _l("%(fund)s has released its commitment"),
            _l("%(fund)s is no longer bound in the financing for “%(need)s”. The page says why."),
        ),
        "commitment_gone": NoticeWording(
            _l("A fund that had committed itself has left"),
            _l("It takes part no more in the financing for “%(need)s”. Its amount is free again."),
        ),
        "commitment_left_unpaid": NoticeWording(
            _l("A fund has closed its account before its money was confirmed"),
            _l(
                "What it committed in the financing for “%(need)s” is still counted. Confirm it if"
                " the money has come; otherwise release it."
            ),
        ),
        "commitment_let_go": NoticeWording(
            _l("%(startup)s has released your commitment"),
            _l("Nothing binds you any more in the financing for “%(need)s”. The page says why."),
        ),
        "commitment_paid": NoticeWording(
            _l("%(startup)s has confirmed your money"),
            _l("%(startup)s confirms that your money for “%(need)s” has come."),
        ),
    }
)
