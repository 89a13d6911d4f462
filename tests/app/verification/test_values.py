"""What is true of claims, quotes and results alone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from app.verification.readiness import USUAL, get_levels
from app.verification.values import follows, is_measure, meets
from models.verification import Claim, make_sample_code
from models.vocabulary import ClaimComparator, ClaimVerdict, Field, Gate
from tests.app.verification.scenes import CLAIM, ON, QUOTE, REFUTED, RESULT

pytestmark = pytest.mark.verification


def make_claim(low: str | None, high: str | None) -> Claim:
    return Claim(
        low=None if low is None else Decimal(low), high=None if high is None else Decimal(high)
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"metric": ""},
        {"low": None},
        {"high": Decimal(2000)},
        {"comparator": ClaimComparator.AT_MOST},
        {"comparator": ClaimComparator.BETWEEN},
        {"comparator": ClaimComparator.BETWEEN, "high": Decimal(3)},
        {"low": Decimal("0.0000001")},
        {"low": Decimal("Infinity")},
        {"unit": "V" * 31},
    ],
)
def test_a_claim_has_the_values_that_its_comparator_needs(changes: dict[str, Any]) -> None:
    assert CLAIM.is_possible
    assert not replace(CLAIM, **changes).is_possible


@pytest.mark.parametrize(
    ("low", "high", "measured", "is_met"),
    [
        ("1200", None, "1200", True),
        ("1200", None, "1199.999999", False),
        (None, "5", "5", True),
        (None, "5", "5.000001", False),
        ("3", "5", "4", True),
        ("3", "5", "2.9", False),
        ("-40", "85", "-40", True),
    ],
)
def test_the_value_decides_with_its_bounds(
    low: str | None, high: str | None, measured: str, is_met: bool
) -> None:
    assert meets(make_claim(low, high), Decimal(measured)) is is_met


def test_a_verdict_follows_from_the_measure_or_is_inconclusive() -> None:
    claim = make_claim("1200", None)

    assert follows(claim, RESULT)
    assert follows(claim, REFUTED)
    assert not follows(claim, replace(RESULT, measured=Decimal(900)))
    assert not follows(claim, replace(REFUTED, measured=Decimal(1250)))
    assert follows(claim, replace(REFUTED, verdict=ClaimVerdict.INCONCLUSIVE))
    assert follows(claim, replace(REFUTED, verdict=ClaimVerdict.INCONCLUSIVE, measured=None))


@pytest.mark.parametrize(
    "changes",
    [
        {"measured": None},
        {"measured_on": ON + timedelta(days=1)},
        {"readiness": 10},
        {"verdict": ClaimVerdict.REFUTED},
        {"verdict": ClaimVerdict.INCONCLUSIVE},
        {"note": "x" * 1001},
    ],
)
def test_only_what_confirms_proves_and_nothing_is_measured_tomorrow(
    changes: dict[str, Any],
) -> None:
    assert RESULT.is_possible(ON)
    assert not replace(RESULT, **changes).is_possible(ON)


@pytest.mark.parametrize(
    "name",
    [
        "method",
        "pass_rule",
        "service_terms",
        "property_terms",
        "secrecy_terms",
        "damages_terms",
        "breach_terms",
        "dispute_terms",
        "service_name",
    ],
)
def test_a_quote_lacks_none_of_its_heads(name: str) -> None:
    assert QUOTE.is_possible(ON)
    assert not replace(QUOTE, **{name: ""}).is_possible(ON)


@pytest.mark.parametrize(
    "changes",
    [
        {"price_yuan": -1},
        {"price_yuan": 10**15},
        {"lead_days": 0},
        {"valid_until": ON - timedelta(days=1)},
    ],
)
def test_price_time_and_last_day_are_possible(changes: dict[str, Any]) -> None:
    assert not replace(QUOTE, **changes).is_possible(ON)


def test_every_gate_has_levels_that_follow_each_other() -> None:
    levels = [USUAL[gate] for gate in Gate]

    assert levels[0][0] == 1
    assert levels[-1][1] == 9
    assert all(a[1] + 1 == b[0] for a, b in pairwise(levels))
    assert get_levels(Gate.LAB, [Field.BIOMEDICINE]) == (4, 4)


def test_codes_of_samples_can_be_read_aloud() -> None:
    codes = {make_sample_code() for _ in range(50)}

    assert len(codes) == 50
    assert all(len(code) == 11 and code[5] == "-" for code in codes)
    assert not {"0", "O", "1", "I"} & set("".join(codes))


def test_measures_are_kept_exactly_or_not_at_all() -> None:
    assert is_measure(None)
    assert is_measure(Decimal("-12.345678"))
    assert not is_measure(Decimal("1E+13"))
    assert not is_measure(Decimal("NaN"))
