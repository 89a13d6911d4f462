"""The engine's store: rows of providers with their columns, vectors and words, kept by revision.

Everything here is a cache of what the database says; `apply` brings it forward. A row is one
provider; a freed row is used again, its places overwritten. Nothing is an object a row: a million
rows are some forty arrays.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.background import PROFILE, Background
from matching.encoding import word_passages
from matching.index.blocks import Blocks, grow
from matching.index.bm25 import WordCounts
from matching.index.columns import Columns
from matching.index.dense import DenseIndex
from matching.index.lexical import LexicalIndex
from matching.index.texts import Texts
from matching.records import Change, Passage, ProviderRecord, Removal, StandingChange
from matching.text.passages import WHOLE, split_passages
from matching.text.roles import weigh_sentences
from matching.text.tokens import list_tokens
from matching.text.voice import reports
from matching.text.words import CHINESE, ENGLISH, detect_languages

Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]
Encode = Callable[[list[str]], Vectors]


_ROW_ARRAYS = ("ids", "whole_at", "sentences_at", "sentence_counts", "is_chinese")
_ARRAYS = "arrays.npz"
_TEXTS = "texts.utf8"
_WHOLES, _SENTENCES = "wholes.float32", "sentences.float32"


# Of a sentence that surely refuses, nothing else is left to be weighed.
_LEAST_MEANT = 0.01
_CENTRED_AT_ONCE = 256
# A share is held in a byte.
_FULL = 255


class RowMissing(Exception):
    """A change says that a provider's text is as before, but the index has never seen it."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """The passages of some records, laid side by side.

    `wholes` is (n, d) and `sentences` (m, d), both centred; `counts` (n,) says how many of the
    latter each record has, at least 1, and `spans` (m, 2) where they are in its text.
    """

    wholes: Vectors
    sentences: Vectors
    counts: Rows
    spans: NDArray[np.int32]
    worths: NDArray[np.uint8]
    refusals: NDArray[np.uint8]
    tokens: list[list[str]]


class Index:
    """Rows, columns, two dense indexes (wholes and sentences), the lexical index and the texts.

    `ids` has the provider of each live row; `whole_at` and `sentences_at` are the first slots of
    its vectors in the dense indexes. Scratch files stand in `folder`.
    """

    def __init__(self, dimensions: int, background: Background, folder: Path | None = None) -> None:
        self.columns = Columns()
        self.wholes = DenseIndex(dimensions, folder)
        self.sentences = DenseIndex(dimensions, folder)
        self.lexical = LexicalIndex(
            WordCounts(background.word_counts, len(background.profiles.texts))
        )
        self.texts = Texts(folder)
        self.spans = Blocks(
            {"starts": np.int32, "ends": np.int32, "worths": np.uint8, "refusals": np.uint8}
        )
        self.row_of: dict[int, int] = {}
        self.ids = np.zeros(64, dtype=np.int64)
        self.whole_at = np.zeros(64, dtype=np.int64)
        self.sentences_at = np.zeros(64, dtype=np.int64)
        self.sentence_counts = np.zeros(64, dtype=np.int64)
        self.is_chinese = np.zeros(64, dtype=np.bool_)
        self._background = background
        self._free_rows: list[int] = []

    @property
    def passage_count(self) -> int:
        """How many sentences and wholes the live rows have."""
        return int(self.sentence_counts.sum()) + len(self.row_of)

    def read_spans(self, row: int) -> NDArray[np.int32]:
        """(n, 2) start and end of each sentence of `row` in its text."""
        return np.stack([self.spans.read("starts", row), self.spans.read("ends", row)], axis=1)

    def read_worths(self, rows: Rows) -> NDArray[np.float64]:
        """What each sentence of `rows` counts, from 0 to 1, one row after the other."""
        worths: NDArray[np.float64] = self.spans["worths"][self.spans.list_places(rows)] / _FULL
        return worths

    def read_refusals(self, rows: Rows) -> NDArray[np.bool_]:
        """Whether each sentence of `rows` says what the provider does not do."""
        refusals: NDArray[np.bool_] = (
            self.spans["refusals"][self.spans.list_places(rows)] > _FULL / 2
        )
        return refusals

    def apply(self, changes: Iterable[Change], encode: Encode) -> None:
        """Bring the rows of `changes` to the state they say; a search sees all of it or none.

        Passages without a vector are encoded by `encode`, all in one call. Raises RowMissing for
        a new standing of a provider that is not there; nothing is changed then.
        """
        removed: set[int] = set()
        records: dict[int, ProviderRecord] = {}
        standings: dict[int, StandingChange] = {}
        for change in changes:
            if isinstance(change, Removal):
                removed.add(change.id)
                records.pop(change.id, None)
                standings.pop(change.id, None)
            elif isinstance(change, ProviderRecord):
                records[change.id] = change
                standings.pop(change.id, None)
            elif (record := records.get(change.id)) is not None:
                records[change.id] = replace(
                    record, revision=change.revision, standing=change.standing
                )
            else:
                standings[change.id] = change
        if missing := standings.keys() - (self.row_of.keys() - removed):
            raise RowMissing(f"no text is known of the providers {sorted(missing)[:5]}")
        laid = self._lay_out(list(records.values()), encode)
        self._remove(removed.intersection(self.row_of))
        if laid is not None:
            self._put(list(records.values()), laid)
        for standing in standings.values():
            self.columns.put(self.row_of[standing.id], standing.kind, standing.standing)

    def save(self, folder: Path) -> None:
        """Write everything into the empty `folder`: as few files as it can be read back from."""
        places = self.texts.save(folder / _TEXTS)
        parts = {
            "rows": {name: getattr(self, name) for name in _ROW_ARRAYS}
            | {"free": np.array(self._free_rows, dtype=np.int64)},
            "columns": self.columns.export(),
            "words": self.lexical.counts.export(),
            "spans": self.spans.export(),
            "texts": places,
            "wholes": self.wholes.save(folder / _WHOLES),
            "sentences": self.sentences.save(folder / _SENTENCES),
        }
        arrays = {
            f"{part}/{name}": array for part, own in parts.items() for name, array in own.items()
        }
        with (folder / _ARRAYS).open("xb") as file:
            np.savez(file, allow_pickle=False, **arrays)

    def restore(self, folder: Path) -> None:
        """Take over, while empty, what `save` wrote.

        Raises ValueError, KeyError or OSError when it is not all there or does not fit together;
        the index is then of no use.
        """
        with np.load(folder / _ARRAYS, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        for name in _ROW_ARRAYS:
            setattr(self, name, arrays[f"rows/{name}"])
        self._free_rows = arrays["rows/free"].tolist()
        self.columns.restore(_choose(arrays, "columns"))
        self.lexical.restore(_choose(arrays, "words"))
        self.spans.restore(_choose(arrays, "spans"))
        self.texts.restore(folder / _TEXTS, _choose(arrays, "texts"))
        self.wholes.restore(folder / _WHOLES, _choose(arrays, "wholes"))
        self.sentences.restore(folder / _SENTENCES, _choose(arrays, "sentences"))
        live = np.flatnonzero(self.columns.live)
        if live.max(initial=-1) >= min(len(getattr(self, name)) for name in _ROW_ARRAYS):
            raise ValueError("a row that is live has no place")
        if not np.array_equal(self.spans.counts[live], self.sentence_counts[live]):
            raise ValueError("the sentences and their vectors do not fit together")
        self.row_of = dict(zip(self.ids[live].tolist(), live.tolist(), strict=True))

    def _lay_out(self, records: Sequence[ProviderRecord], encode: Encode) -> _Laid | None:
        if not records:
            return None
        passages = [_list_passages(record) for record in records]
        vectors = _stack_vectors(records, passages, encode)
        pieces = [
            record.text[p.start : p.end]
            for record, own in zip(records, passages, strict=True)
            for p in own
        ]
        languages = detect_languages(pieces)
        # Some hundred at once fit into the processor's cache; each is centred by itself.
        centred = np.concatenate(
            [
                self._background.centre(
                    vectors[at : at + _CENTRED_AT_ONCE],
                    PROFILE,
                    languages[at : at + _CENTRED_AT_ONCE],
                )
                for at in range(0, len(vectors), _CENTRED_AT_ONCE)
            ]
        )
        wholes, sentences, counts, spans, start = [], [], [], [], 0
        for own in passages:
            is_whole = [passage.role == WHOLE for passage in own]
            whole = is_whole.index(True)
            rest = [at for at, flag in enumerate(is_whole) if not flag] or [whole]
            wholes.append(start + whole)
            sentences += [start + at for at in rest]
            counts.append(len(rest))
            spans += [(own[at].start, own[at].end) for at in rest]
            start += len(own)
        said = [pieces[at] for at in sentences]
        worths, refusals = self._weigh(records, said, vectors[sentences], counts)
        return _Laid(
            centred[wholes],
            centred[sentences],
            np.array(counts, dtype=np.int64),
            np.array(spans, dtype=np.int32),
            (worths * _FULL).round().astype(np.uint8),
            (refusals * _FULL).round().astype(np.uint8),
            _list_tokens(said, refusals > 0.5, counts),
        )

    def _weigh(
        self,
        records: Sequence[ProviderRecord],
        said: Sequence[str],
        vectors: Vectors,
        counts: Sequence[int],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What each sentence of all records counts, and how surely it refuses.

        A report on a piece of research refuses nothing; and all sentences of one in English count
        alike (docs/matching.md has what was measured).
        """
        worths, refusals = weigh_sentences(self._background.readers[PROFILE], said, vectors)
        texts = [record.text for record in records]
        is_english = [language == ENGLISH for language in detect_languages(texts)]
        is_report = [reports(text) for text in texts]
        reported = np.repeat(np.array(is_report, dtype=np.bool_), counts)
        alike = reported & np.repeat(np.array(is_english, dtype=np.bool_), counts)
        meant = worths / np.maximum(1 - refusals, _LEAST_MEANT)
        worths = np.where(alike, 1.0, np.where(reported, np.minimum(meant, 1.0), worths))
        return worths, np.where(reported, 0.0, refusals)

    def _put(self, records: Sequence[ProviderRecord], laid: _Laid) -> None:
        known = [self.row_of[record.id] for record in records if record.id in self.row_of]
        self._drop_vectors(known)
        rows = [self._find_row(record.id) for record in records]
        self._make_room(max(rows) + 1)
        for row, record in zip(rows, records, strict=True):
            self.columns.put(row, record.kind, record.standing)
        texts = [record.text for record in records]
        at = np.array(rows, dtype=np.int64)
        self.is_chinese[at] = [language == CHINESE for language in detect_languages(texts)]
        self.ids[at] = [record.id for record in records]
        self.sentence_counts[at] = laid.counts
        self.whole_at[at] = self.wholes.put_many(at, np.ones_like(laid.counts), laid.wholes)
        self.sentences_at[at] = self.sentences.put_many(at, laid.counts, laid.sentences)
        self.spans.put_many(
            at,
            laid.counts,
            starts=laid.spans[:, 0],
            ends=laid.spans[:, 1],
            worths=laid.worths,
            refusals=laid.refusals,
        )
        self.texts.put_many(rows, texts)
        self.lexical.put_tokens(rows, laid.tokens)

    def _remove(self, provider_ids: Iterable[int]) -> None:
        rows = [self.row_of.pop(provider_id) for provider_id in provider_ids]
        self._drop_vectors(rows)
        for row in rows:
            self.columns.remove(row)
        self.ids[rows] = 0
        self.sentence_counts[rows] = 0
        self.is_chinese[rows] = False
        self.spans.remove_many(np.array(rows, dtype=np.int64))
        self.texts.remove_many(rows)
        self.lexical.remove_many(rows)
        self._free_rows += rows

    def _drop_vectors(self, rows: Sequence[int]) -> None:
        for row in rows:
            self.wholes.remove(int(self.whole_at[row]), 1)
            self.sentences.remove(int(self.sentences_at[row]), int(self.sentence_counts[row]))

    def _find_row(self, provider_id: int) -> int:
        """The row of the provider, a free one if it has none yet."""
        row = self.row_of.get(provider_id)
        if row is None:
            row = self._free_rows.pop() if self._free_rows else len(self.row_of)
            self.row_of[provider_id] = row
        return row

    def _make_room(self, rows: int) -> None:
        if rows > len(self.ids):
            size = max(2 * len(self.ids), rows)
            for name in _ROW_ARRAYS:
                setattr(self, name, grow(getattr(self, name), size))


