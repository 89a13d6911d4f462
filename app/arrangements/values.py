"""What an arrangement says, as typed values, and what a conversion comes to.

Money in whole yuan, shares and rates in basis points; texts are canonical already.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.clock import today
from app.words.answer_times import get_last_day
from app.words.limits import MONEY_LIMIT_YUAN
from models.arrangements import (
    ARRANGEMENT_WORDS_LIMIT,
    PARTNER_LIMIT,
    REASON_LIMIT,
    TRANCHES_LIMIT,
    WHOLE_BP,
    Arrangement,
)
from models.financing_codes import ArrangementOutcome
from models.vocabulary import Gate, Instrument

# How far ahead the last day of an arrangement can lie.
MOST_DAYS_AHEAD: Final = 10 * 366

# In these forms the money becomes shares later, or leaves.
CONVERTIBLE: Final = frozenset(
    (Instrument.GRANT_THEN_EQUITY, Instrument.INVEST_FIRST, Instrument.LOAN_LINKED_TO_EQUITY)
)

_BECOMES: Final = frozenset(
    ("trigger_yuan", "due_on", "converts_when_due", "holding_bp", "discount_bp")
)

# Which terms each form has, and which of them have to be said.
TERMS_OF: Final[Mapping[Instrument, frozenset[str]]] = MappingProxyType(
    {
        Instrument.EQUITY: frozenset(("holding_bp",)),
        Instrument.GRANT_THEN_EQUITY: _BECOMES,
        Instrument.INVEST_FIRST: _BECOMES,
        Instrument.LOAN_LINKED_TO_EQUITY: _BECOMES | {"yearly_bp", "partner"},
        Instrument.GUARANTEE: frozenset(
            ("due_on", "partner", "bank_bp", "fund_bp", "guarantor_bp", "fee_bp")
        ),
        Instrument.RELAY: frozenset(("holding_bp", "partner")),
    }
)
_NEEDED: Final[Mapping[Instrument, tuple[str, ...]]] = MappingProxyType(
    {
        Instrument.EQUITY: ("holding_bp",),
        Instrument.GRANT_THEN_EQUITY: ("trigger_yuan", "due_on", "holding_bp"),
        Instrument.INVEST_FIRST: ("trigger_yuan", "due_on", "holding_bp"),
        Instrument.LOAN_LINKED_TO_EQUITY: ("trigger_yuan", "due_on", "holding_bp", "partner"),
        Instrument.GUARANTEE: ("due_on", "partner", "bank_bp"),
        Instrument.RELAY: ("holding_bp",),
    }
)


class Problem(NamedTuple):
    """What is wrong with one field."""

    field: str
    sentence: LazyString


@dataclass(frozen=True, slots=True, kw_only=True)
class TrancheValues:
    """A part of the money, and the gate that has to be verified before; None: only the consent."""

    amount_yuan: int
    gate: Gate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementValues:
    """See `models.arrangements.Arrangement`. A term that the form has not is left out."""

    form: Instrument
    tranches: tuple[TrancheValues, ...]
    words: str
    partner: str = ""
    trigger_yuan: int | None = None
    due_on: date | None = None
    converts_when_due: bool = False
    holding_bp: int | None = None
    discount_bp: int | None = None
    yearly_bp: int | None = None
    bank_bp: int | None = None
    fund_bp: int | None = None
    guarantor_bp: int | None = None
    fee_bp: int | None = None

    @property
    def amount_yuan(self) -> int:
        """All tranches together."""
        return sum(each.amount_yuan for each in self.tranches)

    def find_problem(self, on: date) -> Problem | None:
        """The first thing for which it cannot be offered on the day `on`; None: it can."""
        terms, needed = TERMS_OF[self.form], _NEEDED[self.form]
        for name in (each.name for each in fields(self)):
            if name in needed and getattr(self, name) in (None, ""):
                return Problem(name, _l("This form of money needs it."))
            if name in TERMS and name not in terms and getattr(self, name) not in (None, "", False):
                return Problem(name, _l("This form of money has no such term."))
        if not 0 < len(self.words) <= ARRANGEMENT_WORDS_LIMIT:
            return Problem("words", _l("Say the terms in words."))
        if len(self.partner) > PARTNER_LIMIT:
            return Problem("partner", _l("This is too long."))
        return self._find_problem_of_money() or self._find_problem_of_terms(on)

    def _find_problem_of_money(self) -> Problem | None:
        if not 0 < len(self.tranches) <= TRANCHES_LIMIT or not all(
            0 < each.amount_yuan <= MONEY_LIMIT_YUAN for each in self.tranches
        ):
            return Problem("tranches", _l("It needs one to four tranches of more than nothing."))
        if self.amount_yuan > MONEY_LIMIT_YUAN:
            return Problem("tranches", _l("The tranches together are too much."))
        if self.trigger_yuan is not None and not 0 < self.trigger_yuan <= MONEY_LIMIT_YUAN:
            return Problem("trigger_yuan", _l("Give an amount of more than nothing."))
        return None

    def _find_problem_of_terms(self, on: date) -> Problem | None:
        if self.due_on is not None and not is_due_day(self.due_on, on):
            return Problem("due_on", _l("Give a day to come, within ten years."))
        for name in ("holding_bp", "discount_bp", "yearly_bp", "fee_bp"):
            value = getattr(self, name)
            most = WHOLE_BP - 1 if name == "discount_bp" else WHOLE_BP
            if value is not None and not 0 < value <= most:
                return Problem(name, _l("Give a percentage above 0 and up to 100, such as 12.5."))
        if self.form is Instrument.GUARANTEE:
            shares = [each or 0 for each in (self.bank_bp, self.fund_bp, self.guarantor_bp)]
            if min(shares) < 0 or sum(shares) != WHOLE_BP:
                return Problem("bank_bp", _l("The three shares have to be 100 % together."))
        return None


def find_answer_day(arrangement: Arrangement) -> date | None:
    """Until when the side that is asked can answer an offer, or an end; None where none is asked.

    Of the last day of what is offered itself there is nothing left to agree on.
    """
    if arrangement.state == "offered" and arrangement.offered_at is not None:
        day, due_on = get_last_day(arrangement.offered_at), arrangement.due_on
        return day if due_on is None else min(day, due_on - timedelta(days=1))
    if arrangement.is_end_proposed and arrangement.end_proposed_at is not None:
        return get_last_day(arrangement.end_proposed_at)
    return None


def is_too_late(arrangement: Arrangement, at: datetime) -> bool:
    """Whether nobody can agree to it any more at `at`; the clock says so a little later."""
    day = find_answer_day(arrangement)
    return day is not None and day < today(at)


# Every term, under the name that it has in values, rows, forms and programs alike.
TERMS: Final = frozenset().union(*TERMS_OF.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class EndValues:
    """How an arrangement ends. The valuation is before the money; `repaid_yuan` comes back."""

    outcome: ArrangementOutcome
    valuation_yuan: int | None = None
    repaid_yuan: int | None = None
    words: str = ""

    def find_problem(self) -> Problem | None:
        """The first thing that is wrong with it alone; None where nothing is."""
        converts = self.outcome is ArrangementOutcome.CONVERTED
        repays = self.outcome is ArrangementOutcome.REPAID
        for name, is_wanted in (("valuation_yuan", converts), ("repaid_yuan", repays)):
            value = getattr(self, name)
            if is_wanted != (value is not None):
                return Problem(
                    name,
                    _l("This end needs it.") if is_wanted else _l("This end has no such amount."),
                )
            if value is not None and not 0 < value <= MONEY_LIMIT_YUAN:
                return Problem(name, _l("Give an amount of more than nothing."))
        if len(self.words) > REASON_LIMIT:
            return Problem("words", _l("This is too long."))
        leaves = self.outcome in (ArrangementOutcome.REPAID, ArrangementOutcome.WAIVED)
        if leaves and not self.words:
            return Problem("words", _l("Please give a reason: the other side will read it."))
        return None


def is_due_day(day: date, on: date) -> bool:
    """Whether `day`, seen from the day `on`, can be the last one of an arrangement."""
    return on < day <= on + timedelta(days=MOST_DAYS_AHEAD)


def compute_holding_bp(arrangement: Arrangement, valuation_yuan: int) -> int:
    """The share that what was paid becomes at `valuation_yuan`, before the money, in basis points.

    The discount is taken off the valuation; paid / (valuation less discount + paid), rounded down,
    and never more than the largest share agreed on.
    """
    paid = arrangement.paid_yuan
    left_bp = WHOLE_BP - (arrangement.discount_bp or 0)
    whole = valuation_yuan * left_bp + paid * WHOLE_BP
    share = paid * WHOLE_BP * WHOLE_BP // whole
    return min(share, WHOLE_BP if arrangement.holding_bp is None else arrangement.holding_bp)


def is_empty(arrangement: Arrangement, values: EndValues) -> bool:
    """Whether it is a conversion into no share at all: whoever means that gives up, in words."""
    valuation = values.valuation_yuan
    return valuation is not None and compute_holding_bp(arrangement, valuation) == 0


def list_outcomes(arrangement: Arrangement) -> tuple[ArrangementOutcome, ...]:
    """How it can end as far as it has come, the best first."""
    converts = arrangement.form in CONVERTIBLE
    is_paid = arrangement.paid_yuan > 0
    possible = {
        ArrangementOutcome.FULFILLED: not converts
        and all(each.state == "paid" for each in arrangement.tranches),
        ArrangementOutcome.CONVERTED: converts and arrangement.state == "convertible" and is_paid,
        # Behind a guarantee a bank pays, of which nothing is kept.
        ArrangementOutcome.REPAID: is_paid or arrangement.form is Instrument.GUARANTEE,
        ArrangementOutcome.WAIVED: True,
    }
    return tuple(outcome for outcome, is_possible in possible.items() if is_possible)


def read_arrangement(arrangement: Arrangement) -> ArrangementValues:
    """What `arrangement` says."""
    terms = {name: getattr(arrangement, name) for name in TERMS}
    return ArrangementValues(
        form=arrangement.form,
        words=arrangement.words,
        tranches=tuple(
            TrancheValues(amount_yuan=each.amount_yuan, gate=each.gate)
            for each in arrangement.tranches
        ),
        **terms,
    )
