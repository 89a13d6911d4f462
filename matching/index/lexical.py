"""The lexical index: finds rows by their words, inside the eligible, exactly as BM25 orders them.

The counts of `bm25.py` are turned round into postings: for each word the rows that have it. They
are turned round again when enough rows have changed; until then a changed row is taken out of them
and scored from its counts, so that a search always sees the present texts and no statistics but
theirs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.index.blocks import list_slots
from matching.index.bm25 import QueryWords, WordCounts, weigh_occurrences
from matching.index.columns import BoolRows
from matching.text.tokens import list_tokens

Rows = NDArray[np.int64]
Figures = NDArray[np.float64]

# So many changed rows are scored one by one, or this share of all where that is more.
_LEAST_CHANGED = 1000
_CHANGED_SHARE = 0.02
# Sums of the same figures in another order differ further behind.
_DECIMALS = 9


class LexicalIndex:
    """The words of each row's whole text."""

    def __init__(self, counts: WordCounts) -> None:
        self.counts = counts
        self._postings = _Postings.turn_round(WordCounts())
        self._is_changed = np.zeros(0, dtype=np.bool_)
        self._last: tuple[QueryWords, Figures] | None = None

    def put(self, row: int, text: str) -> None:
        """Row `row` has the words of `text`."""
        self.put_many([row], [text])

    def put_many(self, rows: Sequence[int], texts: Sequence[str]) -> None:
        """Row `rows[i]` has the words of `texts[i]`. No row may occur twice."""
        self.put_tokens(rows, [list_tokens(text) for text in texts])

    def put_tokens(self, rows: Sequence[int], tokens: Sequence[Sequence[str]]) -> None:
        """Row `rows[i]` has exactly `tokens[i]`. No row may occur twice."""
        self.counts.put_many(rows, tokens)
        self._mark_changed(rows)

    def remove_many(self, rows: Sequence[int]) -> None:
        """Nothing of the rows remains."""
        self.counts.remove_many(rows)
        self._mark_changed(rows)

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over what the `export` of other counts gave."""
        self.counts.restore(arrays)
        self._mark_changed(range(self.counts.row_limit))

    def search(self, query: QueryWords, count: int, allowed_rows: BoolRows, ids: Rows) -> Rows:
        """At most `count` allowed rows that share words with the query, best first.

        Ties go to the lower of `ids`, which has an entry for each row.
        """
        if not query.words:
            return np.zeros(0, dtype=np.int64)
        scores = self._score_all(query)
        size = min(len(scores), len(allowed_rows))
        rows = np.flatnonzero(allowed_rows[:size] & (scores[:size] > 0))
        found = scores[rows]
        if len(rows) > count:
            least = np.partition(found, len(rows) - count)[len(rows) - count]
            rows = rows[found >= least]
            found = scores[rows]
        return rows[np.lexsort((ids[rows], -found))[:count]]

    def _score_all(self, query: QueryWords) -> Figures:
        """(rows,) the rounded score of every row; kept for being asked again in the same search."""
        if self._last is not None and self._last[0] is query:
            return self._last[1]
        self._turn_round_if_due()
        counts = self.counts
        rows, numbers_at, times = self._postings.find(query)
        weights = np.repeat(query.weights, numbers_at)
        gains = weigh_occurrences(weights, times, counts.read_dampening()[rows])
        scores: Figures = np.bincount(rows, gains, minlength=counts.row_limit) / query.total
        changed = np.flatnonzero(self._is_changed)
        scores[changed] = counts.score_rows(query, changed)
        rounded: Figures = np.minimum(scores, 1.0).round(_DECIMALS)
        self._last = (query, rounded)
        return rounded

    def _turn_round_if_due(self) -> None:
        limit = max(_LEAST_CHANGED, int(self.counts.row_limit * _CHANGED_SHARE))
        if np.count_nonzero(self._is_changed) > limit:
            self._postings = _Postings.turn_round(self.counts)
            self._is_changed[:] = False

    def _mark_changed(self, rows: Sequence[int]) -> None:
        self._last = None
        if len(self._is_changed) < self.counts.row_limit:
            grown = np.zeros(self.counts.row_limit, dtype=np.bool_)
            grown[: len(self._is_changed)] = self._is_changed
            self._is_changed = grown
        self._is_changed[list(rows)] = True


class _Postings:
    """For each number of a word the rows that had it, with how often, at one moment."""

    def __init__(self, starts: Rows, rows: NDArray[np.int32], times: NDArray[np.uint16]) -> None:
        self._starts = starts
        self._rows = rows
        self._times = times

    @classmethod
    def turn_round(cls, counts: WordCounts) -> "_Postings":
        """The postings of `counts`."""
        rows, numbers, times = counts.list_occurrences()
        # Sorting numbers of 64 bits is several times quicker than sorting places by them.
        keys = np.left_shift(numbers.astype(np.uint64), np.uint64(32))
        keys |= rows.astype(np.uint64)
        order = np.argsort(keys)
        keys = keys[order]
        found = np.bincount(numbers)
        return cls(
            np.concatenate(([0], np.cumsum(found))),
            (keys & np.uint64(0xFFFFFFFF)).astype(np.int32),
            times[order],
        )

    def find(self, query: QueryWords) -> tuple[NDArray[np.int32], Rows, NDArray[np.uint16]]:
        """Rows and times of the query's words, one word after the other, and how many each has."""
        known = len(self._starts) - 1
        numbers = np.minimum(query.numbers, known)
        ends = np.append(self._starts, self._starts[-1])
        starts, counts = self._starts[numbers], ends[numbers + 1] - self._starts[numbers]
        places = list_slots(starts, counts)
        return self._rows[places], counts, self._times[places]
