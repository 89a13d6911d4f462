"""Lists that say by a mark or a heading how each item stands."""

import pytest

from matching.text.checklists import flag_excluded, read_items
from matching.text.sentences import read_standing, split_need


@pytest.mark.parametrize(
    ("text", "settled", "still_open"),
    [
        ("✅ 灯罩好了\n❌ 灯座发烫", ["✅ 灯罩好了"], ["❌ 灯座发烫"]),
        ("[x] lid\n[ ] hinge cracks", ["[x] lid"], ["[ ] hinge cracks"]),
        ("台灯：1、灯罩 √ 2、灯座 ×", ["1、灯罩 √"], ["2、灯座 ×"]),
        ("灯罩👌 灯座😭发烫", ["灯罩👌"], ["灯座😭发烫"]),
        ("不需要：\n- 猎头\n需要：\n- 懂散热的", ["- 猎头"], ["- 懂散热的"]),
        ("【已完成】灯罩\n【待解决】灯座发烫", ["【已完成】灯罩"], ["【待解决】灯座发烫"]),
        ("- done: lid\n- open: hinge", ["- done: lid"], ["- open: hinge"]),
        ("❌中介 ✅懂散热的工程师", ["❌中介"], ["✅懂散热的工程师"]),
        ("要的：会散热的。不要的：卖灯的。", ["不要的：卖灯的。"], ["要的：会散热的。"]),
        ("🚫 agencies\nOur lamp overheats", ["🚫 agencies"], []),
    ],
)
def test_items_stand_as_their_marks_say(
    text: str, settled: list[str], still_open: list[str]
) -> None:
    items = read_items(text)
    assert [text[i.start : i.end].strip() for i in items if not i.is_open] == settled
    assert [text[i.start : i.end].strip() for i in items if i.is_open] == still_open


@pytest.mark.parametrize(
    "text",
    [
        "尺寸30×40 mm，误差 √ 以内",
        "Problem: the lid leaks.",
        "We need: 1) a lab 2) a mentor.",
        "🚀灯",
    ],
)
def test_other_marks_make_no_list(text: str) -> None:
    assert read_items(text) == ()


def test_a_sentence_is_cut_where_a_list_goes_on_to_what_stands_otherwise() -> None:
    text = "台灯：1、灯罩 √ 2、灯座发烫 ×"
    sentences = split_need(text)
    assert [text[each.start : each.end] for each in sentences] == [
        "台灯：",
        "1、灯罩 √",
        "2、灯座发烫 ×",
    ]
    assert read_standing(text, sentences) == [None, False, True]


def test_a_profile_does_not_do_what_its_list_says_so() -> None:
    for text, out in (
        ("擅长：\n- 灯罩\n不接：\n- 灯座\n- 开关\n地点：上海", ["- 灯座", "- 开关"]),
        ("I can help with:\n* lids\nI can't help with:\n* hinges", ["* hinges"]),
        ("✅ 灯罩 ❌ 灯座", ["❌ 灯座"]),
        ("❌ 灯座", []),
        ("Done:\n- lids\nOpen: new teams", []),
    ):
        spans = [(text.index(line), text.index(line) + len(line)) for line in text.split("\n")]
        if "✅" in text:
            spans = [(0, 5), (5, len(text))]
        flags = flag_excluded(text, spans)
        found = [text[a:b] for (a, b), flag in zip(spans, flags, strict=True) if flag]
        assert found == out, text
