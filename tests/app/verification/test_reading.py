"""What a sentence claims, read by the text code of matching."""

from decimal import Decimal

import pytest

from app.verification.reading import ReadClaim, read_claims
from models.vocabulary import ClaimComparator

pytestmark = pytest.mark.verification

AT_LEAST, AT_MOST, BETWEEN = ClaimComparator


def read_one(text: str) -> ReadClaim:
    (found,) = read_claims(text)
    return found


@pytest.mark.parametrize(
    ("text", "metric", "comparator", "low", "high", "unit"),
    [
        ("Our devices hold at least 1200 V.", "Our devices hold", AT_LEAST, "1200", None, "V"),
        ("击穿电压不低于 1,200 V。", "击穿电压", AT_LEAST, "1200", None, "V"),
        ("导通电阻小于5%", "导通电阻", AT_MOST, None, "5", "%"),
        ("漏电流不超过 10 mA", "漏电流", AT_MOST, None, "10", "mA"),
        ("尺寸误差 5 mm 以内", "尺寸误差", AT_MOST, None, "5", "mm"),
        ("良率达到 95%", "良率", AT_LEAST, "95", None, "%"),
        ("It works from -, 3-5 kV", "", BETWEEN, "3", "5", "kV"),
        ("工作温度 20至80℃", "工作温度", BETWEEN, "20", "80", "℃"),
        ("寿命超过 5000 小时", "寿命", AT_LEAST, "5000", None, "小时"),
    ],
)
def test_a_figure_with_a_unit_is_read(
    text: str,
    metric: str,
    comparator: ClaimComparator,
    low: str | None,
    high: str | None,
    unit: str,
) -> None:
    read = read_one(text)

    said = (read.comparator, read.low, read.high, read.unit)
    assert said == (
        comparator,
        None if low is None else Decimal(low),
        None if high is None else Decimal(high),
        unit,
    )
    assert metric in read.metric


@pytest.mark.parametrize(
    "text",
    [
        "We seek 3,000,000 元 and a customer.",
        "We have ten people.",
        "The test takes 3 months.",
        "",
        "   \n。",
    ],
)
def test_money_plans_and_bare_numbers_are_no_claims(text: str) -> None:
    assert list(read_claims(text)) == []


def test_each_claim_keeps_its_own_sentence_and_number() -> None:
    found = read_claims("良率达到 95%。击穿电压不低于 1200 V，漏电流小于 10 mA。")

    assert [(each.number, each.unit) for each in found] == [(0, "%"), (1, "V"), (2, "mA")]
    assert found[0].sentence == "良率达到 95%。"
    assert found[2].comparator is AT_MOST
