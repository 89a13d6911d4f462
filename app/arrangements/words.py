"""The words of this room: states, ends, steps, what is told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.financing_codes import ArrangementOutcome

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        ArrangementOutcome: {
            ArrangementOutcome.CONVERTED: Word(_l("Converted into shares"), Tone.FITS),
            ArrangementOutcome.REPAID: Word(_l("Paid back"), Tone.OVER),
            ArrangementOutcome.WAIVED: Word(_l("Given up"), Tone.OVER),
            ArrangementOutcome.FULFILLED: Word(_l("Fulfilled"), Tone.FITS),
        },
    }
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "arrangement": {
            "draft": Word(_l("Draft"), Tone.WAITS),
            "offered": Word(_l("Offered to the startup"), Tone.WAITS),
            "running": Word(_l("Agreed on"), Tone.FITS),
            "declined": Word(_l("Declined"), Tone.OVER),
            "convertible": Word(_l("Convertible"), Tone.FITS),
            "pending": Word(_l("Convertible pending: a financing is open"), Tone.WAITS),
            "due": Word(_l("Due: both sides decide"), Tone.WAITS),
            "ended": Word(_l("Ended"), Tone.OVER),
        },
        "tranche": {
            "waiting": Word(_l("Waits for its gate"), Tone.WAITS),
            "released": Word(_l("Can be paid"), Tone.FITS),
            "paid": Word(_l("Paid"), Tone.FITS),
        },
    }
)

STEPS: Mapping[str, LazyString] = MappingProxyType(
    {
        "arrangement_offered": _l("Offered"),
        "arrangement_taken_back": _l("Offer taken back"),
        "arrangement_unanswered": _l("Not answered in time: a draft again"),
        "arrangement_agreed": _l("Agreed on"),
        "arrangement_declined": _l("Declined"),
        "tranche_released": _l("A tranche can be paid: what it rests on is there"),
        "tranche_held": _l("A tranche can no longer be paid: what it rested on was withdrawn"),
        "tranche_paid": _l("A tranche was paid"),
        "tranche_fell": _l("What a paid tranche rested on was withdrawn; nothing is taken back"),
        "tranche_restored": _l("The gate of a paid tranche is verified again"),
        "arrangement_convertible": _l("It can be converted"),
        "arrangement_untriggered": _l(
            "It can no longer be converted: of the financing behind it a commitment was released"
        ),
        "arrangement_other_trigger": _l(
            "Of the financing behind it a commitment was released; it can be converted all the same"
        ),
        "arrangement_trigger_fell": _l(
            "After the conversion a commitment of the financing behind it was released"
        ),
        "arrangement_pending": _l("The last day is over while a financing is open"),
        "arrangement_due": _l("The last day is over: both sides decide"),
        "arrangement_end_proposed": _l("An end was proposed"),
        "arrangement_end_withdrawn": _l("The proposal was withdrawn"),
        "arrangement_end_refused": _l("The proposal was refused"),
        "arrangement_end_unanswered": _l("The proposal was not answered in time"),
        "arrangement_ended": _l("Ended"),
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "arrangement_offered": NoticeWording(
            _l("%(fund)s offers you an arrangement"),
            _l(
                "%(fund)s has set down how its money for “%(need)s” would come. It needs your word."
            ),
        ),
        "arrangement_taken_back": NoticeWording(
            _l("%(fund)s has taken its offer back"),
            _l("The arrangement for “%(need)s” is no longer offered."),
        ),
        "arrangement_unanswered": NoticeWording(
            _l("The offer of %(fund)s to %(startup)s has run out"),
            _l(
                "Nobody answered it in time. The arrangement for “%(need)s” is the fund's draft"
                " again, and can be offered once more."
            ),
        ),
        "arrangement_agreed": NoticeWording(
            _l("%(startup)s has agreed to your arrangement"),
            _l("The arrangement for “%(need)s” binds both of you now."),
        ),
        "arrangement_declined": NoticeWording(
            _l("%(startup)s has declined your arrangement"),
            _l("The arrangement for “%(need)s” was declined. The page says why."),
        ),
        "tranche_released": NoticeWording(
            _l("Tranche %(number)s for %(startup)s can be paid"),
            _l(
                "Everything on which tranche %(number)s (%(amount)s) for “%(need)s” rests is there."
            ),
        ),
        "tranche_held": NoticeWording(
            _l("Tranche %(number)s for %(startup)s can no longer be paid"),
            _l(
                "What tranche %(number)s (%(amount)s) for “%(need)s” rested on was withdrawn. It"
                " waits again."
            ),
        ),
        "tranche_fell": NoticeWording(
            _l("What tranche %(number)s for %(startup)s rested on was withdrawn, and it is paid"),
            _l(
                "Nothing confirms the gate of tranche %(number)s (%(amount)s) for “%(need)s” now."
                " No money is taken back by itself."
            ),
        ),
        "tranche_restored": NoticeWording(
            _l("The gate of tranche %(number)s for %(startup)s is verified again"),
            _l(
                "Tranche %(number)s (%(amount)s) for “%(need)s”, which is paid, rests on a"
                " confirmed gate again."
            ),
        ),
        "tranche_paid": NoticeWording(
            _l("%(fund)s says that tranche %(number)s was paid"),
            _l(
                "%(fund)s says that tranche %(number)s of the arrangement for “%(need)s” was paid"
                " on %(day)s: %(amount)s. If it has not come, write to the fund."
            ),
        ),
        "arrangement_convertible": NoticeWording(
            _l("The money of %(fund)s for %(startup)s can be converted"),
            _l("What was agreed on for “%(need)s” has come. Propose how it ends."),
        ),
        "arrangement_untriggered": NoticeWording(
            _l("The money of %(fund)s for %(startup)s can no longer be converted"),
            _l(
                "A commitment was released after the closing, so the financing comes to less than"
                " was agreed on for “%(need)s”. A conversion that was proposed is withdrawn."
            ),
        ),
        "arrangement_trigger_fell": NoticeWording(
            _l("What had made the money of %(fund)s for %(startup)s convertible came to less"),
            _l(
                "A commitment was released after “%(need)s” was converted. The conversion stands,"
                " and nothing is taken back by itself."
            ),
        ),
        "arrangement_pending": NoticeWording(
            _l("The arrangement of %(fund)s and %(startup)s is pending"),
            _l("Its last day for “%(need)s” is over while a financing is open, which decides it."),
        ),
        "arrangement_due": NoticeWording(
            _l("The arrangement of %(fund)s and %(startup)s is due"),
            _l("Its last day for “%(need)s” is over. Both sides decide how it ends."),
        ),
        "arrangement_end_proposed": NoticeWording(
            _l("An end of an arrangement waits for your word"),
            _l("The other side proposes how the arrangement for “%(need)s” ends."),
        ),
        "arrangement_end_withdrawn": NoticeWording(
            _l("A proposed end was withdrawn"),
            _l("The other side no longer proposes it for the arrangement for “%(need)s”."),
        ),
        "arrangement_end_refused": NoticeWording(
            _l("A proposed end was refused"),
            _l("The other side does not agree to it for “%(need)s”. The page says why."),
        ),
        "arrangement_end_unanswered": NoticeWording(
            _l("A proposed end was not answered in time"),
            _l("The arrangement for “%(need)s” goes on as before. Either side can propose again."),
        ),
        "arrangement_ended": NoticeWording(
            _l("An arrangement has ended as you proposed"),
            _l("The other side has agreed to how the arrangement for “%(need)s” ends."),
        ),
        "arrangement_gone": NoticeWording(
            _l("An arrangement has gone with the other side"),
            _l("Whoever you had arranged money with has closed the account."),
        ),
    }
)
