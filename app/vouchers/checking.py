"""Whether a startup may draw of a scheme: its conditions as clauses, judged by what is known.

Plain records in, plain records out: no database, no clock. Conditions that no fact answers stand
in the scheme's words, and the officer looks at them in the review.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from app.clauses import AllOf, Document, Facts, Verdict, evaluate, parse
from app.clauses.terms import Dimension
from app.facts.clause_facts import VOCABULARY
from app.vouchers.rules import RulesValues
from models.fact_types import FactType
from models.vocabulary import CentreKind
from models.voucher_codes import VoucherCover


class Condition(StrEnum):
    """What a scheme can ask of a startup, in the order in which it is said."""

    PLACE = "place"
    COMPANY = "company"
    RESIDENT = "resident"
    TITLES = "titles"
    STAFF = "staff"
    REVENUE = "revenue"
    ASSETS = "assets"
    AGE = "age"


class Hindrance(StrEnum):
    """Why nothing can be reserved for an order, beside the conditions."""

    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    WAITING = "waiting"
    NOT_COVERED = "not_covered"
    NOT_TAKEN = "not_taken"
    CAP_REACHED = "cap_reached"
    BUDGET_USED_UP = "budget_used_up"
    DRAWN = "drawn"
    AFFILIATED = "affiliated"
    NOT_ELIGIBLE = "not_eligible"
    NOT_KNOWN = "not_known"
    NOTHING = "nothing"


# What of the vouchers' purposes a test at each kind of centre is: this product's reading.
COVERED: Final[Mapping[CentreKind, frozenset[VoucherCover]]] = MappingProxyType(
    {
        CentreKind.CONCEPT_VERIFICATION: frozenset({VoucherCover.CONCEPT, VoucherCover.TESTING}),
        CentreKind.PILOT_LINE: frozenset({VoucherCover.PILOT}),
        CentreKind.TEST_PLATFORM: frozenset({VoucherCover.TESTING}),
        CentreKind.LARGE_INSTRUMENTS: frozenset({VoucherCover.INSTRUMENTS, VoucherCover.TESTING}),
    }
)

# Beside the facts of the house: where a startup is, with what that lies in, and whether it is
# registered.
PLACES: Final = "places"
REGISTERED: Final = "registered"
_VOCABULARY: Final = dict(VOCABULARY) | {PLACES: None, REGISTERED: None}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one condition says. `gap` is how far a number is above what it may be at most."""

    condition: Condition
    verdict: Verdict
    gap: int | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What a scheme says of a startup. No findings: it asks for nothing."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()

    def list_open(self) -> tuple[Finding, ...]:
        """The conditions that do not pass."""
        return tuple(each for each in self.findings if each.verdict is not Verdict.PASS)


@lru_cache(maxsize=512)
def make_document(values: RulesValues) -> Document:
    """The rule that the conditions of a scheme or of a product are."""
    checks = [
        {"kind": "check", "path": condition.value, **asked}
        for condition, asked in _list_asked(values)
    ]
    if not checks:
        return Document("voucher", 1, AllOf("1", ()), "")
    rule = {
        "format": 1,
        "code": "voucher",
        "version": 1,
        "clause": {"kind": "all", "of": checks},
    }
    return parse(rule, vocabulary=_VOCABULARY)


def judge(values: RulesValues, facts: Facts, on: date) -> Eligibility:
    """What the scheme says of a startup of which `facts` are known, on the day `on`."""
    result = evaluate(make_document(values), facts, on)
    findings = tuple(
        Finding(
            Condition(child.path),
            child.verdict,
            None if child.gap is None else int(child.gap.amount),
        )
        for child in result.children
    )
    return Eligibility(result.verdict, findings)


def _list_asked(values: RulesValues) -> list[tuple[Condition, dict[str, Any]]]:
    """Each condition of the scheme, with comparator and bound."""
    asked: list[tuple[Condition, dict[str, Any]]] = []
    if values.places:
        asked.append(
            (
                Condition.PLACE,
                {"fact": PLACES, "comparator": "overlaps", "codes": sorted(values.places)},
            )
        )
    if values.needs_company:
        asked.append((Condition.COMPANY, _is_true(REGISTERED)))
    if values.needs_resident:
        asked.append((Condition.RESIDENT, _is_true(FactType.RESIDENT.value)))
    if values.titles:
        codes = sorted(title.value for title in values.titles)
        asked.append(
            (
                Condition.TITLES,
                {"fact": FactType.TITLES_HELD.value, "comparator": "overlaps", "codes": codes},
            )
        )
    numbers: tuple[tuple[Condition, FactType, int | None, Dimension, dict[str, Any]], ...] = (
        (Condition.STAFF, FactType.STAFF, values.staff_most, Dimension.COUNT, {}),
        (
            Condition.REVENUE,
            FactType.REVENUE,
            values.revenue_most_yuan,
            Dimension.MONEY,
            # The last whole year.
            {"window": {"years": 1, "aggregate": "last"}},
        ),
        (Condition.ASSETS, FactType.TOTAL_ASSETS, values.assets_most_yuan, Dimension.MONEY, {}),
    )
    for condition, fact, bound, dimension, window in numbers:
        if bound is not None:
            unit = "yuan" if dimension is Dimension.MONEY else "count"
            check = {"fact": fact.value, "comparator": "at_most", "bound": bound, "unit": unit}
            asked.append((condition, check | window))
    if values.age_most_years is not None:
        check = {
            "fact": FactType.FOUNDED_ON.value,
            "comparator": "at_most",
            "bound": values.age_most_years,
            "unit": "year",
            "elapsed": True,
        }
        asked.append((Condition.AGE, check))
    return asked


def _is_true(fact: str) -> dict[str, Any]:
    return {"fact": fact, "comparator": "equals", "bound": True}
