import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.words import detect_language, detect_languages, list_words, simplify

# Where counting many texts at once could go wrong: borders of words, of ranges and of texts.
ODD = st.text(alphabet="aZ@[`{é \n0中㐀䶿一鿿豈﫿\U00020000\U0003ffff\ud800ſK", max_size=12)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SiC-MOSFET 的良率", ["sic-mosfet", "sic", "mosfet", "良率"]),
        ("LiDAR's lenses, batteries and gas", ["lidar", "lense", "battery", "gas"]),
        ("the 3.5 mm of a 12", ["mm"]),
        ("碳化硅", ["碳化", "化硅", "碳化硅"]),
    ],
)
def test_lists_the_words_that_carry_a_topic(text: str, words: list[str]) -> None:
    assert list_words(text) == words


def test_traditional_characters_count_as_simplified() -> None:
    assert simplify("積體電路") == "积体电路"
    assert list_words("半導體檢測") == list_words("半导体检测")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我们做碳化硅", "zh"),
        ("SiC MOSFET 器件良率", "zh"),
        ("We grow 碳化硅 wafers in a hot reactor", "en"),
        ("", "en"),
        ("12.5", "en"),
    ],
)
def test_detects_the_language_of_a_text(text: str, language: str) -> None:
    assert detect_language(text) == language


@given(st.lists(ODD | st.text(max_size=20), max_size=6))
def test_the_languages_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    assert detect_languages(texts) == [detect_language(text) for text in texts]


def test_words_of_chinese_runs_keep_to_their_runs_and_their_order() -> None:
    text = "中国，SiC 晶圆\n研究院 LiDAR 中国晶圆"
    apart = [word for run in ("中国", "SiC", "晶圆", "研究院", "LiDAR") for word in list_words(run)]
    assert list_words(text) == [*apart, *list_words("中国晶圆")]
