"""The words of this room: kinds, reasons, states, what is told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.commissioner_codes import CaseClosure, CommissionerKind

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        CommissionerKind: {
            CommissionerKind.BANK: Word(_l("Bank commissioner")),
            CommissionerKind.EQUITY: Word(_l("Equity commissioner")),
            CommissionerKind.GUARANTEE: Word(_l("Guarantee commissioner")),
            CommissionerKind.INSURANCE: Word(_l("Insurance commissioner")),
            CommissionerKind.ADVICE: Word(_l("Law or accounting commissioner")),
        },
        CaseClosure: {
            CaseClosure.REFUSED: Word(_l("The institution said no"), Tone.OVER),
            CaseClosure.CONDITIONS_NOT_MET: Word(_l("Conditions were not met"), Tone.OVER),
            CaseClosure.TOO_DEAR: Word(_l("Too dear"), Tone.OVER),
            CaseClosure.NOT_NEEDED: Word(_l("Not needed any more"), Tone.OVER),
            CaseClosure.FOUND_ELSEWHERE: Word(_l("Found elsewhere"), Tone.OVER),
            CaseClosure.CARE_ENDED: Word(_l("The care ended"), Tone.OVER),
            CaseClosure.OTHER: Word(_l("Another reason"), Tone.OVER),
        },
    }
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "commissioner": {
            "offered": Word(_l("Offered by the incubator"), Tone.WAITS),
            "applied": Word(_l("Applies to the incubator"), Tone.WAITS),
            "active": Word(_l("Commissioner"), Tone.FITS),
            "declined": Word(_l("Declined"), Tone.OVER),
            "withdrawn": Word(_l("Taken back"), Tone.OVER),
            "ended": Word(_l("Ended"), Tone.OVER),
            "over": Word(_l("Its last day is over"), Tone.OVER),
        },
        "company care": {
            "assigned": Word(_l("Waits for the startup's consent"), Tone.WAITS),
            "asked": Word(_l("Waits for the commissioner"), Tone.WAITS),
            "active": Word(_l("In care"), Tone.FITS),
            "declined": Word(_l("Declined"), Tone.OVER),
            "withdrawn": Word(_l("Taken back"), Tone.OVER),
            "ended": Word(_l("Ended"), Tone.OVER),
            "over": Word(_l("Not answered in time"), Tone.OVER),
        },
        "finance case": {
            "open": Word(_l("Open"), Tone.WAITS),
            "in_progress": Word(_l("In progress"), Tone.WAITS),
            "done": Word(_l("Money obtained"), Tone.FITS),
            "closed": Word(_l("Came to nothing"), Tone.OVER),
        },
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "commissioner_sought": NoticeWording(
            _l("%(incubator)s asks you to be its finance commissioner"),
            _l("Open an account with this address. The offer is found by it, and waits for you."),
        ),
        "commissioner_offered": NoticeWording(
            _l("%(incubator)s asks you to be its finance commissioner"),
            _l("For %(institution)s. Nothing begins before you accept."),
        ),
        "commissioner_applied": NoticeWording(
            _l("%(commissioner)s would be your finance commissioner"),
            _l("%(commissioner)s of %(institution)s applies to %(incubator)s. You decide."),
        ),
        "commissioner_accepted": NoticeWording(
            _l("A finance commissioner is appointed"),
            _l("%(commissioner)s of %(institution)s is a commissioner of %(incubator)s."),
        ),
        "commissioner_declined": NoticeWording(
            _l("A finance commissioner is not appointed"),
            _l(
                "%(commissioner)s of %(institution)s does not become a commissioner of"
                " %(incubator)s. The page says why, where a reason was given."
            ),
        ),
        "commissioner_withdrawn": NoticeWording(
            _l("An offer or application was taken back"),
            _l("%(commissioner)s of %(institution)s and %(incubator)s: it needs no answer now."),
        ),
        "commissioner_ended": NoticeWording(
            _l("A finance commissioner has ended"),
            _l(
                "%(commissioner)s of %(institution)s is no commissioner of %(incubator)s any more."
                " The page says why."
            ),
        ),
        "commissioner_over": NoticeWording(
            _l("The term of a finance commissioner is over"),
            _l("The last day of %(commissioner)s of %(institution)s at %(incubator)s has passed."),
        ),
        "commissioner_unanswered": NoticeWording(
            _l("An offer or application has ended without an answer"),
            _l(
                "%(commissioner)s of %(institution)s and %(incubator)s: the last day for an answer"
                " is over. It can be asked again."
            ),
        ),
        "care_assigned": NoticeWording(
            _l("%(incubator)s suggests a finance commissioner for %(startup)s"),
            _l(
                "%(commissioner)s of %(institution)s hears of %(startup)s only if you consent,"
                " and then decides."
            ),
        ),
        "care_asked": NoticeWording(
            _l("%(startup)s would be in your care"),
            _l("%(startup)s of %(incubator)s has consented to be known to you. You decide."),
        ),
        "care_accepted": NoticeWording(
            _l("%(startup)s has a finance commissioner"),
            _l("%(commissioner)s of %(institution)s takes %(startup)s. Say what you need."),
        ),
        "care_declined": NoticeWording(
            _l("%(commissioner)s does not take %(startup)s"),
            _l("The page says why, where a reason was given."),
        ),
        "care_withdrawn": NoticeWording(
            _l("%(startup)s is no longer suggested to a commissioner"),
            _l("%(commissioner)s of %(institution)s: it needs no answer now."),
        ),
        "care_ended": NoticeWording(
            _l("The care of %(commissioner)s for %(startup)s has ended"),
            _l("Cases that were open are closed."),
        ),
        "care_unanswered": NoticeWording(
            _l("Nobody has answered for %(startup)s and %(commissioner)s"),
            _l("The last day for an answer is over. It can be asked again."),
        ),
        "case_opened": NoticeWording(
            _l("A new case of %(startup)s"),
            _l("What %(startup)s needs stands on its page."),
        ),
        "case_begun": NoticeWording(
            _l("A case of %(startup)s is in progress"),
            _l("%(commissioner)s of %(institution)s has taken it up."),
        ),
        "case_done": NoticeWording(
            _l("A case of %(startup)s is done"),
            _l("%(commissioner)s has recorded what %(startup)s obtained."),
        ),
        "case_closed": NoticeWording(
            _l("A case of %(startup)s was closed"),
            _l("The page says why."),
        ),
        "case_noted": NoticeWording(
            _l("A note on a case of %(startup)s"),
            _l("The other side has written something down."),
        ),
        "commissioner_gone": NoticeWording(
            _l("A finance commissioner has closed the account"),
            _l("Companies in that care have none now."),
        ),
    }
)
