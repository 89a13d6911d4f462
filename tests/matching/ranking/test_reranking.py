"""The first of a list are read again, within each strength."""

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.encoders.hashing import HashingEncoder
from matching.engine import Engine
from matching.ranking.reranking import RERANKED
from matching.records import Query
from tests.matching.memory_source import MemorySource

NEED = "We need somebody who knows silicon carbide epitaxy: the wafer yield is low after etching."


class LongestFirst:
    """Prefers long texts, and remembers what it was given."""

    fingerprint = "ab" * 32

    def __init__(self) -> None:
        self.read: list[tuple[str, int]] = []

    def compare(self, need: str, texts: Sequence[str]) -> NDArray[np.float64]:
        self.read.append((need, len(texts)))
        return np.array([float(len(text)) for text in texts])


def make_source(count: int) -> MemorySource:
    source = MemorySource()
    for number in range(1, count + 1):
        # Each has words of its own, so that none is a duplicate, and more or fewer of them.
        words = [f"word{number + 10}x{place}" for place in range(3 + number % 7)]
        source.put(number, f"We test wafer {' '.join(words)}.")
    source.put(count + 1, "Silicon carbide epitaxy and wafer yield for ten years. Knows etching.")
    return source


def test_the_first_are_ordered_by_the_reader_and_nobody_passes_who_is_stronger() -> None:
    source, reader = make_source(20), LongestFirst()
    plain = Engine(HashingEncoder(), source).match(Query(NEED), limit=30)
    again = Engine(HashingEncoder(), source, reader=reader).match(Query(NEED), limit=30)
    assert reader.read == [(NEED, 21)]
    strengths = {r.provider_id: r.strength for r in plain.results}
    assert {r.provider_id: r.strength for r in again.results} == strengths
    names = ["strong", "possible", "weak"]
    ranks = [names.index(r.strength) for r in again.results]
    assert ranks == sorted(ranks)
    # Among the weak the longest come first.
    weak = [
        r.provider_id % 7 for r in again.results if r.strength == "weak" and r.provider_id <= 20
    ]
    assert weak == sorted(weak, reverse=True)
    assert [r.provider_id for r in again.results] != [r.provider_id for r in plain.results]


def test_a_match_names_the_reader_and_without_one_is_as_before() -> None:
    source = make_source(3)
    plain = Engine(HashingEncoder(), source).match(Query(NEED))
    again = Engine(HashingEncoder(), source, reader=LongestFirst()).match(Query(NEED))
    assert plain.versions.weights + "+abababababab" == again.versions.weights


def test_no_more_than_the_first_are_read() -> None:
    reader = LongestFirst()
    Engine(HashingEncoder(), make_source(80), reader=reader).match(Query(NEED), limit=80)
    assert reader.read == [(NEED, RERANKED)]


class Meanwhile(LongestFirst):
    """While it reads, somebody else searches and publishes."""

    def __init__(self, source: MemorySource) -> None:
        super().__init__()
        self._source = source
        self.engine: Engine | None = None
        self.found = 0

    def compare(self, need: str, texts: Sequence[str]) -> NDArray[np.float64]:
        assert self.engine is not None
        if not self.read:
            self._source.put(500, "Silicon carbide epitaxy, etching and the yield of each wafer.")
            other = threading.Thread(target=self._search, args=(self.engine,))
            other.start()
            other.join(timeout=30)
            assert not other.is_alive()
        return super().compare(need, texts)

    def _search(self, engine: Engine) -> None:
        self.found = engine.catch_up()


def test_others_search_while_the_first_are_read_and_who_comes_meanwhile_is_read_too() -> None:
    source = make_source(5)
    reader = Meanwhile(source)
    reader.engine = engine = Engine(HashingEncoder(), source, reader=reader)
    results = engine.match(Query(NEED), limit=30).results
    assert reader.found == 1
    assert reader.read == [(NEED, 6), (NEED, 1)]
    assert 500 in {result.provider_id for result in results}
    fresh = Engine(HashingEncoder(), source, reader=LongestFirst())
    assert fresh.match(Query(NEED), limit=30).results == results
