"""Of several texts of a provider the best counts, as if the provider had that one alone."""

from pathlib import Path

import numpy as np
import pytest

from matching.index.check import find_differences
from matching.ranking import ranker as ranking
from matching.records import MatchResult, Query
from tests.matching.memory_source import MemorySource, make_engine

NEED = Query("轴承磨损怎么监测？主轴转速很高。")
PROFILE = "大学教师。做过许多项目。"
PAPER = "高速主轴轴承的磨损监测与润滑研究。"
OTHERS = {
    2: "激光切割蓝宝石。崩边控制在五微米。",
    3: "心脏导管的大动物实验，四周内可以排期。",
    4: "Lithium cells with silicon anodes. Prelithiation and binders.",
}


def make_source(text: str, further: dict[int, str]) -> MemorySource:
    source = MemorySource()
    for number, said in OTHERS.items():
        source.put(number, said)
    source.put(1, text, further=further)
    return source


def find(source: MemorySource) -> dict[int, MatchResult]:
    found = make_engine(source).match(NEED, limit=10).results
    assert len(found) == len({each.provider_id for each in found})
    return {each.provider_id: each for each in found}


@pytest.mark.parametrize("least", [1, 400])
def test_the_best_text_counts_and_is_named_in_the_evidence(
    least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "ALL_COMPARED", least)
    alone = find(make_source(PROFILE, {}))[1]
    best = find(make_source(PROFILE, {11: "完全无关的一段话。", 12: PAPER}))[1]
    assert best.score > alone.score
    assert {pair.text for pair in best.evidence} == {12}
    pair = best.evidence[0]
    assert PAPER[pair.provider_start : pair.provider_end] == PAPER
    # A profile that is nearer than a further text is quoted itself.
    own = find(make_source(PAPER, {11: PROFILE}))[1]
    assert own.evidence and {pair.text for pair in own.evidence} == {0}
    # The parts are those of the text that counts, whatever else there is.
    for name in ("meaning", "whole", "late", "back"):
        assert best.features[name] == own.features[name]


def test_what_others_have_changes_nobody_beyond_the_rarity_of_words() -> None:
    plain, some = find(make_source(PROFILE, {})), find(make_source(PROFILE, {11: PAPER}))
    for number in OTHERS:
        for name in ("meaning", "whole", "late", "back", "refused", "figures_met"):
            assert plain[number].features[name] == some[number].features[name]


def test_nothing_of_a_text_that_was_taken_back_is_left(tmp_path: Path) -> None:
    source = make_source(PROFILE, {11: PAPER, 12: "第二篇：磨损。"})
    engine = make_engine(source, tmp_path)
    engine.match(NEED)
    source.put(1, PROFILE, further={12: "第二篇：磨损。"})
    fresh = make_engine(source)
    assert engine.match(NEED) == fresh.match(NEED)
    index = engine.refresh()
    assert find_differences(index, fresh.refresh()) == []
    assert all(index.texts[row] != PAPER for row in range(len(index.ids)))
    source.put(1, PROFILE, further={})
    assert find_differences(engine.refresh(), fresh.refresh()) == []
    plain = make_engine(make_source(PROFILE, {})).match(NEED)
    assert engine.match(NEED).results == plain.results
    assert engine.refresh().rows_behind == {}
    source.remove(1)
    index = engine.refresh()
    assert not np.count_nonzero(index.main_of[index.text_ids > 0])


def test_a_snapshot_keeps_the_texts_in_their_order(tmp_path: Path) -> None:
    source = make_source(PROFILE, {12: PAPER, 11: PAPER})
    engine = make_engine(source, tmp_path)
    before = engine.match(NEED)
    assert engine.save_snapshot()
    again = make_engine(source, tmp_path)
    assert again.match(NEED) == before
    assert find_differences(again.refresh(), engine.refresh()) == []
    # Of two that say the same, the earlier is quoted.
    assert {pair.text for each in before.results for pair in each.evidence} == {11}
    # A provider that comes afterwards takes a row of its own.
    source.put(9, "轴承磨损监测。")
    assert again.match(NEED) == make_engine(source).match(NEED)


def test_without_further_texts_nothing_is_done_for_them() -> None:
    index = make_engine(make_source(PROFILE, {})).refresh()
    rows = np.arange(3)
    assert index.list_texts(rows).rows is rows
    assert index.list_texts(rows).owners is None
    flags = np.ones(3, dtype=np.bool_)
    assert index.reach_behind(flags) is flags
    assert index.find_main(rows) is rows
