"""The words of this room: schemes, conditions, hindrances, states, steps, what is told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import LazyString, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.vouchers.checking import Condition, Finding, Hindrance
from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.voucher_codes import CapBasis, CapFor, SourceGrade, VoucherCover, YearBasis

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        VoucherCover: {
            VoucherCover.TESTING: Word(_l("Testing and inspection")),
            VoucherCover.INSTRUMENTS: Word(_l("Sharing of instruments")),
            VoucherCover.CONCEPT: Word(_l("Verification of concepts")),
            VoucherCover.PILOT: Word(_l("Pilot trials")),
            VoucherCover.DESIGN: Word(_l("Research and design")),
            VoucherCover.COMPUTE: Word(_l("Computing power")),
        },
        CapBasis: {
            CapBasis.YEAR: Word(_l("a calendar year")),
            CapBasis.COMPANY: Word(_l("once for each company")),
            CapBasis.ORDER: Word(_l("for each order")),
        },
        YearBasis: {
            YearBasis.CONTRACT: Word(_l("the day of the order")),
            YearBasis.REPORT: Word(_l("the day of the report")),
            YearBasis.INVOICE: Word(_l("the day of the invoice")),
        },
        CapFor: {
            CapFor.TEAM: Word(_l("teams that are not registered yet")),
            CapFor.RESIDENT: Word(_l("residents of an incubator")),
        },
        SourceGrade: {
            SourceGrade.OFFICIAL: Word(_l("Official text"), Tone.FITS),
            SourceGrade.OFFICIAL_REPOST: Word(_l("Official text as others repeat it"), Tone.WAITS),
            SourceGrade.LEAD_ONLY: Word(_l("Second hand, not confirmed"), Tone.WAITS),
        },
        Condition: {
            Condition.PLACE: Word(_l("Place")),
            Condition.COMPANY: Word(_l("Registered company")),
            Condition.RESIDENT: Word(_l("Resident of an incubator")),
            Condition.TITLES: Word(_l("Titles held")),
            Condition.STAFF: Word(_l("Staff at most")),
            Condition.REVENUE: Word(_l("Revenue of last year at most")),
            Condition.ASSETS: Word(_l("Assets at most")),
            Condition.AGE: Word(_l("Years since the foundation at most")),
        },
    }
)

HINDRANCES: Mapping[Hindrance, LazyString] = MappingProxyType(
    {
        Hindrance.TOO_EARLY: _l("It is not open yet."),
        Hindrance.TOO_LATE: _l("The last day for reserving is over."),
        Hindrance.WAITING: _l("It waits for its next round."),
        Hindrance.NOT_COVERED: _l("It does not cover what this centre does."),
        Hindrance.NOT_TAKEN: _l("This centre takes no vouchers."),
        Hindrance.CAP_REACHED: _l("Nothing is left of your cap."),
        Hindrance.BUDGET_USED_UP: _l("The scheme's budget is used up."),
        Hindrance.DRAWN: _l("A voucher pays for this order or this claim already."),
        Hindrance.AFFILIATED: _l("You and the centre are connected."),
        Hindrance.NOT_ELIGIBLE: _l("A condition does not pass."),
        Hindrance.NOT_KNOWN: _l("Something is not known yet: state it, and have it confirmed."),
        Hindrance.NOTHING: _l("Its share of this fee is less than one yuan."),
    }
)

# The parts of a scheme that have to be said before it is published.
SCHEME_PARTS: Mapping[str, LazyString] = MappingProxyType(
    {
        "title": _l("Name"),
        "covers": _l("What it covers"),
        "share_bp": _l("Share"),
        "cap_yuan": _l("Cap"),
        "opens_on": _l("Opens on"),
        "apply_until": _l("Last day for reserving"),
        "use_until": _l("Last day for using"),
        "claim_until": _l("Last day for claiming"),
        "source_title": _l("Source"),
    }
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "voucher scheme": {
            "draft": Word(_l("Draft"), Tone.WAITS),
            "current": Word(_l("Open"), Tone.FITS),
            "waiting": Word(_l("Waits for the next round"), Tone.WAITS),
            "replaced": Word(_l("Replaced by a newer version"), Tone.OVER),
            "closed": Word(_l("Closed"), Tone.OVER),
        },
        "voucher": {
            "reserved": Word(_l("Reserved"), Tone.WAITS),
            "used": Word(_l("Used, to be claimed"), Tone.WAITS),
            "claimed": Word(_l("Claimed"), Tone.WAITS),
            "held": Word(_l("Held: startup and centre are connected"), Tone.WAITS),
            "returned": Word(_l("Returned: something is missing"), Tone.WAITS),
            "accepted": Word(_l("Accepted, to be paid"), Tone.FITS),
            "paid": Word(_l("Paid"), Tone.FITS),
            "refused": Word(_l("Refused"), Tone.FAILS),
            "released": Word(_l("Given back"), Tone.OVER),
            "lapsed": Word(_l("Lapsed"), Tone.OVER),
            "recovered": Word(_l("Recovered"), Tone.FAILS),
        },
    }
)

STEPS: Mapping[str, LazyString] = MappingProxyType(
    {
        "voucher_reserved": _l("Reserved with the order"),
        "voucher_used": _l("Used with the invoice"),
        "voucher_claimed": _l("Claimed"),
        "voucher_held": _l("Claimed, and held for a decision"),
        "voucher_allowed": _l("Let on by an officer"),
        "voucher_returned": _l("Sent back"),
        "voucher_accepted": _l("Claim accepted"),
        "voucher_refused": _l("Refused"),
        "voucher_paid": _l("Paid"),
        "voucher_recovered": _l("Money recovered"),
        "voucher_released": _l("Given back"),
        "voucher_lapsed": _l("Lapsed"),
        "voucher_report_fell": _l("The report behind it fell"),
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "voucher_reserved": NoticeWording(
            _l("%(startup)s has reserved a voucher"),
            _l("%(startup)s has ordered with a voucher of “%(scheme)s”: CNY %(amount)s."),
        ),
        "voucher_claimed": NoticeWording(
            _l("%(startup)s claims a voucher"),
            _l("A voucher of “%(scheme)s” over CNY %(amount)s waits for your review."),
        ),
        "voucher_held": NoticeWording(
            _l("Your voucher is held for a decision"),
            _l("“%(scheme)s”: you and the centre are connected. An officer decides, with words."),
        ),
        "voucher_returned": NoticeWording(
            _l("Your claim for a voucher came back"),
            _l("“%(scheme)s”: %(reason)s"),
        ),
        "voucher_accepted": NoticeWording(
            _l("Your voucher is accepted"),
            _l("“%(scheme)s” will pay CNY %(amount)s."),
        ),
        "voucher_refused": NoticeWording(
            _l("Your voucher is refused"),
            _l("“%(scheme)s” pays nothing: %(reason)s"),
        ),
        "voucher_paid": NoticeWording(
            _l("Your voucher is paid"),
            _l("“%(scheme)s” has paid CNY %(amount)s."),
        ),
        "voucher_recovered": NoticeWording(
            _l("The money of a voucher went back"),
            _l("“%(scheme)s”, CNY %(amount)s: %(reason)s"),
        ),
        "voucher_released": NoticeWording(
            _l("A voucher was given back"),
            _l("The voucher of %(startup)s from “%(scheme)s” over CNY %(amount)s is free again."),
        ),
        "voucher_lapsed": NoticeWording(
            _l("A voucher has lapsed"),
            _l("The voucher from “%(scheme)s” over CNY %(amount)s was not claimed in time."),
        ),
        "voucher_expiring": NoticeWording(
            _l("A voucher runs out soon"),
            _l("“%(scheme)s”, CNY %(amount)s: the next last day is %(day)s."),
        ),
        "voucher_report_fell": NoticeWording(
            _l("The report behind a voucher fell"),
            _l(
                "The report for which %(startup)s drew CNY %(amount)s from “%(scheme)s” is no"
                " longer true. Nothing more is paid on it, and what was paid is decided on."
            ),
        ),
    }
)

_IN_YUAN = (Condition.REVENUE, Condition.ASSETS)


def word_yuan(yuan: int) -> str:
    """An amount to the yuan: what a voucher is worth is never rounded for reading."""
    return _("CNY %(amount)s", amount=format_decimal(yuan))


def word_gap(finding: Finding) -> str:
    """How far a number is above what it may be at most; "" where nothing was counted."""
    if finding.gap is None:
        return ""
    if finding.condition in _IN_YUAN:
        return _("%(amount)s too much", amount=word_yuan(finding.gap))
    if finding.condition is Condition.STAFF:
        return _("%(count)s people too many", count=format_decimal(finding.gap))
    return ""
