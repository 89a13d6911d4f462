import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.passages import MAX_SENTENCES, SENTENCE, WHOLE, split_passages


def cut(text: str) -> list[str]:
    return [text[p.start : p.end] for p in split_passages(text) if p.role == SENTENCE]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "我们做碳化硅功率器件。良率一直上不去！需要懂晶圆工艺的导师",
            ["我们做碳化硅功率器件。", "良率一直上不去！", "需要懂晶圆工艺的导师"],
        ),
        (
            "The probe is 3.5 mm wide, e.g. for infants. We need a test bench.",
            ["The probe is 3.5 mm wide, e.g. for infants.", "We need a test bench."],
        ),
        (
            "方法采用双光路补偿,误差很小.结果表明该方法可行,适合现场.",
            ["方法采用双光路补偿,误差很小.", "结果表明该方法可行,适合现场."],
        ),
        (
            "他问：“良率为什么上不去？”我们没有答案可以给他。",
            ["他问：“良率为什么上不去？”", "我们没有答案可以给他。"],
        ),
        (
            "First line of the list\nSecond line of the list",
            ["First line of the list", "Second line of the list"],
        ),
        ("SiC", ["SiC"]),
        ("你好。我们在做激光雷达的发射芯片。", ["你好。我们在做激光雷达的发射芯片。"]),
    ],
)
def test_cuts_at_the_ends_of_sentences(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


def test_the_whole_comes_first_without_outer_blanks() -> None:
    text = "  \n一句话的需求写在这里。 "
    first = split_passages(text)[0]
    assert (first.role, text[first.start : first.end]) == (WHOLE, "一句话的需求写在这里。")
    assert first.vector is None


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n", "\u3000"])
def test_blank_text_has_no_passage(text: str) -> None:
    assert split_passages(text) == ()


def test_a_long_sentence_is_cut_at_clauses() -> None:
    text = "我们需要一位熟悉外延生长温场控制与掺杂均匀性的老师，" * 12
    pieces = cut(text)
    assert len(pieces) > 1
    assert all(piece.endswith("，") for piece in pieces)


@given(st.text(alphabet="ab 。.!？；\n，,:中文字e.g", max_size=400))
def test_sentences_cover_every_visible_character_once(text: str) -> None:
    passages = split_passages(text)
    sentences = [p for p in passages if p.role == SENTENCE]
    covered = [i for p in sentences for i in range(p.start, p.end)]
    assert covered == sorted(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)
    for p in passages:
        piece = text[p.start : p.end]
        assert piece
        assert piece == piece.strip()


@given(st.text(max_size=200))
def test_any_text_can_be_split(text: str) -> None:
    assert bool(split_passages(text)) == bool(text.strip())


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "text",
    ["好的字。" * 250_000, "a" * 1_000_000, "1. " * 300_000, "。" * 1_000_000, "Fig. " * 200_000],
    ids=["sentences", "one word", "numbers", "stops", "abbreviations"],
)
def test_a_megabyte_is_split_within_seconds_into_few_passages(text: str) -> None:
    started = time.thread_time()
    passages = split_passages(text)
    assert time.thread_time() - started < 5
    assert 2 <= len(passages) <= MAX_SENTENCES + 1
