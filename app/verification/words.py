"""The words of this room: claims and measures, states, steps, what is told."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from flask_babel import LazyString, format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.verification.rules import Breach
from app.words.labels import Tone, Word
from app.words.localisation import enumerate_words
from app.words.wording import NoticeWording
from models.verification import Claim
from models.vocabulary import ClaimComparator, ClaimVerdict, ReadinessScale

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        ClaimComparator: {
            ClaimComparator.AT_LEAST: Word(_l("at least")),
            ClaimComparator.AT_MOST: Word(_l("at most")),
            ClaimComparator.BETWEEN: Word(_l("between")),
        },
        ReadinessScale: {
            ReadinessScale.TECHNOLOGY: Word(_l("A technology (TRL)")),
            ReadinessScale.PROCESS: Word(_l("A process (MRL)")),
        },
        ClaimVerdict: {
            ClaimVerdict.CONFIRMED: Word(_l("Confirmed by test"), Tone.FITS),
            ClaimVerdict.REFUTED: Word(_l("Refuted"), Tone.FAILS),
            ClaimVerdict.INCONCLUSIVE: Word(_l("Inconclusive"), Tone.WAITS),
        },
    }
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "claim": {
            "stated": Word(_l("Stated"), Tone.WAITS),
            "withdrawn": Word(_l("Withdrawn"), Tone.OVER),
        },
        "order": {
            "asked": Word(_l("Quote asked for"), Tone.WAITS),
            "quoted": Word(_l("Quoted"), Tone.WAITS),
            "expired": Word(_l("Quote ran out"), Tone.OVER),
            "ordered": Word(_l("Ordered"), Tone.WAITS),
            "in_lab": Word(_l("On the bench"), Tone.WAITS),
            "to_verify": Word(_l("Result to be verified"), Tone.WAITS),
            "verified": Word(_l("Result verified"), Tone.WAITS),
            "reported": Word(_l("Report is out"), Tone.FITS),
            "settled": Word(_l("Settled"), Tone.FITS),
            "cancelled": Word(_l("Cancelled"), Tone.OVER),
        },
        "sample": {
            "sent": Word(_l("On its way"), Tone.WAITS),
            "received": Word(_l("Received"), Tone.FITS),
            "refused": Word(_l("Refused by the centre"), Tone.FAILS),
            "returned": Word(_l("Returned"), Tone.OVER),
            "destroyed": Word(_l("Destroyed"), Tone.OVER),
        },
        "slot": {
            "booked": Word(_l("Booked"), Tone.FITS),
            "cancelled": Word(_l("Cancelled"), Tone.OVER),
            "cancelled_late": Word(_l("Cancelled late"), Tone.FAILS),
            "moved": Word(_l("Moved"), Tone.OVER),
            "used": Word(_l("Used"), Tone.FITS),
            "missed": Word(_l("Nobody came"), Tone.FAILS),
            "waived": Word(_l("Waived"), Tone.OVER),
        },
        "result": {
            "submitted": Word(_l("To be verified"), Tone.WAITS),
            "verified": Word(_l("Verified"), Tone.FITS),
            "returned": Word(_l("Sent back"), Tone.FAILS),
        },
        "report": {
            "published": Word(_l("Published"), Tone.FITS),
            "disputed": Word(_l("Disputed"), Tone.WAITS),
            "upheld": Word(_l("Upheld"), Tone.FITS),
            "superseded": Word(_l("Superseded"), Tone.OVER),
            "lapsed": Word(_l("Run out"), Tone.OVER),
            "invalidated": Word(_l("Invalidated"), Tone.FAILS),
        },
    }
)

# What a centre's queue is divided by.
COLUMNS: Mapping[str, LazyString] = MappingProxyType(
    {
        "to_quote": _l("To quote"),
        "waiting": _l("Waiting for the startup"),
        "bench": _l("On the bench"),
        "to_verify": _l("Results to verify"),
        "to_publish": _l("Reports to publish"),
        "reported": _l("Reported, to be settled"),
        "over": _l("Over"),
    }
)

STEPS: Mapping[str, LazyString] = MappingProxyType(
    {
        "quote_asked": _l("Quote asked for"),
        "quote_offered": _l("Quote offered"),
        "quote_declined": _l("Quote declined"),
        "quote_expired": _l("Quote ran out"),
        "quote_not_given": _l("No quote came in time"),
        "quote_accepted": _l("Quote accepted: ordered"),
        "order_cancelled": _l("Order cancelled"),
        "sample_sent": _l("Sample sent"),
        "sample_received": _l("Sample received"),
        "sample_refused": _l("Sample refused"),
        "sample_returned": _l("Sample returned"),
        "sample_destroyed": _l("Sample destroyed"),
        "work_begun": _l("Work begun"),
        "result_submitted": _l("Result submitted"),
        "result_verified": _l("Result verified"),
        "result_returned": _l("Result sent back"),
        "report_published": _l("Report published"),
        "report_disputed": _l("Report disputed"),
        "report_upheld": _l("Report upheld"),
        "report_invalidated": _l("Report invalidated"),
        "report_lapsed": _l("Report run out"),
        "retest_begun": _l("Tested again"),
        "order_settled": _l("Order settled"),
        "slot_booked": _l("Slot booked"),
        "slot_moved": _l("Slot moved"),
        "slot_cancelled": _l("Slot cancelled"),
        "slot_used": _l("Slot used"),
        "slot_missed": _l("Slot missed"),
        "slot_waived": _l("Missed slot waived"),
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "quote_asked": NoticeWording(
            _l("%(startup)s asks you for a quote"),
            _l("%(startup)s wants to have this tested: %(metric)s."),
        ),
        "quote_offered": NoticeWording(
            _l("%(centre)s has sent you a quote: %(metric)s"),
            _l(
                "%(centre)s would test “%(metric)s” for %(price)s with tax, in %(days)s days, by"
                " “%(service)s”. The quote stands until %(until)s. Order by it, or say why not."
            ),
        ),
        "quote_declined": NoticeWording(
            _l("%(startup)s wants another quote"),
            _l(
                "%(startup)s declines your quote for “%(metric)s” (“%(service)s”, %(price)s):"
                " %(reason)s"
            ),
        ),
        "quote_accepted": NoticeWording(
            _l("%(startup)s has ordered: %(metric)s"),
            _l(
                "%(startup)s accepts your quote for “%(metric)s”: “%(service)s” for %(price)s with"
                " tax."
            ),
        ),
        "quote_expired": NoticeWording(
            _l("A quote ran out: %(metric)s"),
            _l(
                "The quote of %(centre)s to %(startup)s for “%(metric)s” (“%(service)s”,"
                " %(price)s) stands no more. Another one can be made."
            ),
        ),
        "quote_not_given": NoticeWording(
            _l("No quote came for “%(metric)s”"),
            _l(
                "%(centre)s has not said within thirty days what it would cost %(startup)s to have"
                " this tested. A quote can be asked for again: %(metric)s."
            ),
        ),
        "order_cancelled": NoticeWording(
            _l("%(who)s has cancelled an order"),
            _l("%(who)s has cancelled the order “%(metric)s”: %(reason)s"),
        ),
        "sample_sent": NoticeWording(
            _l("A sample is on its way"),
            _l("%(startup)s has sent a sample under the code %(code)s: %(metric)s."),
        ),
        "sample_received": NoticeWording(
            _l("Your sample has arrived"),
            _l("%(centre)s has received the sample %(code)s, for “%(metric)s”."),
        ),
        "sample_refused": NoticeWording(
            _l("Your sample was refused"),
            _l("%(centre)s does not take the sample %(code)s, for “%(metric)s”: %(reason)s"),
        ),
        "sample_returned": NoticeWording(
            _l("Your sample comes back"),
            _l("%(centre)s has sent the sample %(code)s back, which was for “%(metric)s”."),
        ),
        "sample_destroyed": NoticeWording(
            _l("Your sample was destroyed"),
            _l("%(centre)s has destroyed the sample %(code)s, which was for “%(metric)s”."),
        ),
        "work_begun": NoticeWording(
            _l("Your order is on the bench"),
            _l("%(centre)s has begun to test: %(metric)s."),
        ),
        "result_submitted": NoticeWording(
            _l("A result waits to be verified"),
            _l("A colleague has submitted a result for %(startup)s: %(metric)s."),
        ),
        "result_returned": NoticeWording(
            _l("A result was sent back"),
            _l("A colleague does not vouch for the result for %(startup)s: %(reason)s"),
        ),
        "report_published": NoticeWording(
            _l("%(centre)s has published your report"),
            _l("The result is there: %(metric)s. Only you decide who sees it."),
        ),
        "report_disputed": NoticeWording(
            _l("%(startup)s disputes your report"),
            _l("%(startup)s disputes the report on “%(metric)s”: %(reason)s"),
        ),
        "report_upheld": NoticeWording(
            _l("%(centre)s stands by its report"),
            _l("The report on “%(metric)s” stands: %(reason)s"),
        ),
        "retest_begun": NoticeWording(
            _l("%(centre)s tests again"),
            _l("“%(metric)s” is tested again, and the report before counts no more: %(reason)s"),
        ),
        "report_invalidated": NoticeWording(
            _l("A report on your claim was wrong"),
            _l("%(centre)s has invalidated its report on “%(metric)s”: %(reason)s"),
        ),
        "report_lapsed": NoticeWording(
            _l("A report has run out"),
            _l("The report of %(centre)s on “%(metric)s” counts no more: its last day is over."),
        ),
        "order_settled": NoticeWording(
            _l("An order is settled"),
            _l("%(centre)s has settled the order “%(metric)s”."),
        ),
        "order_gone": NoticeWording(
            _l("The centre that was testing “%(metric)s” has closed its account"),
            _l(
                "The order is over, with its slots and its places in line; a voucher that was"
                " reserved for it is free again. The claim stays: ask another centre."
            ),
        ),
        "order_gone_unquoted": NoticeWording(
            _l("A centre that you asked to test “%(metric)s” has closed its account"),
            _l("Nothing was ordered, and the quote counts no more. The claim stays: ask another."),
        ),
        "order_gone_reported": NoticeWording(
            _l("The centre that tested “%(metric)s” has closed its account"),
            _l(
                "Its reports cannot be opened here any more. What they confirmed stays confirmed,"
                " but for reports with a last day."
            ),
        ),
        "sample_left_at_centre": NoticeWording(
            _l("A centre that has closed its account has a sample of yours"),
            _l(
                "Neither returned nor destroyed, or on its way: %(samples)s, for “%(metric)s”. Ask"
                " the centre for it yourself, nobody can do it here."
            ),
        ),
        "order_left_by_startup": NoticeWording(
            _l("A startup that had an order with you has closed its account"),
            _l("The order is over. Its samples with you or on their way to you: %(samples)s."),
        ),
        "slot_booked": NoticeWording(
            _l("%(startup)s has booked a slot: %(time)s"),
            _l("%(startup)s comes to your instrument “%(instrument)s” on %(time)s: %(metric)s."),
        ),
        "slot_booked_own": NoticeWording(
            _l("Your slot is booked: %(time)s"),
            _l(
                "The slot at “%(instrument)s” of %(centre)s begins on %(time)s: %(metric)s. It"
                " stands in your calendar here, too."
            ),
        ),
        "slot_moved": NoticeWording(
            _l("A slot was moved to %(time)s"),
            _l(
                "The slot at “%(instrument)s” for “%(metric)s” begins on %(time)s now, no longer"
                " on %(former)s."
            ),
        ),
        "slot_moved_own": NoticeWording(
            _l("You have moved a slot to %(time)s"),
            _l(
                "The slot at “%(instrument)s” for “%(metric)s” begins on %(time)s now, no longer"
                " on %(former)s. The other side is told."
            ),
        ),
        "slot_cancelled": NoticeWording(
            _l("A slot was cancelled: %(time)s"),
            _l("The slot at “%(instrument)s” for “%(metric)s” on %(time)s is given up: %(reason)s"),
        ),
        "slot_cancelled_own": NoticeWording(
            _l("You have given up a slot: %(time)s"),
            _l(
                "The slot at “%(instrument)s” for “%(metric)s” on %(time)s is given up, and the"
                " other side is told."
            ),
        ),
        "slot_lost": NoticeWording(
            _l("A slot is cancelled: %(time)s"),
            _l(
                "The slot on %(time)s is cancelled, since the other side of the order has closed"
                " its account. It goes from your calendar with this mail."
            ),
        ),
        "slot_not_needed": NoticeWording(
            _l("A slot is not needed any more: %(time)s"),
            _l(
                "The slot at “%(instrument)s” for “%(metric)s” on %(time)s is free again: nobody"
                " needs to come."
            ),
        ),
        "slot_missed": NoticeWording(
            _l("You missed a slot: %(time)s"),
            _l(
                "%(centre)s says that nobody came to “%(instrument)s” on %(time)s, for"
                " “%(metric)s”: %(reason)s"
            ),
        ),
        "slot_waived": NoticeWording(
            _l("A slot does not count as missed: %(time)s"),
            _l("%(centre)s waives the slot at “%(instrument)s” on %(time)s: %(reason)s"),
        ),
        "slot_freed": NoticeWording(
            _l("A slot came free: you are next"),
            _l(
                "At “%(instrument)s” of %(centre)s a slot is free that you wait for. The first"
                " that fits begins on %(time)s. Book it soon: it is held for nobody."
            ),
        ),
        "funds_opened": NoticeWording(
            _l("More funds are open for “%(need)s”"),
            _l("By what was verified, more funds are open for “%(need)s”: %(count)s."),
        ),
        "funds_closed": NoticeWording(
            _l("Fewer funds are open for “%(need)s”"),
            _l("A report no longer stands. Funds that closed by it for “%(need)s”: %(count)s."),
        ),
        "mandate_opened": NoticeWording(
            _l("%(startup)s passes your mandate now"),
            _l("“%(need)s” of %(startup)s passes every clause of your mandate by now."),
        ),
        "mandate_closed": NoticeWording(
            _l("%(startup)s passes your mandate no longer"),
            _l("A report fell, so “%(need)s” of %(startup)s passes your mandate no more."),
        ),
        "released_proof_fell": NoticeWording(
            _l("A proof of %(startup)s no longer stands"),
            _l(
                "The report that confirmed “%(metric)s” of %(startup)s counts no more. Money that"
                " has moved is not touched: look at what rests on it."
            ),
        ),
        "gate_fell": NoticeWording(
            _l("A verified gate of %(startup)s fell"),
            _l("A report fell, and the facts of %(startup)s that rested on it are gone."),
        ),
    }
)

_NO_BREAK = " "


def word_measure(number: Decimal, unit: str) -> str:
    """A measure with its unit, in the reader's figures, as exact as it is."""
    figures = format_decimal(number, format="#,##0.######")
    if not unit:
        return str(figures)
    return f"{figures}{'' if unit == '°' else _NO_BREAK}{unit}"


