"""The lexical index: tantivy finds rows by their words, inside the eligible."""

from collections.abc import Iterable, Sequence

import numpy as np
import tantivy
from numpy.typing import NDArray

from matching.bm25 import QueryWords, WordCounts
from matching.columns import BoolRows
from matching.words import list_words

Rows = NDArray[np.int64]

_WRITER_BYTES = 32_000_000


class LexicalIndex:
    """Words of each row's whole text and its condition terms. Changes show after `commit`."""

    def __init__(self, counts: WordCounts) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_unsigned_field("row", indexed=True, fast=True)
        schema.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        schema.add_text_field("terms", tokenizer_name="whitespace", index_option="basic")
        self._schema = schema.build()
        self._index = tantivy.Index(self._schema)
        self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        self.counts = counts

    def put(self, row: int, text: str, terms: Iterable[str]) -> None:
        """Row `row` has the words of `text` and the condition `terms` (no blanks in a term)."""
        self.remove(row)
        words = list_words(text)
        self.counts.put(row, words)
        document = tantivy.Document()
        document.add_unsigned("row", row)
        document.add_text("words", " ".join(words))
        document.add_text("terms", " ".join(terms))
        self._writer.add_document(document)

    def remove(self, row: int) -> None:
        """Nothing of row `row` remains."""
        if row in self.counts:
            self.counts.remove(row)
            self._writer.delete_documents_by_term("row", row)

    def commit(self) -> None:
        """What was put and removed is what a search sees."""
        self._writer.commit()
        self._index.reload()

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
        should = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "words", word, "freq"))
            for word in query.words
        ]
        clauses = [(tantivy.Occur.Must, tantivy.Query.boolean_query(should))]
        for group in required:
            terms = tantivy.Query.term_set_query(self._schema, "terms", list(group))
            clauses.append((tantivy.Occur.Must, tantivy.Query.const_score_query(terms, 0.0)))
        whole_query = tantivy.Query.boolean_query(clauses)
        searcher = self._index.searcher()
        limit = count
        while True:
            hits = searcher.search(whole_query, limit, count=False).hits
            addresses = [address for _, address in hits]
            rows = np.array(searcher.fast_field_values("row", addresses), dtype=np.int64)
            allowed = rows[allowed_rows[rows]]
            if len(allowed) >= count or len(hits) < limit:
                return allowed[:count]
            limit *= 4