def _list_tokens(
    sentences: Sequence[str], is_refused: NDArray[np.bool_], counts: Sequence[int]
) -> list[list[str]]:
    """What each record is found by: not by what it says that it does not do, unless by that alone.

    `counts` says how many of the sentences each record has.
    """
    tokens, start = [], 0
    for count in counts:
        own = range(start, start + count)
        kept = [at for at in own if not is_refused[at]] or own
        tokens.append(list_tokens("\n".join(sentences[at] for at in kept)))
        start += count
    return tokens


def _choose(arrays: Mapping[str, NDArray[Any]], part: str) -> dict[str, NDArray[Any]]:
    """The arrays of one part by their own names."""
    start = f"{part}/"
    return {
        name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)
    }


def _stack_vectors(
    records: Sequence[ProviderRecord], passages: Sequence[tuple[Passage, ...]], encode: Encode
) -> Vectors:
    """The vectors of all passages of all records, one row each; those missing are encoded."""
    stacks: list[Vectors] = []
    missing: list[str] = []
    for record, own in zip(records, passages, strict=True):
        if record.vectors is not None and own is record.passages:
            stacks.append(record.vectors)
        else:
            known = [passage.vector for passage in own if passage.vector is not None]
            if len(known) == len(own):
                stacks.append(np.stack(known))
            else:
                missing += word_passages(record.text, own)
                stacks.append(np.zeros((0, 0), dtype=np.float32))
    if not missing:
        return np.concatenate(stacks)
    fresh, start = encode(missing), 0
    for number, own in enumerate(passages):
        if not stacks[number].size:
            stacks[number] = fresh[start : start + len(own)]
            start += len(own)
    return np.concatenate(stacks)


def _list_passages(record: ProviderRecord) -> tuple[Passage, ...]:
    """The record's passages with the whole among them; a blank text is one empty passage.

    Those that have to be encoded anyway are cut anew: the way may have changed since.
    """
    passages = record.passages
    if not passages or (record.vectors is None and any(p.vector is None for p in passages)):
        passages = split_passages(record.text)
    if any(passage.role == WHOLE for passage in passages):
        return passages
    return (Passage(WHOLE, 0, len(record.text)), *passages)
