"""What a claim, a quote and a result say, as typed values, and what is true of them alone.

Texts are canonical already. Money in whole yuan; measures exact, in the claim's unit.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.words.limits import MONEY_LIMIT_YUAN
from models.facts import NUMBER_LIMIT
from models.verification import (
    CONDITIONS_LIMIT,
    METRIC_LIMIT,
    NOTE_LIMIT,
    SAMPLE_LIMIT,
    SENTENCE_LIMIT,
    SERVICE_LIMIT,
    STANDARD_LIMIT,
    TERMS_LIMIT,
    UNCERTAINTY_LIMIT,
    UNIT_LIMIT,
    Claim,
)
from models.vocabulary import ClaimComparator, ClaimVerdict, Gate, ReadinessScale

MOST_LEAD_DAYS = 3650
MEASURE_PLACES = 6
# So far ahead lies the last day of a quote or a report at most.
MOST_YEARS_AHEAD = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimValues:
    """What a claim says."""

    metric: str
    comparator: ClaimComparator
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    conditions: str = ""
    gate: Gate | None = None
    scale: ReadinessScale = ReadinessScale.TECHNOLOGY
    sentence: str = ""

    @property
    def is_possible(self) -> bool:
        """Whether it names a measure and has the values that its comparator needs, and no other."""
        wants_low = self.comparator is not ClaimComparator.AT_MOST
        wants_high = self.comparator is not ClaimComparator.AT_LEAST
        if (self.low is None) == wants_low or (self.high is None) == wants_high:
            return False
        if self.low is not None and self.high is not None and self.low > self.high:
            return False
        return (
            0 < len(self.metric) <= METRIC_LIMIT
            and len(self.unit) <= UNIT_LIMIT
            and len(self.conditions) <= CONDITIONS_LIMIT
            and len(self.sentence) <= SENTENCE_LIMIT
            and is_measure(self.low)
            and is_measure(self.high)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteValues:
    """A plan with its price and the six heads of terms. No `sample_spec`: nothing is sent in."""

    service_name: str
    method: str
    pass_rule: str
    price_yuan: int
    lead_days: int
    valid_until: date
    service_terms: str
    property_terms: str
    secrecy_terms: str
    damages_terms: str
    breach_terms: str
    dispute_terms: str
    standard: str = ""
    sample_spec: str = ""

    def is_possible(self, on: date) -> bool:
        """Whether nothing is missing, and the quote still stands on the day `on`."""
        needed = (
            self.method,
            self.pass_rule,
            self.service_terms,
            self.property_terms,
            self.secrecy_terms,
            self.damages_terms,
            self.breach_terms,
            self.dispute_terms,
        )
        return (
            0 < len(self.service_name) <= SERVICE_LIMIT
            and all(0 < len(words) <= TERMS_LIMIT for words in needed)
            and len(self.standard) <= STANDARD_LIMIT
            and len(self.sample_spec) <= TERMS_LIMIT
            and 0 <= self.price_yuan <= MONEY_LIMIT_YUAN
            and 1 <= self.lead_days <= MOST_LEAD_DAYS
            and is_last_day(self.valid_until, on)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultValues:
    """What was measured and what it says. `measured` None: nothing could be measured."""

    verdict: ClaimVerdict
    measured_on: date
    measured: Decimal | None = None
    uncertainty: str = ""
    note: str = ""
    passes_gate: bool = False
    readiness: int | None = None

    def is_possible(self, on: date) -> bool:
        """Whether it was measured by the day `on`, and proves nothing but what it confirms."""
        if self.measured is None and self.verdict is not ClaimVerdict.INCONCLUSIVE:
            return False
        proves = self.passes_gate or self.readiness is not None
        if proves and self.verdict is not ClaimVerdict.CONFIRMED:
            return False
        return (
            self.measured_on <= on
            and is_measure(self.measured)
            and len(self.uncertainty) <= UNCERTAINTY_LIMIT
            and len(self.note) <= NOTE_LIMIT
            and (self.readiness is None or 1 <= self.readiness <= 9)
        )


def is_measure(number: Decimal | None) -> bool:
    """Whether `number` can be kept exactly; None can."""
    if number is None:
        return True
    if not number.is_finite() or number.copy_abs() > NUMBER_LIMIT:
        return False
    return number == round(number, MEASURE_PLACES)


def is_last_day(day: date, on: date) -> bool:
    """Whether `day`, seen from the day `on`, can be the last one of a quote or a report."""
    return on <= day <= on + timedelta(days=366 * MOST_YEARS_AHEAD)


def is_sample_description(words: str) -> bool:
    """Whether a sample can be called so."""
    return 0 < len(words) <= SAMPLE_LIMIT


def meets(claim: Claim, measured: Decimal) -> bool:
    """Whether a measure is what the claim says: the value alone decides, bounds included.

    Its uncertainty stands beside it and widens nothing; a centre for which it is too wide says
    that the result is inconclusive.
    """
    return (claim.low is None or measured >= claim.low) and (
        claim.high is None or measured <= claim.high
    )


def follows(claim: Claim, values: ResultValues) -> bool:
    """Whether the verdict is one that the measure lets a centre give."""
    if values.verdict is ClaimVerdict.INCONCLUSIVE or values.measured is None:
        return values.verdict is ClaimVerdict.INCONCLUSIVE
    return meets(claim, values.measured) is (values.verdict is ClaimVerdict.CONFIRMED)


def read_claim(claim: Claim) -> ClaimValues:
    """What `claim` says."""
    return ClaimValues(
        metric=claim.metric,
        comparator=claim.comparator,
        low=claim.low,
        high=claim.high,
        unit=claim.unit,
        conditions=claim.conditions,
        gate=claim.gate,
        scale=claim.scale,
        sentence=claim.sentence,
    )
