"""The words of this room: clauses, verdicts, what is asked for, and what would turn a refusal."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.clauses import Verdict
from app.mandates.checking import Clause
from app.mandates.words import CLAUSES
from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.vocabulary import (
    PassReason,
    ShownStatus,
)

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        Clause: {clause: Word(label) for clause, label in CLAUSES.items()},
        Verdict: {
            Verdict.PASS: Word(_l("Passes"), Tone.FITS),
            Verdict.FAIL: Word(_l("Does not pass"), Tone.FAILS),
            Verdict.UNKNOWN: Word(_l("Not known"), Tone.WAITS),
        },
        PassReason: {
            PassReason.OUTSIDE_MANDATE: Word(_l("Outside the mandate")),
            PassReason.TOO_EARLY: Word(_l("Too early")),
            PassReason.UNPROVEN: Word(_l("Not proven enough")),
            PassReason.TEAM: Word(_l("Team")),
            PassReason.MARKET: Word(_l("Market")),
            PassReason.TERMS: Word(_l("Terms")),
            PassReason.CONFLICT: Word(_l("Conflict of interest")),
            PassReason.NO_CAPACITY: Word(_l("No capacity")),
            PassReason.OTHER: Word(_l("Another reason")),
        },
        ShownStatus: {
            ShownStatus.LOOKING: Word(_l("We are looking at it"), Tone.WAITS),
            ShownStatus.TALKING: Word(_l("We want to talk"), Tone.WAITS),
            ShownStatus.EXAMINING: Word(_l("We are examining it closely"), Tone.WAITS),
            ShownStatus.AGREED: Word(_l("We want to invest"), Tone.FITS),
            ShownStatus.NOT_NOW: Word(_l("Not for us now"), Tone.OVER),
        },
    }
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "mandate": {
            "draft": Word(_l("Draft"), Tone.WAITS),
            "published": Word(_l("Published"), Tone.FITS),
            "replaced": Word(_l("Replaced"), Tone.OVER),
            "withdrawn": Word(_l("Withdrawn"), Tone.OVER),
        },
        "deal": {
            "inbox": Word(_l("Inbox"), Tone.WAITS),
            "review": Word(_l("In review"), Tone.WAITS),
            "agreed": Word(_l("Agreed"), Tone.FITS),
            "passed": Word(_l("Decided against"), Tone.OVER),
            "withdrawn": Word(_l("Withdrawn by the startup"), Tone.OVER),
            "done": Word(_l("Done"), Tone.FITS),
        },
    }
)

_STATUS_SUBJECT = _l("%(fund)s shows you where it stands")

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "mandate_passed_now": NoticeWording(
            _l("“%(need)s” passes the mandate of %(fund)s now"),
            _l("%(fund)s has published another version of its mandate, and every clause passes."),
        ),
        "mandate_failed_now": NoticeWording(
            _l("“%(need)s” does not pass the mandate of %(fund)s any more"),
            _l(
                "%(fund)s has published another version of its mandate. Your request stays as it"
                " is; the page says which clause it is, and what would do."
            ),
        ),
        "mandate_withdrawn": NoticeWording(
            _l("%(fund)s has withdrawn its mandate"),
            _l(
                "Nothing is judged by it any more, nor is “%(need)s”. Your request and what the"
                " fund has committed stay as they are."
            ),
        ),
        "proof_opens_less": NoticeWording(
            _l("One fund fewer is open for “%(need)s”"),
            _l(
                "By what was verified, “%(need)s” passed the mandate of %(fund)s, which has changed"
                " or withdrawn it. The page says which funds are open now."
            ),
        ),
        "proof_opens_less_gone": NoticeWording(
            _l("One fund fewer is open for “%(need)s”"),
            _l(
                "By what was verified, “%(need)s” passed the mandate of a fund that has closed its"
                " account. The page says which funds are open now."
            ),
        ),
        "deal_looking": NoticeWording(_STATUS_SUBJECT, _l("%(fund)s is looking at “%(need)s”.")),
        "deal_talking": NoticeWording(
            _STATUS_SUBJECT, _l("%(fund)s wants to talk with you about “%(need)s”.")
        ),
        "deal_examining": NoticeWording(
            _STATUS_SUBJECT, _l("%(fund)s is examining “%(need)s” closely.")
        ),
        "deal_agreed": NoticeWording(
            _STATUS_SUBJECT, _l("%(fund)s wants to invest for “%(need)s”.")
        ),
        "deal_not_now": NoticeWording(
            _STATUS_SUBJECT, _l("%(fund)s does not go on with “%(need)s” now.")
        ),
        "deal_withdrawn": NoticeWording(
            _l("%(startup)s no longer seeks your money"),
            _l("%(startup)s has withdrawn “%(need)s” from your deals."),
        ),
    }
)
