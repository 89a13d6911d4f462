"""English words count in Chinese sentences as what they are called there."""

from matching.text.mixed import list_chinese, list_chinese_words
from matching.text.words import detect_language


def test_english_words_among_chinese_ones_are_said_in_chinese_too() -> None:
    assert list_chinese("我們的 coating 老 crack，yield 上不去。") == ["涂层", "开裂", "良率"]
    assert list_chinese_words("flashlight 的 coating 掉，涂层薄") == []
    assert "流片" in list_chinese("tape-out 之前")


def test_nothing_is_added_elsewhere() -> None:
    for text in ("Our coating yield is low.", "良率上不去", "SiC 器件", "用 coat 挂起来"):
        assert list_chinese(text) == [], text


def test_a_sentence_held_together_by_chinese_is_chinese() -> None:
    assert detect_language("FPC 的 ACF bonding 在 humidity test 后 fail，谁 know how？") == "zh"
    assert detect_language("Our lab (上海) tests SiC wafers and prints maps of them.") == "en"
