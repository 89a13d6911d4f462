"""Who denies twice, or takes nothing else, asks for the thing and refuses nothing."""

import pytest

from matching.text.clauses import refuses
from matching.text.insisting import denies_twice, insists


@pytest.mark.parametrize(
    "clause",
    [
        "没有防爆证的就免谈，",
        "不会调激光器的请勿投递。",
        "否则我们不看",
        "並非沒有樣機，",
        "离不开真空环境",
        "少了它不成",
        "不得不换泵",
        "We can't do without a clean bench",
        "Not without a pilot line",
        "People who have not soldered need not apply",
        "We want nothing but brass",
        "It isn't that we dislike funds",
        "We cannot accept less than five nines",
        "not unwilling to travel",
        "陶瓷以外的免谈",
        "除了钢丝绳，其他都不考虑",
        "别的都绕行",
        "Anything except brass is out",
    ],
)
def test_who_denies_twice_affirms(clause: str) -> None:
    assert denies_twice(clause)
    assert not refuses(clause)


def test_who_takes_nothing_else_insists() -> None:
    for clause in ("无刷的才要，", "非铜不可", "必须耐酸", "Only if it floats", "只认国产"):
        assert insists(clause) and not refuses(clause), clause


@pytest.mark.parametrize(
    "clause",
    [
        "有刷的不要，",
        "卖保险的莫来",
        "暂无融资打算",
        "不找做销售的",
        "please don't send dealers",
        "no brokers please",
        "We do not take on implants",
    ],
)
def test_a_plain_refusal_stays_one(clause: str) -> None:
    assert refuses(clause) and not insists(clause)
