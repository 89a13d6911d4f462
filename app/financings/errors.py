"""What the rules for financings and commitments forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class FinancingUnfit(DomainError):
    """An amount, the number of funds or the last day of a financing cannot be one."""

    code = "financing_unfit"
    status = 422
    sentence = _l(
        "A financing needs a target, a minimum up to it, terms, and a last day within two years."
    )


class NoMoneyRaised(DomainError):
    """Money is to be raised for a need that asks for none, or is over."""

    code = "no_money_raised"
    sentence = _l("Money is raised for an open need for funding.")


class FinancingExists(DomainError):
    """A second financing is begun while one runs."""

    code = "financing_exists"
    sentence = _l("There is a financing for this need already. End it first.")


class FinancingFixed(DomainError):
    """What funds have been asked for is to be changed."""

    code = "financing_fixed"
    sentence = _l("An open financing is never changed. It can be extended, closed or abandoned.")


class NotLater(DomainError):
    """A financing is to be extended to a day that is not later, or too late."""

    code = "not_later"
    status = 422
    sentence = _l("Choose a later day, within two years.")


class NotNarrower(DomainError):
    """Funds are to be shown more of each other than they were told before they committed."""

    code = "not_narrower"
    sentence = _l("Once it is open, funds can be shown less of each other, and never more.")


class MinimumMissing(DomainError):
    """A financing is to be closed with less than its minimum."""

    code = "minimum_missing"
    sentence = _l("The minimum is not committed yet: CNY %(missing_yuan)s is missing.")


class FinancingNotOpen(DomainError):
    """A fund acts on a financing that is not open, or on none."""

    code = "financing_not_open"
    sentence = _l("There is no open financing for this need.")


class FundNotInvolved(DomainError):
    """The fund has not accepted a request for this money, or its deal is over."""

    code = "fund_not_involved"
    sentence = _l("A fund takes part once it has accepted a request, and while its deal goes on.")


class AmountMissing(DomainError):
    """A fund considers or commits no amount, or one that cannot be."""

    code = "amount_missing"
    status = 422
    sentence = _l("Say how much, in whole yuan.")


class NotEnoughLeft(DomainError):
    """More is to be committed than nobody else has."""

    code = "not_enough_left"
    sentence = _l("Only CNY %(remaining_yuan)s is left of this financing. Nothing was committed.")


class NoPlaceLeft(DomainError):
    """As many funds as can have committed themselves."""

    code = "no_place_left"
    sentence = _l("All places of this financing are taken. Nothing was committed.")


class AmountOutdated(DomainError):
    """The amount that was confirmed is not the one that stands."""

    code = "amount_outdated"
    sentence = _l("The amount has changed meanwhile. Look at it once more.")


class PaymentUnfit(DomainError):
    """Money is to be confirmed before the financing has closed, or on a day to come."""

    code = "payment_unfit"
    sentence = _l("Money is confirmed after the closing, for a day that has been.")
