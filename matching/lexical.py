"""The lexical index: tantivy finds rows by their words, inside the eligible; BM25 is exact here.

tantivy counts deleted documents in its statistics until it merges segments in the background, so
its scores depend on the history and the moment. It therefore proposes candidates only; what enters
a score is `score_rows`, from this module's own counts, which depend on the present texts alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import tantivy
from numpy.typing import NDArray

from matching.columns import BoolRows
from matching.words import list_words

Rows = NDArray[np.int64]

# Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
K1 = 2.0
B = 0.9
MAX_QUERY_WORDS = 64
_WRITER_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class QueryWords:
    """The words of a query that the index has: their numbers and weights.

    `total` is the sum of the weights of all the query's words, of unknown ones too: what a
    provider would score that has each of them once in a text of average length.
    """

    words: tuple[str, ...]
    numbers: NDArray[np.int64]
    weights: NDArray[np.float64]
    total: float


class LexicalIndex:
    """Words of each row's whole text. Changes are seen after `commit`."""

    def __init__(
        self, background_counts: Mapping[str, int] | None = None, background_size: int = 0
    ):
        schema = tantivy.SchemaBuilder()
        schema.add_unsigned_field("row", indexed=True, fast=True)
        schema.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        schema.add_text_field("terms", tokenizer_name="whitespace", index_option="basic")
        self._schema = schema.build()
        self._index = tantivy.Index(self._schema)
        self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        self._numbers: dict[str, int] = {}
        self._document_counts = np.zeros(1024, dtype=np.int64)
        self._row_words: dict[int, tuple[NDArray[np.int32], NDArray[np.float32]]] = {}
        self._lengths: dict[int, int] = {}
        self._total_length = 0
        self._background_counts = background_counts or {}
        self._background_size = background_size

    def put(self, row: int, text: str, terms: Iterable[str]) -> None:
        """Row `row` has the words of `text` and the condition `terms` (no blanks in a term)."""
        self.remove(row)
        words = list_words(text)
        counts = Counter(words)
        numbers = np.fromiter((self._number(word) for word in counts), np.int32, len(counts))
        frequencies = np.fromiter(counts.values(), np.float32, len(counts))
        self._document_counts[numbers] += 1
        self._row_words[row] = (numbers, frequencies)
        self._lengths[row] = len(words)
        self._total_length += len(words)
        document = tantivy.Document()
        document.add_unsigned("row", row)
        document.add_text("words", " ".join(words))
        document.add_text("terms", " ".join(terms))
        self._writer.add_document(document)

    def remove(self, row: int) -> None:
        """Nothing of row `row` remains."""
        if row not in self._row_words:
            return
        numbers, _ = self._row_words.pop(row)
        self._document_counts[numbers] -= 1
        self._total_length -= self._lengths.pop(row)
        self._writer.delete_documents_by_term("row", row)

    def commit(self) -> None:
        """What was put and removed is what a search sees."""
        self._writer.commit()
        self._index.reload()

    def read_query(self, text: str) -> QueryWords:
        """The words of a query with their weights: rarity times how often the query says them."""
        counts = Counter(list_words(text))
        size = len(self._row_words) + self._background_size
        words, numbers, weights = [], [], []
        total = 0.0
        for word, count in counts.items():
            number = self._numbers.get(word)
            documents = self._background_counts.get(word, 0)
            if number is not None:
                documents += int(self._document_counts[number])
            rarity = np.log1p((size - documents + 0.5) / (documents + 0.5))
            weight = float(rarity) * count * (K1 + 1) / (count + K1)
            total += weight
            if number is not None and self._document_counts[number] > 0:
                words.append(word)
                numbers.append(number)
                weights.append(weight)
        order = sorted(range(len(words)), key=lambda i: (-weights[i], words[i]))[:MAX_QUERY_WORDS]
        return QueryWords(
            words=tuple(words[i] for i in order),
            numbers=np.array([numbers[i] for i in order], dtype=np.int64),
            weights=np.array([weights[i] for i in order], dtype=np.float64),
            total=total,
        )

    def search(
        self,
        query: QueryWords,
        count: int,
        allowed_rows: BoolRows,
        required: Sequence[Sequence[str]] = (),
    ) -> Rows:
        """At most `count` allowed rows that share words with the query, best first.

        `required` is what the index can check by itself: of each group of terms a row must have
        one. What it cannot is checked on the hits, and the search goes on until `count` allowed
        rows are found or no hit is left: none is lost to those that stand before it.
        """
        if not query.words:
            return np.zeros(0, dtype=np.int64)
        should = tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.boost_query(
                        tantivy.Query.term_query(self._schema, "words", word, "freq"), 1.0
                    ),
                )
                for word in query.words
            ]
        )
        clauses = [(tantivy.Occur.Must, should)]
        for group in required:
            terms = tantivy.Query.term_set_query(self._schema, "terms", list(group))
            clauses.append((tantivy.Occur.Must, tantivy.Query.const_score_query(terms, 0.0)))
        full_query = tantivy.Query.boolean_query(clauses)
        searcher = self._index.searcher()
        limit = count
        while True:
            hits = searcher.search(full_query, limit, count=False).hits
            addresses = [address for _, address in hits]
            rows = np.array(searcher.fast_field_values("row", addresses), dtype=np.int64)
            allowed = rows[allowed_rows[rows]] if len(rows) else rows
            if len(allowed) >= count or len(hits) < limit:
                return allowed[:count]
            limit *= 4

    def score_rows(self, query: QueryWords, rows: Rows) -> NDArray[np.float64]:
        """(n,) rows → (n,) BM25 as a share of `query.total`, cut at 1."""
        if not len(rows) or not len(query.numbers) or query.total <= 0:
            return np.zeros(len(rows))
        weights = np.zeros(len(self._numbers), dtype=np.float64)
        weights[query.numbers] = query.weights
        held = [self._row_words[row] for row in rows.tolist()]
        counts = np.array([len(numbers) for numbers, _ in held], dtype=np.int64)
        lengths = np.array([self._lengths[row] for row in rows.tolist()], dtype=np.float64)
        average = max(self._total_length / max(len(self._row_words), 1), 1.0)
        dampening = K1 * (1 - B + B * lengths / average)
        numbers = np.concatenate([numbers for numbers, _ in held])
        frequencies = np.concatenate([frequencies for _, frequencies in held])
        spread = np.repeat(dampening, counts)
        gains = weights[numbers] * frequencies * (K1 + 1) / (frequencies + spread)
        sums = np.bincount(np.repeat(np.arange(len(rows)), counts), gains, minlength=len(rows))
        return np.minimum(sums / query.total, 1.0)

    def _number(self, word: str) -> int:
        number = self._numbers.setdefault(word, len(self._numbers))
        if number >= len(self._document_counts):
            grown = np.zeros(2 * len(self._document_counts), dtype=np.int64)
            grown[: len(self._document_counts)] = self._document_counts
            self._document_counts = grown
        return number
