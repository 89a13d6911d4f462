"""Where a sentence turns to what is not meant, and what only sounds like it."""

import time

import pytest

from matching.text.clauses import find_turns, refuses, refuses_what_stands_before


@pytest.mark.parametrize(
    "clause",
    [
        "We are not looking for distributors",
        "we do not take on implants",
        "We don't need help with PCB 打样, thanks.",
        "We are not looking for investors such as 红杉.",
        "not consumer electronics",
        "no headhunters please",
        "I do not advise on reimbursement",
        "optics is not my field",
        "we're not raising",
        "rather than another consultant",
        "We cannot help with customs filings",
        "I never invest in games",
        "we are not a contract manufacturer",
        "不找投资",
        "我们不做临床试验",
        "暂不考虑海外市场",
        "法规我不懂",
        "消费电子不是我的方向",
        "不接受食品项目",
        "别推荐中介",
        "已经有投资人了",
        "本中心不出具注册报告",
        "与其找风投",
        "销售代理请绕道",
        "眼下顾不上扩产",
        "结构设计并非我的强项",
        "算法超出了我的服务范围",
        "恕不承接食品样品",
        "代办公司我们敬谢不敏",
        "猎头请止步",
        "记账的事不劳大家操心",
        "Forging isn't something we offer",
        "Spare us the slide decks",
        "For anodising count us out",
        "I no longer take antenna jobs",
        "We have no use for a recruiter",
        "Marketing is the least of our worries",
        "we no longer need a translator",
        "anything but a lease",
        "Nobody from procurement, please",
        "and gears aren't the bottleneck either",
        "并非要开店",
        "招商的事往后放",
        "商标先缓一缓，",
        "不辅导餐饮",
        "目前不对外承接电镀",
        "香料不是我们的菜",
        "No need for a translator at this stage",
        "We won't be meeting agents this quarter",
        "Skip the branding people",
        "Packaging is not what we're after",
        "We have no plans to lease",
        "Don't bother with brokers",
        "No broker will be considered",
        "对贴牌没什么兴趣",
        "场地也不缺",
        "婉拒推销",
        "不愁订单",
        "已不再招代理",
        "包装用不着再改",
        "问题并不在电机",
        "Neither brokers nor agents:",
        "the trouble isn't the motor",
    ],
)
def test_what_is_not_wanted_or_not_done_is_refused(clause: str) -> None:
    assert refuses(clause)


@pytest.mark.parametrize(
    "clause",
    [
        "We cannot find a lab for vibration tests.",
        "We can't get the yield above 60 percent.",
        "It does not start below -20 C.",
        "No yield above 40 percent so far",
        "We keep losing cells",
        "We haven't found a foundry",
        "The signal does not settle",
        "We are not able to reach the specification",
        "Not only a lab but also a mentor is needed.",
        "Rather than a salesman we want a process engineer.",
        "Can't we avoid animal tests?",
        "without a clean room the films crack",
        "我们不懂法规，",
        "信号超出测量范围",
        "进度止步于中试",
        "免了税的样机也要测",
        "与其他材料不相容",
        "The valve stopped taking commands",
        "The sensor is no longer stable",
        "我们做不了流片，",
        "没有CNAS资质就无法出具报告",
        "希望找到不收费的实验室",
        "想找一家不做贴牌的代工厂",
        "不需要标定的传感器如何实现",
        "不是不想融资",
        "没有理由不做临床试验",
        "已经有样机了",
        "我们做不需要标定的传感器",
        "良率上不去",
        "嫌批量太小不做，",
        "三家都不肯开模，",
        "供应商说这个尺寸不收",
        "Two foundries won't take lots that small.",
        "人手一缺陷就漏检",
        "无意中碰断了引线",
        "没想到一加热就变黄",
        "The pump no longer needs oil",
        "The problem is not yet understood",
        "Neither the pump nor the spare valve holds its pressure",
        "no luck,",
        "no improvement so far,",
        "说再漏一次就不收货了",
        "换过垫片，没啥用",
        "轴承本来就不好装。润滑也做了",
        "No chemist could name it",
        "no-rinse cleaner leaves stains",
        "The enamel is beyond us",
        "往后滑块会放松，",
    ],
)
def test_a_trouble_a_lack_a_question_or_a_property_is_no_refusal(clause: str) -> None:
    assert not refuses(clause)


def list_turns(text: str) -> list[tuple[str, bool]]:
    return [
        (text[turn.start : turn.end], turn.is_refusal) for turn in find_turns(text, 0, len(text))
    ]


def test_a_sentence_is_cut_where_it_turns() -> None:
    assert list_turns("We need a foundry for micro mirrors, not an investor in optics.") == [
        ("We need a foundry for micro mirrors,", False),
        ("not an investor in optics.", True),
    ]
    assert list_turns("我们找懂车规认证的导师，不找财务顾问和投资机构。") == [
        ("我们找懂车规认证的导师，", False),
        ("不找财务顾问和投资机构。", True),
    ]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Instead of one more report we need a field trial.", "Instead of one more report"),
        ("We would take anything except a bank loan.", "anything except a bank loan."),
        ("除了电镀以外，其他涂层都能谈。", "除了电镀以外，"),
        ("除了电镀以外，还要做喷涂。", ""),
        ("不差人，缺的是老师傅带。", "不差人，"),
    ],
)
def test_what_is_excepted_or_put_first_is_refused_alone(text: str, refused: str) -> None:
    assert "".join(said for said, is_refusal in list_turns(text) if is_refusal) == refused


def test_what_goes_on_with_a_refusal_is_refused_until_something_else_is_said() -> None:
    listed = "We do not offer field studies, sensory panels or packaging tests."
    assert list_turns(listed) == [(listed, True)]
    assert list_turns("We do not need funding, distribution partners in Japan would help.") == [
        ("We do not need funding,", True),
        ("distribution partners in Japan would help.", False),
    ]


def test_turns_cover_the_text_and_take_no_longer_for_commas() -> None:
    text = "不做" + "，" * 1900 + "。"
    began = time.perf_counter()
    turns = find_turns(text, 0, len(text))
    assert turns[0].start == 0
    assert turns[-1].end == len(text)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("clause", "points_back"),
    [
        ("这类就不用再介绍了", True),
        ("他们就不麻烦了", True),
        ("please keep them away.", True),
        ("We are not interested in those.", True),
        ("我们不需要做外观设计", False),
        ("We do not need a designer for the housing of these two pumps.", False),
        ("这类问题一到夏天就出现", False),
    ],
)
def test_tells_what_refuses_the_sentence_before(clause: str, points_back: bool) -> None:
    assert refuses_what_stands_before(clause) is points_back