def word_value(claim: Claim) -> str:
    """What a claim asks of the measure."""
    if claim.low is not None and claim.high is not None:
        low = word_measure(claim.low, "")
        return f"{low}–{word_measure(claim.high, claim.unit)}"
    if claim.low is not None:
        return f"≥{_NO_BREAK}{word_measure(claim.low, claim.unit)}"
    return "" if claim.high is None else f"≤{_NO_BREAK}{word_measure(claim.high, claim.unit)}"


def word_claim(claim: Claim) -> str:
    """A claim in one line."""
    return f"{claim.metric} {word_value(claim)}"


def word_measured(claim: Claim, measured: Decimal | None) -> str:
    """What was measured, in the unit of the claim."""
    return _("not measurable") if measured is None else word_measure(measured, claim.unit)


_BREACHES: Mapping[Breach, LazyString] = MappingProxyType(
    {
        Breach.STEP: _l("it begins and ends on half hours"),
        Breach.SHORT: _l("it is shorter than the instrument allows"),
        Breach.LONG: _l("it is longer than the instrument allows"),
        Breach.HOURS: _l("it begins or ends while nobody attends the instrument"),
        Breach.OUTAGE: _l("the instrument is out of use"),
        Breach.PLACE: _l("its place is gone"),
        Breach.DAY: _l("a startup has not so many hours of it in a day"),
        Breach.NOTICE: _l("it begins too soon"),
        Breach.HORIZON: _l("it begins too far ahead"),
    }
)


def word_breaches(breaches: Iterable[Breach]) -> str:
    """What stands against a slot, in one line."""
    return enumerate_words([str(_BREACHES[each]) for each in breaches])


def word_minutes(minutes: int) -> str:
    """A length in days, hours and minutes."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [
        (days, ngettext("%(num)d day", "%(num)d days", days)),
        (hours, ngettext("%(num)d hour", "%(num)d hours", hours)),
        (left, ngettext("%(num)d minute", "%(num)d minutes", left)),
    ]
    return " ".join(words for count, words in parts if count)
