"""BM25 from counts of the present texts alone, normalised for each query as if it were alone.

tantivy counts deleted documents in its statistics until it merges segments in the background, so
its scores depend on the history and the moment. It proposes candidates (`lexical.py`); what
enters a score comes from here.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.words import list_words

Rows = NDArray[np.int64]

# Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009. The two
# constants are higher than its 1.2 and 0.75: cutting for search lets one term count several
# times, and long profiles have to be held to their length (docs/matching.md).
K1 = 2.0
B = 0.9
MAX_QUERY_WORDS = 64


@dataclass(frozen=True, slots=True)
class QueryWords:
    """The words of a query that occur in the texts, the heaviest first.

    `weights` is rarity times how often the query says the word. `total` is the sum of the weights
    of all the query's words, of unknown ones too: what a text of average length would score that
    has each of them once.
    """

    words: tuple[str, ...]
    numbers: NDArray[np.int64]
    weights: NDArray[np.float64]
    total: float

    def list_shares(self) -> dict[str, float]:
        """What each word adds to the share of the query when a text has it once."""
        return {
            word: float(weight / self.total)
            for word, weight in zip(self.words, self.weights, strict=True)
        }


class WordCounts:
    """How often which word occurs in which row.

    A word's rarity is counted over the rows and over a background of `background_size` texts, so
    that a pool of three profiles still knows which words are common.
    """

    def __init__(
        self, background_counts: Mapping[str, int] | None = None, background_size: int = 0
    ) -> None:
        self._numbers: dict[str, int] = {}
        self._row_counts = np.zeros(1024, dtype=np.int64)
        self._rows: dict[int, tuple[NDArray[np.int32], NDArray[np.float32], int]] = {}
        self._total_length = 0
        self._background_counts = background_counts or {}
        self._background_size = background_size

    def __contains__(self, row: int) -> bool:
        return row in self._rows

    def put(self, row: int, words: list[str]) -> None:
        """Row `row` has exactly `words`."""
        self.remove(row)
        counts = Counter(words)
        numbers = np.fromiter((self._number(word) for word in counts), np.int32, len(counts))
        frequencies = np.fromiter(counts.values(), np.float32, len(counts))
        self._row_counts[numbers] += 1
        self._rows[row] = (numbers, frequencies, len(words))
        self._total_length += len(words)

    def remove(self, row: int) -> None:
        """Row `row` has no words."""
        held = self._rows.pop(row, None)
        if held is not None:
            self._row_counts[held[0]] -= 1
            self._total_length -= held[2]

    def read_query(self, text: str) -> QueryWords:
        """The words of a query with their weights."""
        size = len(self._rows) + self._background_size
        found: list[tuple[float, str, int]] = []
        total = 0.0
        for word, count in Counter(list_words(text)).items():
            number = self._numbers.get(word)
            here = 0 if number is None else int(self._row_counts[number])
            documents = here + self._background_counts.get(word, 0)
            rarity = np.log1p((size - documents + 0.5) / (documents + 0.5))
            weight = float(rarity) * count * (K1 + 1) / (count + K1)
            total += weight
            if number is not None and here > 0:
                found.append((weight, word, number))
        found.sort(key=lambda entry: (-entry[0], entry[1]))
        found = found[:MAX_QUERY_WORDS]
        return QueryWords(
            words=tuple(word for _, word, _ in found),
            numbers=np.array([number for _, _, number in found], dtype=np.int64),
            weights=np.array([weight for weight, _, _ in found], dtype=np.float64),
            total=total,
        )

    def score_rows(self, query: QueryWords, rows: Rows) -> NDArray[np.float64]:
        """(n,) rows → (n,) BM25 as a share of `query.total`, cut at 1."""
        if not len(rows) or not len(query.numbers):
            return np.zeros(len(rows))
        weights = np.zeros(len(self._numbers), dtype=np.float64)
        weights[query.numbers] = query.weights
        held = [self._rows[row] for row in rows.tolist()]
        counts = np.array([len(numbers) for numbers, _, _ in held], dtype=np.int64)
        lengths = np.array([length for _, _, length in held], dtype=np.float64)
        average = max(self._total_length / len(self._rows), 1.0)
        dampening = np.repeat(K1 * (1 - B + B * lengths / average), counts)
        numbers = np.concatenate([numbers for numbers, _, _ in held])
        frequencies = np.concatenate([frequencies for _, frequencies, _ in held])
        gains = weights[numbers] * frequencies * (K1 + 1) / (frequencies + dampening)
        sums = np.bincount(np.repeat(np.arange(len(rows)), counts), gains, minlength=len(rows))
        return np.minimum(sums / query.total, 1.0)

    def _number(self, word: str) -> int:
        number = self._numbers.setdefault(word, len(self._numbers))
        if number >= len(self._row_counts):
            grown = np.zeros(2 * len(self._row_counts), dtype=np.int64)
            grown[: len(self._row_counts)] = self._row_counts
            self._row_counts = grown
        return number
