import pytest

from matching.words import detect_language, list_words, simplify


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
