"""A need is parted into what it asks for, where it goes on to another thing or another kind."""

import pytest

from matching.text.wishes import CENTRE, INVESTOR, MENTOR, find_turns, part_wishes, read_kinds


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("想请一位做过水下机械臂密封的老师看看图纸。", {MENTOR}),
        ("準備融三千萬，最好有懂農機的基金領投。", {INVESTOR}),
        ("希望找一家有资质的实验室做盐雾试验，出正式报告。", {CENTRE}),
        ("We are raising two million euros for tooling.", {INVESTOR}),
        ("Looking for someone who has run a tannery.", {MENTOR}),
        ("We need an accredited lab for the drop test.", {CENTRE}),
        # Who says what he has asks nobody, and not every clause of a sentence asks.
        ("公司去年拿过天使轮，团队二十人。", set()),
        ("天使轮已经花完，想请一位老师看看密封圈。", {MENTOR}),
        ("The membrane fouls after a week.", set()),
    ],
)
def test_a_sentence_that_asks_says_whom(sentence: str, kinds: set[str]) -> None:
    assert read_kinds(sentence) == kinds


def test_what_goes_on_to_another_matter_or_kind_is_another_wish() -> None:
    pieces = [
        "我们做管道巡检机器人。",
        "密封圈在含砂的水里两周就磨坏，想请一位懂流体密封的老师。",
        "样机已经坏了三台。",
        "另外，打算融八百万，希望找看得懂硬件的基金。",
        "最好月底前见面。",
    ]
    first, second = part_wishes(pieces, [False, True, True, True, False])
    assert (first.sentences, first.kinds) == ((1, 2), frozenset({MENTOR}))
    assert (second.sentences, second.kinds) == ((3, 4), frozenset({INVESTOR}))
    english = [
        "Our kiln cracks every third plate and we need an expert in refractories.",
        "We want an accredited lab to certify the plates.",
    ]
    assert [wish.kinds for wish in part_wishes(english, [True, True])] == [{MENTOR}, {CENTRE}]


@pytest.mark.parametrize(
    "pieces",
    [
        ["The bearing overheats.", "The shaft also vibrates.", "We need somebody who knows why."],
        ["轴承发热，还有异响。", "轴也在抖。", "想请一位老师看看。"],
        ["Looking for a fund.", "It should also know farming."],
        ["The bearing overheats."],
    ],
)
def test_a_trouble_told_in_several_sentences_is_one_wish(pieces: list[str]) -> None:
    assert part_wishes(pieces, [True] * len(pieces)) == ()


def test_a_sentence_turns_to_another_wish_within_itself() -> None:
    text = "Need (a) a fund that reads tide tables and (b) a tank with salt water."
    (at,) = find_turns(text)
    assert text[at:] == "(b) a tank with salt water."
    chinese = "一方面不知道怎么定价，另一方面不知道找哪家做盐雾。"
    (at,) = find_turns(chinese)
    assert chinese[at:].startswith("另一方面")
    assert find_turns("The shaft vibrates and the bearing overheats.") == ()
