"""Numbers and amounts as people write them: read as they were meant, or asked about."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.words.numbers import (
    NumberProblem,
    NumberUnreadable,
    ReadNumber,
    read_amount,
    read_number,
)

HOURS = ("小时", "个小时", "h", "hours")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", "7"),
        (" ７ ", "7"),
        ("12,000", "12000"),
        ("１２，０００", "12000"),
        ("12 000", "12000"),
        ("12'000.5", "12000.5"),
        ("2.5", "2.5"),
        ("2．5", "2.5"),
        ("4.0", "4.0"),
        ("+3", "3"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("6 小时", "6"),
        ("6h", "6"),
        ("六小时", "6"),
        ("十", "10"),
        ("二十", "20"),
        ("一百零五", "105"),
        ("兩百", "200"),
        ("三萬", "30000"),
        ("二〇二六", "2026"),
        ("1.2万", "12000"),
        ("6 h", "6"),
        ("十五个小时", "15"),
        ("一点五", "1.5"),
        ("6\u00a0小时", "6"),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, value: str) -> None:
    assert read_number(text, units=HOURS) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("250", "250", None),
        ("250万", "250", 10_000),
        ("250萬元", "250", 10_000),
        ("２５０万元", "250", 10_000),
        ("1.2亿", "1.2", 100_000_000),
        ("3千万", "3", 10_000_000),
        ("RMB 250万", "250", 10_000),
        ("¥250", "250", None),
        ("￥2,500,000元", "2500000", 1),
        ("人民币250万元整", "250", 10_000),
        ("贰佰伍拾万元整", "2500000", 1),
        ("二百五十万", "2500000", 1),
        ("一亿三千万元", "130000000", 1),
        ("5w", "5", 10_000),
        ("2 million", "2", 1_000_000),
        ("800块", "800", 1),
        ("1亿5000万", "150000000", 1),
        ("3个亿", "3", 100_000_000),
        ("一点五亿", "1.5", 100_000_000),
        ("250万元（人民币）", "250", 10_000),
        ("250万¥", "250", 10_000),
        # Nobody leaves out a 万 behind a sign of the currency and so many digits.
        ("¥2,500,000", "2500000", 1),
        ("2,500,000.00 RMB", "2500000.00", 1),
        ("２，５００，０００ 人民币", "2500000", 1),
        ("伍佰萬圓整", "5000000", 1),
    ],
)
def test_an_amount_says_its_unit(text: str, value: str, unit: int | None) -> None:
    assert read_amount(text) == ReadNumber(Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("3,5", NumberProblem.DECIMAL_COMMA),
        ("3，5", NumberProblem.DECIMAL_COMMA),
        ("3,50", NumberProblem.DECIMAL_COMMA),
        ("0,500", NumberProblem.DECIMAL_COMMA),
        ("2.000,50", NumberProblem.DECIMAL_COMMA),
        ("1,0000", NumberProblem.DECIMAL_COMMA),
        ("3,5万", NumberProblem.DECIMAL_COMMA),
        ("2.500", NumberProblem.GROUPING_POINT),
        ("2.500.000", NumberProblem.GROUPING_POINT),
        ("50-80万", NumberProblem.RANGE),
        ("50万～80万", NumberProblem.RANGE),
        ("50至80", NumberProblem.RANGE),
        ("约50", NumberProblem.RANGE),
        ("50左右", NumberProblem.RANGE),
        ("50+", NumberProblem.RANGE),
        ("50以上", NumberProblem.RANGE),
        ("≥50", NumberProblem.RANGE),
        ("不超过50万", NumberProblem.RANGE),
        ("at least 50", NumberProblem.RANGE),
        ("五百多万", NumberProblem.RANGE),
        ("三百到五百万", NumberProblem.RANGE),
        ("3千至5千", NumberProblem.RANGE),
        ("四五", NumberProblem.RANGE),
        ("两三", NumberProblem.RANGE),
        ("二三十", NumberProblem.RANGE),
        ("5%", NumberProblem.PERCENT),
        ("５％", NumberProblem.PERCENT),
        ("$50", NumberProblem.OTHER_CURRENCY),
        ("50万美元", NumberProblem.OTHER_CURRENCY),
        ("USD 50k", NumberProblem.OTHER_CURRENCY),
        ("港币50万", NumberProblem.OTHER_CURRENCY),
        ("10²", NumberProblem.NO_NUMBER),
        ("½", NumberProblem.NO_NUMBER),
        ("①", NumberProblem.NO_NUMBER),
        ("1_0", NumberProblem.NO_NUMBER),
        ("1_000", NumberProblem.NO_NUMBER),
        ("2_500_000元", NumberProblem.NO_NUMBER),
        ("1e3", NumberProblem.NO_NUMBER),
        ("٣", NumberProblem.NO_NUMBER),
        ("一万五", NumberProblem.NO_NUMBER),
        ("三百二", NumberProblem.NO_NUMBER),
        ("2026-03-01", NumberProblem.NO_NUMBER),
        ("若干", NumberProblem.NO_NUMBER),
        ("数百万", NumberProblem.NO_NUMBER),
        ("3月5日", NumberProblem.NO_NUMBER),
        ("(50)", NumberProblem.NO_NUMBER),
        ("9" * 40, NumberProblem.NO_NUMBER),
        ("", NumberProblem.NO_NUMBER),
    ],
)
def test_what_may_be_meant_otherwise_is_asked_about(text: str, problem: NumberProblem) -> None:
    for read in (read_number, read_amount):
        with pytest.raises(NumberUnreadable) as raised:
            read(text)
        if text != "2026-03-01":
            assert raised.value.problem is problem


@pytest.mark.parametrize("text", ["10年", "3天", "6小时半"])
def test_a_unit_that_was_not_asked_for_is_no_number(text: str) -> None:
    with pytest.raises(NumberUnreadable):
        read_number(text, units=HOURS)


@pytest.mark.fuzz
@given(st.text(alphabet="0123456789.,_' ²½万亿千百十二三零两元¥$%-~", max_size=70))
def test_every_text_is_a_bounded_number_or_has_a_problem(text: str) -> None:
    for read in (read_number, read_amount):
        try:
            found = read(text)
        except NumberUnreadable:
            continue
        value = found.value if isinstance(found, ReadNumber) else found
        assert abs(value) <= 10**31


@given(st.integers(0, 10**12))
def test_grouped_and_plain_are_the_same(number: int) -> None:
    assert read_number(f"{number:,}") == read_number(str(number)) == number
