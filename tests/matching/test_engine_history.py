"""Any history of changes, restarts and rebuilds gives what a fresh engine and brute force give."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from matching.encoders.hashing import HashingEncoder
from matching.index import lexical
from matching.ranking import ranker as ranking
from matching.records import Change, Query, Standing
from tests.matching.memory_source import MemorySource, compute_by_hand, make_engine

TEXTS = (
    "轴承润滑与磨损监测。做过高速主轴。",
    "激光切割蓝宝石。崩边控制在五微米。熟悉光束整形。",
    "Lithium cells with silicon anodes. Prelithiation and binders.",
    "Seed fund for university spin-offs.",
    "心脏导管的大动物实验，四周内可以排期。",
    "Mixed 文本 about SiC 外延 and trench MOSFET devices.",
    "🧪",
)
QUERIES = (Query("轴承磨损怎么监测？主轴转速很高。"), Query("silicon anode cells swell"))
IDS = st.integers(1, 12)


class Histories(RuleBasedStateMachine):
    """Two engines on one source and one folder of snapshots, as two processes would be.

    All of a search is used, from two eligible on, and postings are turned round after two changes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(ranking, "ALL_COMPARED", 1)
        self.patch.setattr(lexical, "_LEAST_CHANGED", 2)
        self.source = MemorySource()
        self.folder = Path(tempfile.mkdtemp())
        self.engine = make_engine(self.source, self.folder)
        self.other = make_engine(self.source, self.folder)

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.folder)

    @rule(provider_id=IDS, text=st.sampled_from(TEXTS), free=st.integers(0, 2))
    def add_or_change(self, provider_id: int, text: str, free: int) -> None:
        self.source.put(provider_id, text, standing=Standing(capacity=2, free_capacity=free))

    @rule(
        provider_id=IDS,
        text=st.sampled_from(TEXTS),
        further=st.dictionaries(st.integers(1, 3), st.sampled_from(TEXTS), min_size=1, max_size=3),
    )
    def add_with_further_texts(self, provider_id: int, text: str, further: dict[int, str]) -> None:
        """A text of another provider has another id, as in a database."""
        own = {10 * provider_id + number: said for number, said in further.items()}
        self.source.put(provider_id, text, further=own)

    @rule(provider_id=IDS, published=st.booleans(), rating=st.sampled_from((None, 2.0, 5.0)))
    def change_standing(self, provider_id: int, published: bool, rating: float | None) -> None:
        if provider_id in {record.id for record in self.source.list_records()}:
            standing = Standing(published=published, rating=rating, pools=frozenset({1}))
            self.source.change_standing(provider_id, standing)

    @rule(provider_id=IDS)
    def remove(self, provider_id: int) -> None:
        self.source.remove(provider_id)

    @rule()
    def restart(self) -> None:
        self.engine = make_engine(self.source, self.folder)

    @rule()
    def rebuild(self) -> None:
        shutil.rmtree(self.folder / "index", ignore_errors=True)
        self.engine = make_engine(self.source, self.folder)

    @rule()
    def leave_snapshot(self) -> None:
        self.engine.catch_up()
        self.engine.save_snapshot()

    @rule()
    def leave_snapshot_of_the_other(self) -> None:
        """It may know less than the one that the first has left."""
        self.other.save_snapshot()

    @rule()
    def catch_up(self) -> None:
        self.engine.catch_up()
        assert self.engine.catch_up() == 0

    @rule()
    def catch_up_the_other(self) -> None:
        self.other.catch_up()

    @invariant()
    def answers_as_brute_force_does(self) -> None:
        fresh = make_engine(self.source)
        for query in QUERIES:
            answer = self.engine.match(query, limit=20)
            assert answer == fresh.match(query, limit=20)
            eligible = {
                record.id
                for record in self.source.list_records()
                if record.standing.published and record.standing.free_capacity > 0
            }
            assert {result.provider_id for result in answer.results} == eligible
            by_hand = compute_by_hand(self.source, query)
            for result in answer.results:
                # Of several texts the one that counts; `test_further_texts` asks which.
                assert min(
                    abs(result.features["meaning"] - each) for each in by_hand[result.provider_id]
                ) == pytest.approx(0.0, abs=1e-5)


Histories.TestCase.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
TestHistories = Histories.TestCase


def test_passages_without_vectors_are_encoded_when_catching_up() -> None:
    stored, bare = MemorySource(), MemorySource(vectors=False)
    for provider_id, text in enumerate(TEXTS, start=1):
        stored.put(provider_id, text)
        bare.put(provider_id, text)
    for query in QUERIES:
        assert make_engine(bare).match(query) == make_engine(stored).match(query)


def test_a_change_is_found_by_the_next_search_and_a_removal_leaves_nothing() -> None:
    source = MemorySource()
    engine = make_engine(source)
    source.put(1, TEXTS[0])
    assert engine.match(QUERIES[0]).results[0].provider_id == 1
    source.put(1, TEXTS[3])
    source.put(2, TEXTS[0])
    assert engine.match(QUERIES[0]).results[0].provider_id == 2
    source.remove(2)
    assert engine.match(QUERIES[0]).results[0].provider_id == 1
    assert engine.match(QUERIES[0]).versions.revision == 4


@pytest.mark.faults
def test_an_error_half_way_leaves_no_half_changed_index() -> None:
    class Failing(MemorySource):
        is_broken = False

        def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
            for number, change in enumerate(super().changes_after(revision, fingerprint)):
                if self.is_broken and number == 2:
                    raise ConnectionError("the database went away")
                yield change

    source = Failing()
    engine = make_engine(source)
    source.put(1, TEXTS[0])
    engine.catch_up()
    for provider_id in (2, 3, 4):
        source.put(provider_id, TEXTS[provider_id])
    source.is_broken = True
    with pytest.raises(ConnectionError):
        engine.match(QUERIES[0])
    source.is_broken = False
    assert engine.match(QUERIES[0]) == make_engine(source).match(QUERIES[0])


def test_another_database_behind_the_source_starts_the_index_again() -> None:
    source = MemorySource()
    engine = make_engine(source)
    for provider_id in (1, 2, 3):
        source.put(provider_id, TEXTS[provider_id])
    engine.catch_up()
    source.states.clear()
    source.revision = 0
    source.put(9, TEXTS[0])
    assert [r.provider_id for r in engine.match(QUERIES[0]).results] == [9]


@pytest.mark.privacy
def test_nothing_of_a_removed_provider_remains_in_the_engine() -> None:
    source = MemorySource()
    engine = make_engine(source)
    source.put(1, "zebrafish xylophone quokka. " * 3)
    source.put(2, TEXTS[0])
    engine.catch_up()
    source.remove(1)
    engine.catch_up()
    index = engine.refresh()
    assert list(index.row_of) == [2]
    assert index.ids[index.ids > 0].tolist() == [2]
    query = index.lexical.counts.read_tokens({"xylophone": 1})
    assert query.words == ()
    assert index.lexical.search(query, 5, np.ones(64, dtype=np.bool_), index.ids).tolist() == []
    kept = HashingEncoder().encode(["x"], role="passage").shape[1]
    owned = index.sentences.owners
    freed = np.flatnonzero(owned == -1)
    assert index.sentences.gather(freed).shape == (len(freed), kept)
    assert not index.sentences.gather(freed).any()
