"""What alone is left is asked for, and what is told beside it of the others is settled."""

import pytest

from matching.text.clauses import refuses
from matching.text.remaining import leaves
from matching.text.sentences import read_standing, split_need


def read(text: str) -> list[tuple[str, bool | None]]:
    sentences = split_need(text)
    stands = read_standing(text, sentences)
    return [(text[p.start : p.end], own) for p, own in zip(sentences, stands, strict=True)]


@pytest.mark.parametrize(
    "clause",
    [
        "除喷漆外其他都做完了，",
        "除了喷漆，其余工序已解决",
        "样机就差防水了，",
        "只剩成品率，",
        "只剩喷漆，",
        "萬事俱備，",
        "唯一没搞定的是喷漆，",
        "Everything except the paint is done:",
        "All but the paint is finished;",
        "We have solved everything apart from the paint,",
        "Only the paint is left.",
        "What remains is the paint.",
        "The one thing we have not solved is the paint,",
        "The paint is the one thing we have not solved.",
        "The paint remains the sticking point.",
        "喷漆以外，其他都做完了",
        "唯独喷漆老起泡，",
    ],
)
def test_one_thing_is_left(clause: str) -> None:
    assert leaves(clause)
    assert not refuses(clause)


@pytest.mark.parametrize(
    "clause",
    [
        "性能还差很多",
        "除尘已经解决，",
        "只差0.3倍",
        "容量就剩八成，",
        "除了塑料以外的都不要",
        "Anything except brass is out",
        "We do everything in house but not paint",
        "Only glass is used here",
        "其他客户也都验收了",
        "唯独我们能做",
        "All other suppliers have passed on it",
        "Ours is the only part that survives frost",
        "The rest of the team is in Oslo",
    ],
)
def test_nothing_is_said_of_the_others(clause: str) -> None:
    assert not leaves(clause)


def test_what_is_told_beside_the_one_thing_is_settled() -> None:
    assert read("我们的冰刀就差防锈了，刃型和热处理都跑通了。") == [
        ("我们的冰刀就差防锈了，", True),
        ("刃型和热处理都跑通了。", False),
    ]
    assert read("Everything except the bell is done: frame, fork and brakes of our tandem.") == [
        ("Everything except the bell is done:", True),
        ("frame, fork and brakes of our tandem.", False),
    ]
    # Of the others may be told first, and the one thing be named in whatever words.
    for text in (
        "其余工序均已验收，剩下喷漆没解决。我们做冰刀。",
        "其他的我们自己能做，喷漆老起泡。我们做冰刀。",
        "Everything else is in place; the paint of our skates still blisters.",
        "All other steps have passed, the paint of our skates has not.",
    ):
        others, left = read(text)[:2]
        assert (others[1], left[1] is False) == (False, False), text
    # Where nothing is left, what is fine says what the product is.
    assert read("我们做冰刀，刃型和热处理都跑通了。") == [
        ("我们做冰刀，刃型和热处理都跑通了。", None)
    ]


def test_the_harm_that_another_thing_would_do_rules_it_out_where_one_insists() -> None:
    assert read("低温干燥才行，高温干燥会把花瓣烤坏。我们做干花。")[1] == (
        "高温干燥会把花瓣烤坏。",
        False,
    )
    assert read("It has to be silicone; rubber stains our marble.")[1][1] is False
    for own in ("低温干燥才行，现在的设备会把花瓣烤坏。", "花瓣要干燥，高温会把它烤坏，求教。"):
        assert all(stands is None for _, stands in read(own)), own
