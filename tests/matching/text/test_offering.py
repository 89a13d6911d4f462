"""Who offers a thing and looks for takers is told from who asks, and takers from rivals."""

import pytest

from matching.text.offering import offers, sells, takes


@pytest.mark.parametrize(
    "clause",
    [
        "我们做水下灯，想找愿意试用的潜水公司。",
        "想把多余的氩气卖给焊接厂。",
        "缺第一家肯上线的纸厂，",
        "求海外经销商",
        "有一台空闲的球磨机，想转租给别的课题组",
        "我們的閥門已定型，尋找首批客戶。",
        "We make pulp sensors and look for first customers.",
        "We'd like to license our glue to shoe makers.",
        "A buyer for our offcuts is what we look for.",
        "Seeking mills willing to try a new felt.",
        "Wanted: three yards to host a test of our winch.",
        "我们出租暗室，想认识做天线的课题组",
        "Looking for a mill that would license our felt patent.",
    ],
)
def test_who_looks_for_takers_offers(clause: str) -> None:
    assert offers(clause)


@pytest.mark.parametrize(
    "clause",
    [
        "我们做水下灯，密封老漏，找人看看。",
        "想租一台球磨机。",
        "想找有医院渠道的顾问，帮我们卖进去。",
        "客户反馈读数偏高。",
        "We want to buy a used press.",
        "We need somebody who knows customers in paper mills.",
        "Our users complain that the felt tears.",
        "We want to sell in Germany and need papers.",
    ],
)
def test_who_asks_for_help_or_buys_offers_nothing(clause: str) -> None:
    assert not offers(clause)


@pytest.mark.parametrize(
    ("sentence", "is_taker"),
    [
        ("造纸厂，愿意试用新传感器。", True),
        ("电镀厂每月把检测外包出去。", True),
        ("Paper mill that buys small analysers.", True),
        ("Port that hosts trials of winches.", True),
        ("传感器公司，面向造纸厂销售。", False),
        ("帮助企业采购设备的顾问。", False),
        ("Dealer that buys and sells used presses.", False),
        ("I review designs of winches.", False),
    ],
)
def test_tells_who_takes_things(sentence: str, is_taker: bool) -> None:
    assert takes(sentence) is is_taker


def test_who_hands_out_is_a_rival() -> None:
    assert sells("科技园出租洁净间") and sells("Dealer in used presses")
    assert not sells("课题组租用洁净间") and not sells("Mill that buys felt")


def test_who_seeks_takers_himself_offers() -> None:
    assert offers("Winch start-up that is looking for pilot customers.")
    assert offers("绞车公司，正在寻找试点客户。")
