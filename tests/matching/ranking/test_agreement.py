"""Figures that meet the need's help; those that contradict take, and are named."""

import pytest

from matching.records import MatchResult, Query
from tests.matching.memory_source import MemorySource, make_engine

NEED = "We need a laboratory that tests power modules at a voltage of 1.2 kV."


def rank(*texts: str, need: str = NEED) -> dict[int, MatchResult]:
    source = MemorySource()
    for number, text in enumerate(texts, start=1):
        source.put(number, text)
    return {r.provider_id: r for r in make_engine(source).match(Query(need)).results}


def test_the_right_figure_stands_before_the_contradicting_one_which_is_named() -> None:
    found = rank(
        "A laboratory that tests power modules at a voltage of 1.2 V.",
        "A laboratory that tests power modules at a voltage of 1200 V.",
    )
    assert [r.provider_id for r in sorted(found.values(), key=lambda r: r.rank)] == [2, 1]
    assert found[2].features["figures_met"] > 0 == found[2].features["figures_missed"]
    assert found[1].features["figures_missed"] > 0 == found[1].features["figures_met"]
    (against,) = (each for each in found[1].against if each.code == "figures")
    assert (against.wanted, against.found) == (("1.2 kV",), ("1.2 V",))
    assert all(each.code != "figures" for each in found[2].against)


@pytest.mark.parametrize(
    "text",
    [
        # Within all that is named, near, or of another matter.
        "A laboratory that tests power modules at a voltage of 600 V and of 3.3 kV.",
        "A laboratory that tests power modules at a voltage of 1 kV.",
        "A laboratory that tests power modules within 30 days.",
    ],
)
def test_what_does_not_contradict_takes_nothing(text: str) -> None:
    (result,) = rank(text).values()
    assert result.features["figures_missed"] == 0


def test_a_figure_that_is_refused_says_nothing() -> None:
    refused = "We do not offer tests of power modules at 1.2 kV. We grow algae in ponds."
    (result,) = rank(refused).values()
    assert result.features["figures_met"] == 0


def test_a_removed_provider_leaves_no_figures_and_a_changed_one_has_the_new() -> None:
    source = MemorySource()
    source.put(1, "Tests power modules at a voltage of 1.2 kV.")
    source.put(2, "Tests power modules at a voltage of 5 V.")
    engine = make_engine(source)
    engine.match(Query(NEED))
    source.put(2, "Tests power modules at a voltage of 1200 V.")
    source.remove(1)
    engine.match(Query(NEED))
    index = engine.refresh()
    assert index.reaches["highs"].tolist().count(1200.0) == 1
    assert 5.0 not in index.reaches["highs"].tolist()
