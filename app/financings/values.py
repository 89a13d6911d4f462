"""What a financing says, as typed values. Money in whole yuan; texts are canonical already."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.words.limits import MONEY_LIMIT_YUAN
from models.financing_codes import PartiesShown
from models.financings import FINANCING_TERMS_LIMIT, INVESTORS_LIMIT, Financing
from models.vocabulary import Instrument

# How far ahead the last day of a financing can lie.
MOST_DAYS_AHEAD: Final = 2 * 366


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancingValues:
    """See `models.financings.Financing`."""

    kind: Instrument
    target_yuan: int
    least_yuan: int
    terms: str
    closes_on: date
    places: int | None = None
    shown: PartiesShown = PartiesShown.SUMMARY

    def is_possible(self, on: date) -> bool:
        """Whether it can be begun on the day `on`."""
        return (
            0 < self.least_yuan <= self.target_yuan <= MONEY_LIMIT_YUAN
            and (self.places is None or 1 <= self.places <= INVESTORS_LIMIT)
            and 0 < len(self.terms) <= FINANCING_TERMS_LIMIT
            and is_closing_day(self.closes_on, on)
        )


def is_closing_day(day: date, on: date) -> bool:
    """Whether `day`, seen from the day `on`, can be the last one of a financing."""
    return on <= day <= on + timedelta(days=MOST_DAYS_AHEAD)


def is_payment_day(day: date, opened_on: date, on: date) -> bool:
    """Whether money of a financing that was opened on `opened_on` can have come on `day`."""
    return opened_on <= day <= on


def is_narrower(one: PartiesShown, other: PartiesShown) -> bool:
    """Whether `one` shows less than `other`."""
    order = list(PartiesShown)
    return order.index(one) < order.index(other)


def read_financing(financing: Financing) -> FinancingValues:
    """What `financing` says."""
    return FinancingValues(
        kind=financing.kind,
        target_yuan=financing.target_yuan,
        least_yuan=financing.least_yuan,
        terms=financing.terms,
        closes_on=financing.closes_on,
        places=financing.places,
        shown=financing.shown,
    )
