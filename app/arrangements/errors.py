"""What the rules for arrangements forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class ArrangementUnfit(DomainError):
    """What it says cannot be offered, or no longer."""

    code = "arrangement_unfit"
    status = 422
    sentence = _l(
        "An arrangement needs tranches, words, a day to come, and what its form asks for."
    )


class ArrangementExists(DomainError):
    """A second one is begun in the same deal."""

    code = "arrangement_exists"
    sentence = _l("There is an arrangement in this deal already. End it first.")


class ArrangementFixed(DomainError):
    """What was offered is to be changed."""

    code = "arrangement_fixed"
    sentence = _l("What was offered is never changed. Take the offer back first.")


class NoDealNow(DomainError):
    """The fund has not accepted a request for money, or its deal is over."""

    code = "no_deal_now"
    sentence = _l("Money is arranged in a deal that goes on, over a need for funding.")


class OfferTooOld(DomainError):
    """An offer, or a proposed end, is agreed to after the last day for an answer."""

    code = "arrangement_answer_too_late"
    sentence = _l("The last day for an answer is over. The other side can ask once more.")


class SpeaksForBoth(DomainError):
    """Somebody who acts for both sides consents for the second one."""

    code = "speaks_for_both"
    sentence = _l("You have spoken for the other side. Somebody else has to answer for this one.")


class TrancheNotProven(DomainError):
    """A tranche is to be paid whose gate nothing confirms now."""

    code = "tranche_not_proven"
    sentence = _l("Nothing confirmed says now that the gate of this tranche is passed.")


class TranchePaymentUnfit(DomainError):
    """Money is to be paid on a day before both had agreed, or on a day to come."""

    code = "tranche_payment_unfit"
    status = 422
    sentence = _l("Give a day between the agreement and today.")


class ConversionEmpty(DomainError):
    """What was paid is less than a hundredth of a percent at this valuation."""

    code = "conversion_empty"
    status = 422
    sentence = _l("At this valuation what was paid comes to no share at all.")


class EndUnfit(DomainError):
    """It cannot end so: what is said of the end does not go with it."""

    code = "end_unfit"
    status = 422
    sentence = _l(
        "A conversion has a valuation, a repayment an amount, and leaving a reason; nothing else."
    )


class NotConvertible(DomainError):
    """Money is to become shares that cannot, or not yet."""

    code = "not_convertible"
    sentence = _l(
        "Only what was paid becomes shares, in a form that allows it, once the trigger was met."
    )


class NotFulfilled(DomainError):
    """An arrangement is to end as fulfilled that is not, or whose money is to be converted."""

    code = "not_fulfilled"
    sentence = _l(
        "It is fulfilled once all tranches are paid; what converts is converted or leaves."
    )


class NothingPaid(DomainError):
    """Money is to come back of which none was paid."""

    code = "nothing_paid"
    sentence = _l("Nothing was paid that could be paid back.")


class EndNotProposed(DomainError):
    """A proposal is answered that does not stand, or is one's own."""

    code = "end_not_proposed"
    sentence = _l("The other side has proposed no end that waits for your word.")


class EndProposed(DomainError):
    """Another end is proposed while one waits."""

    code = "end_proposed"
    sentence = _l("A proposal waits for an answer already.")
