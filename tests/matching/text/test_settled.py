"""What a need says is settled stands apart from what it wishes for, and is no wish."""

import pytest

from matching.text.sentences import split_need
from matching.text.settled import lacks, settles


@pytest.mark.parametrize(
    "clause",
    [
        "外壳早就做完了，",
        "厂房已经落实，",
        "人也齐了，",
        "齿轮方案已放弃，",
        "資金已到位，",
        "代理已有四家了，",
        "一位律师就够了，",
        "We have solved the sealing;",
        "the licence is already in place,",
        "We gave up on glass.",
        "We are long past the mock-up,",
        "We already have a good supplier,",
        "We have plenty of welders;",
        "外壳归代工厂管，",
        "喷漆我们自己做，",
        "软件团队自己搞定就行。",
        "We're all set on glue;",
        "Translation is handled in-house.",
    ],
)
def test_what_is_at_an_end_is_settled(clause: str) -> None:
    assert settles(clause)


@pytest.mark.parametrize(
    "clause",
    [
        "泄漏一直没解决，",
        "资金到位后马上开工，",
        "已解决一半的漏点，",
        "如何才能搞定供应商？",
        "已经解决散热的方案有哪些",
        "Once the sealing is solved we move on,",
        "We have not solved the sealing",
        "We already have a prototype,",
        "This has nearly been sorted",
        "Parts are sorted by colour",
        "刀柄是我们自己做的，",
        "想自己做刀柄，",
        "我们自己做刀柄，",
        "Our knives are made in-house",
    ],
)
def test_what_is_open_or_nobody_could_be_asked_for_is_not(clause: str) -> None:
    assert not settles(clause)


def test_a_need_is_cut_where_it_goes_on_from_what_is_settled() -> None:
    text = "场地已落实，设备也齐了，我们只缺会调焊机的人。"
    assert [text[each.start : each.end] for each in split_need(text)] == [
        "场地已落实，设备也齐了，",
        "我们只缺会调焊机的人。",
    ]
    described = "场地已落实，设备也齐了，焊机待调。"
    assert len(split_need(described)) == 1


def test_what_one_cannot_do_oneself_is_a_lack_and_no_refusal() -> None:
    for lack in (
        "电镀我们完全不懂。",
        "对海关这套真不熟，",
        "Our lawyer has no idea.",
        "We don't know waves.",
        "Why it rusts is beyond us.",
        "With enamel I'm out of my depth.",
    ):
        assert lacks(lack), lack
    for other in (
        "不懂电镀的顾问请绕道",
        "我们不做电镀",
        "不找没做过量产的人",
        "We do not need lawyers.",
    ):
        assert not lacks(other), other
