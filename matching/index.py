"""The engine's store: rows of providers with their columns, vectors and words, kept by revision.

Everything here is a cache of what the database says; `apply` brings it forward. A row is one
provider; a freed row is used again, its arrays overwritten.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.background import PROFILE, Background
from matching.bm25 import WordCounts
from matching.columns import Columns, list_place_prefixes
from matching.dense import DenseIndex
from matching.lexical import LexicalIndex
from matching.passages import WHOLE, split_passages
from matching.records import Change, Passage, ProviderRecord, Removal, Standing
from matching.words import CHINESE, detect_language

Rows = NDArray[np.int64]
Encode = Callable[[list[str]], NDArray[np.float32]]


@dataclass(slots=True)
class Row:
    """One provider: where its passages are in its text and in the dense indexes.

    `spans` is (n, 2), start and end of each sentence; `whole_at` and `sentences_at` are the first
    slots in the index of wholes and of sentences.
    """

    id: int
    kind: str
    text: str
    terms: tuple[str, ...]
    spans: NDArray[np.int32]
    whole_at: int
    sentences_at: int
    language: str


class Index:
    """Rows, columns, two dense indexes (wholes and sentences) and the lexical index."""

    def __init__(self, dimensions: int, background: Background) -> None:
        self.columns = Columns()
        self.wholes = DenseIndex(dimensions)
        self.sentences = DenseIndex(dimensions)
        self.lexical = LexicalIndex(
            WordCounts(background.word_counts, len(background.profiles.texts))
        )
        self.row_of: dict[int, int] = {}
        self.rows: dict[int, Row] = {}
        self.whole_at = np.zeros(64, dtype=np.int64)
        self.sentences_at = np.zeros(64, dtype=np.int64)
        self.sentence_counts = np.zeros(64, dtype=np.int64)
        self.is_chinese = np.zeros(64, dtype=np.bool_)
        self._background = background
        self._free_rows: list[int] = []

    def apply(self, changes: Iterable[Change], encode: Encode) -> None:
        """Bring the rows of `changes` to the state they say; a search sees all of it or none.

        Passages without a vector are encoded by `encode`, all in one call.
        """
        records: list[ProviderRecord] = []
        for change in changes:
            if isinstance(change, Removal):
                records = [record for record in records if record.id != change.id]
                self._remove(change.id)
            else:
                records.append(change)
        for record, passages in zip(records, _complete(records, encode), strict=True):
            self._put(record, passages)
        self.lexical.commit()

    def _put(self, record: ProviderRecord, passages: tuple[Passage, ...]) -> None:
        terms = list_terms(record.kind, record.standing)
        row_number = self.row_of.get(record.id)
        if row_number is None:
            row_number = self._free_rows.pop() if self._free_rows else len(self.row_of)
        else:
            self._drop_vectors(row_number)
        self.row_of[record.id] = row_number
        self.columns.put(row_number, record.kind, record.standing)
        self._make_room(row_number)
        whole = [p for p in passages if p.role == WHOLE]
        sentences = [p for p in passages if p.role != WHOLE] or whole
        row = Row(
            id=record.id,
            kind=record.kind,
            text=record.text,
            terms=terms,
            spans=np.array([(p.start, p.end) for p in sentences], dtype=np.int32).reshape(-1, 2),
            whole_at=self.wholes.put(row_number, self._centre(record.text, whole)),
            sentences_at=self.sentences.put(row_number, self._centre(record.text, sentences)),
            language=detect_language(record.text),
        )
        self.rows[row_number] = row
        self.whole_at[row_number] = row.whole_at
        self.sentences_at[row_number] = row.sentences_at
        self.sentence_counts[row_number] = len(sentences)
        self.is_chinese[row_number] = row.language == CHINESE
        self.lexical.put(row_number, record.text, terms)

    def _centre(self, text: str, passages: list[Passage]) -> NDArray[np.float32]:
        vectors = np.stack([p.vector for p in passages if p.vector is not None])
        languages = [detect_language(text[p.start : p.end]) for p in passages]
        return self._background.centre(vectors, PROFILE, languages)

    def _remove(self, provider_id: int) -> None:
        row_number = self.row_of.pop(provider_id, None)
        if row_number is None:
            return
        self._drop_vectors(row_number)
        del self.rows[row_number]
        self.columns.remove(row_number)
        self.lexical.remove(row_number)
        self._free_rows.append(row_number)

    def _drop_vectors(self, row_number: int) -> None:
        row = self.rows[row_number]
        self.wholes.remove(row.whole_at, 1)
        self.sentences.remove(row.sentences_at, len(row.spans))

    def _make_room(self, row_number: int) -> None:
        size = self.columns.size
        if row_number >= len(self.whole_at):
            for name in ("whole_at", "sentences_at", "sentence_counts", "is_chinese"):
                before = getattr(self, name)
                grown = np.zeros(size, dtype=before.dtype)
                grown[: len(before)] = before
                setattr(self, name, grown)


def list_terms(kind: str, standing: Standing) -> tuple[str, ...]:
    """The standing conditions that the lexical index can check by itself, as terms."""
    is_open = standing.published and standing.free_capacity > 0
    return tuple(
        sorted(
            [f"kind:{kind}", f"open:{kind}" if is_open else "shut"]
            + [f"place:{prefix}" for prefix in list_place_prefixes(standing.place_code)]
            + (["pool:any"] if standing.open_to_all else [])
            + [f"pool:{pool}" for pool in standing.pools]
        )
    )


def _complete(records: list[ProviderRecord], encode: Encode) -> list[tuple[Passage, ...]]:
    """The passages of each record, every one with a vector."""
    all_passages = [_list_passages(record) for record in records]
    missing = [
        record.text[passage.start : passage.end]
        for record, passages in zip(records, all_passages, strict=True)
        for passage in passages
        if passage.vector is None
    ]
    fresh = iter(encode(missing) if missing else ())
    return [
        tuple(
            passage
            if passage.vector is not None
            else Passage(passage.role, passage.start, passage.end, next(fresh))
            for passage in passages
        )
        for passages in all_passages
    ]


def _list_passages(record: ProviderRecord) -> tuple[Passage, ...]:
    """The record's passages with the whole among them; a blank text is one empty passage."""
    passages = record.passages or split_passages(record.text)
    if any(passage.role == WHOLE for passage in passages):
        return passages
    return (Passage(WHOLE, 0, len(record.text)), *passages)
