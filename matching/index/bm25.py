"""BM25 from counts of the present texts alone, normalised for each query as if it were alone.

Counts are kept row by row; `lexical.py` turns them round, to find the rows that have a word.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.index.blocks import Blocks, grow

Rows = NDArray[np.int64]
Figures = NDArray[np.float64]

# Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009. The two
# constants are higher than its 1.2 and 0.75: cutting for search lets one term count several
# times, and long profiles have to be held to their length (docs/matching.md).
K1 = 2.0
B = 0.9
MAX_QUERY_WORDS = 64
# A word that a text says more often counts as if it were said so often.
_MOST_TIMES = np.iinfo(np.uint16).max


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

    def among(self, others: "QueryWords") -> "QueryWords":
        """These words as a share of all that `others` say, where that is more.

        One term that a long need shares with a text in another language is little of it.
        """
        return replace(self, total=max(self.total, others.total))

    def list_shares(self) -> dict[str, float]:
        """What each word adds to the share of the query when a text has it once."""
        return {
            word: float(weight / self.total)
            for word, weight in zip(self.words, self.weights, strict=True)
        }


class WordCounts:
    """How often which word occurs in which row.

    A word's rarity is counted over the rows and over a background of `background_size` texts, so
    that a pool of three profiles still knows which words are common. A word has a number as long
    as a row has it; the number of a word that is gone is given to another.
    """

    def __init__(
        self, background_counts: Mapping[str, int] | None = None, background_size: int = 0
    ) -> None:
        self._numbers: dict[str, int] = {}
        self._words: list[str | None] = []
        self._free_numbers: list[int] = []
        self._row_counts = np.zeros(1024, dtype=np.int32)
        self._runs = Blocks({"numbers": np.int32, "times": np.uint16})
        self._lengths = np.zeros(64, dtype=np.int32)
        self._is_held = np.zeros(64, dtype=np.bool_)
        self._row_count = 0
        self._total_length = 0
        self._background_counts = background_counts or {}
        self._background_size = background_size

    def __contains__(self, row: int) -> bool:
        return row < len(self._is_held) and bool(self._is_held[row])

    @property
    def row_limit(self) -> int:
        """All rows that are held lie below."""
        return len(self._is_held)

    def put(self, row: int, words: Sequence[str]) -> None:
        """Row `row` has exactly `words`."""
        self.put_many([row], [words])

    def put_many(self, rows: Sequence[int], texts: Sequence[Sequence[str]]) -> None:
        """Row `rows[i]` has exactly the words `texts[i]`. No row may occur twice."""
        if not rows:
            return
        self.remove_many(rows)
        counted = [Counter(words) for words in texts]
        numbers = [self._number(word) for counts in counted for word in counts]
        times = [count for counts in counted for count in counts.values()]
        at = np.array(rows, dtype=np.int64)
        if at.max() >= len(self._lengths):
            size = max(2 * len(self._lengths), int(at.max()) + 1)
            self._lengths, self._is_held = grow(self._lengths, size), grow(self._is_held, size)
        self._lengths[at] = [len(words) for words in texts]
        self._is_held[at] = True
        self._row_count += len(rows)
        self._total_length += int(self._lengths[at].sum())
        flat = np.array(numbers, dtype=np.int32)
        if len(self._words) > len(self._row_counts):
            self._row_counts = grow(
                self._row_counts, max(2 * len(self._row_counts), len(self._words))
            )
        np.add.at(self._row_counts, flat, 1)
        self._runs.put_many(
            at,
            np.array([len(counts) for counts in counted], dtype=np.int64),
            numbers=flat,
            times=np.minimum(np.array(times, dtype=np.int64), _MOST_TIMES).astype(np.uint16),
        )

    def remove(self, row: int) -> None:
        """Row `row` has no words."""
        self.remove_many([row])

    def remove_many(self, rows: Sequence[int]) -> None:
        """The rows have no words, and a word that only they had is forgotten."""
        held = np.array([row for row in rows if row in self], dtype=np.int64)
        if not len(held):
            return
        flat = self._runs["numbers"][self._runs.list_places(held)]
        np.subtract.at(self._row_counts, flat, 1)
        self._runs.remove_many(held)
        self._row_count -= len(held)
        self._total_length -= int(self._lengths[held].sum())
        self._lengths[held] = 0
        self._is_held[held] = False
        gone = np.unique(flat)
        for number in gone[self._row_counts[gone] == 0].tolist():
            word = self._words[number]
            if word is not None:
                del self._numbers[word]
                self._words[number] = None
                self._free_numbers.append(number)

    def read_tokens(
        self, times: Mapping[str, float], beside: Mapping[str, float] | None = None
    ) -> QueryWords:
        """The query that says each token so many times; a part of one for what counts less.

        A text may have what stands `beside` in place of what is said: nobody has to have both.
        """
        size = self._row_count + self._background_size
        found: list[tuple[float, str, int]] = []
        total = 0.0
        added = [(word, count) for word, count in (beside or {}).items() if word not in times]
        for at, (word, count) in enumerate((*times.items(), *added)):
            number = self._numbers.get(word)
            here = 0 if number is None else int(self._row_counts[number])
            documents = here + self._background_counts.get(word, 0)
            rarity = np.log1p((size - documents + 0.5) / (documents + 0.5))
            weight = float(rarity) * count * (K1 + 1) / (count + K1)
            if at < len(times):
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

    def score_rows(self, query: QueryWords, rows: Rows) -> Figures:
        """(n,) rows → (n,) BM25 as a share of `query.total`, cut at 1."""
        if not len(rows) or not len(query.numbers):
            return np.zeros(len(rows))
        weights = np.zeros(len(self._words), dtype=np.float64)
        weights[query.numbers] = query.weights
        places = self._runs.list_places(rows)
        counts = self._runs.counts[rows]
        owners = np.repeat(np.arange(len(rows)), counts)
        # Most words of a row are not the query's.
        found = weights[self._runs["numbers"][places]]
        hits = np.flatnonzero(found)
        owners = owners[hits]
        gains = weigh_occurrences(
            found[hits], self._runs["times"][places[hits]], self.read_dampening()[rows[owners]]
        )
        sums = np.bincount(owners, gains, minlength=len(rows))
        return np.minimum(sums / query.total, 1.0)

    def read_dampening(self) -> Figures:
        """(`row_limit`,) what the length of each row's text adds under the fraction of BM25."""
        average = max(self._total_length / max(self._row_count, 1), 1.0)
        dampening: Figures = K1 * (1 - B + B * self._lengths.astype(np.float64) / average)
        return dampening

    def list_occurrences(self) -> tuple[Rows, NDArray[np.int32], NDArray[np.uint16]]:
        """Every (row, number of a word, times) there is, as three arrays, row by row."""
        rows = np.flatnonzero(self._runs.counts)
        places = self._runs.list_places(rows)
        owners = np.repeat(rows, self._runs.counts[rows])
        return owners, self._runs["numbers"][places], self._runs["times"][places]

    def list_words_of(self, row: int) -> dict[str | None, int]:
        """The words of `row` with how often it has each."""
        numbers = self._runs.read("numbers", row).tolist()
        times = self._runs.read("times", row).tolist()
        return {self._words[n]: count for n, count in zip(numbers, times, strict=True)}

    def export(self) -> dict[str, NDArray[Any]]:
        """Everything as arrays; the words are one UTF-8 text with a line each."""
        held = [word for word in self._words if word is not None]
        renumbered = np.full(len(self._words), -1, dtype=np.int32)
        renumbered[[self._numbers[word] for word in held]] = np.arange(len(held))
        arrays = self._runs.export()
        arrays["of_numbers"] = renumbered[arrays["of_numbers"]]
        return arrays | {
            "words": np.frombuffer("\n".join(held).encode("utf-8", "surrogatepass"), np.uint8),
            "lengths": self._lengths,
            "is_held": self._is_held,
        }

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over what `export` gave. Raises ValueError when the arrays do not fit together."""
        text = arrays["words"].tobytes().decode("utf-8", "surrogatepass")
        words = text.split("\n") if text else []
        self._runs.restore(arrays)
        numbers = self._runs["numbers"]
        if numbers.min(initial=0) < 0 or numbers.max(initial=-1) >= len(words):
            raise ValueError("a row has a word that is not there")
        self._numbers = {word: number for number, word in enumerate(words)}
        self._words = list(words)
        self._free_numbers = []
        self._row_counts = np.bincount(numbers, minlength=max(1024, len(words))).astype(np.int32)
        self._lengths = arrays["lengths"].astype(np.int32)
        self._is_held = arrays["is_held"].astype(np.bool_)
        if len(self._lengths) != len(self._is_held):
            raise ValueError("not every row has a length")
        self._row_count = int(np.count_nonzero(self._is_held))
        self._total_length = int(self._lengths.sum())

    def _number(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            if self._free_numbers:
                number = self._free_numbers.pop()
                self._words[number] = word
            else:
                number = len(self._words)
                self._words.append(word)
            self._numbers[word] = number
        return number


def weigh_occurrences(weights: Figures, times: NDArray[np.uint16], dampening: Figures) -> Figures:
    """(n,) what n occurrences of words of these weights add to BM25."""
    gains: Figures = weights * times * (K1 + 1) / (times + dampening)
    return gains
