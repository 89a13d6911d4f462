"""The engine's store: rows of providers with their columns, vectors and words, kept by revision.

Everything here is a cache of what the database says; `apply` brings it forward. A row is one
provider, and each further text of one has a row behind it that no column flags: a search finds it
where it may find the provider, and a list has the provider once. A freed row is used again, its
places overwritten. Nothing is an object a row: a million rows are some forty arrays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.background import Background
from matching.index.blocks import Blocks, grow
from matching.index.bm25 import WordCounts
from matching.index.columns import BoolRows, Columns
from matching.index.dense import DenseIndex
from matching.index.laying import FULL, Encode, Laid, lay_out
from matching.index.lexical import LexicalIndex
from matching.index.reaches import ProviderReaches, ReachBlocks
from matching.index.texts import Texts
from matching.records import Change, ProviderRecord, Removal, StandingChange
from matching.text.words import CHINESE, detect_languages

Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]
# Below it a sentence is not taken to say what somebody is looking for himself.
_LEAST_SOUGHT = 0.7

_ROW_ARRAYS = (
    "ids",
    "whole_at",
    "sentences_at",
    "sentence_counts",
    "is_chinese",
    "main_of",
    "text_ids",
)
_ARRAYS = "arrays.npz"
_TEXTS = "texts.utf8"
_WHOLES, _SENTENCES = "wholes.float32", "sentences.float32"


class RowMissing(Exception):
    """A change says that a provider's text is as before, but the index has never seen it."""


class TextRows(NamedTuple):
    """The (m,) `rows` of all texts of n providers, and to which of the n each belongs.

    None as `owners`: none of them has a further text, and the rows are theirs.
    """

    rows: Rows
    owners: Rows | None


class Index:
    """Rows, columns, two dense indexes (wholes and sentences), the lexical index and the texts.

    `ids` has the provider of each live row; `whole_at` and `sentences_at` are the first slots of
    its vectors in the dense indexes. `text_ids` has the further text of a row, 0 for a profile,
    and `main_of` the row of its provider. Scratch files stand in `folder`.
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
            {
                "starts": np.int32,
                "ends": np.int32,
                "worths": np.uint8,
                "refusals": np.uint8,
                "seeks": np.uint8,
                "takes": np.uint8,
            }
        )
        self.reaches = ReachBlocks()
        self.row_of: dict[int, int] = {}
        # Those of the further texts by the row of their provider, the earlier texts first.
        self.rows_behind: dict[int, list[int]] = {}
        self.ids = np.zeros(64, dtype=np.int64)
        self.main_of = np.zeros(64, dtype=np.int64)
        self.text_ids = np.zeros(64, dtype=np.int64)
        self.whole_at = np.zeros(64, dtype=np.int64)
        self.sentences_at = np.zeros(64, dtype=np.int64)
        self.sentence_counts = np.zeros(64, dtype=np.int64)
        self.is_chinese = np.zeros(64, dtype=np.bool_)
        self._background = background
        self._free_rows: list[int] = []
        # How many rows there are, the free among them.
        self._taken = 0

    @property
    def passage_count(self) -> int:
        """How many sentences and wholes the live rows have."""
        return int(self.sentence_counts.sum()) + self._taken - len(self._free_rows)

    def list_texts(self, rows: Rows) -> TextRows:
        """The rows of all texts of the providers in `rows`, in their order, the profile first."""
        if not self.rows_behind:
            return TextRows(rows, None)
        behind = [self.rows_behind.get(row, []) for row in rows.tolist()]
        if not any(behind):
            return TextRows(rows, None)
        counts = np.array([1 + len(own) for own in behind], dtype=np.int64)
        owners = np.repeat(np.arange(len(rows)), counts)
        found = [at for row, own in zip(rows.tolist(), behind, strict=True) for at in (row, *own)]
        return TextRows(np.array(found, dtype=np.int64), owners)

    def reach_behind(self, flags: BoolRows) -> BoolRows:
        """`flags` of rows of providers, set for the rows of their further texts too."""
        if not self.rows_behind:
            return flags
        reached = np.zeros(max(len(self.ids), len(flags)), dtype=np.bool_)
        reached[: len(flags)] = flags
        behind = np.flatnonzero(self.text_ids)
        reached[behind] = reached[self.main_of[behind]]
        return reached

    def find_main(self, rows: Rows) -> Rows:
        """The rows of the providers to whom the texts in `rows` belong."""
        main: Rows = self.main_of[rows] if self.rows_behind else rows
        return main

    def read_spans(self, row: int) -> NDArray[np.int32]:
        """(n, 2) start and end of each sentence of `row` in its text."""
        return np.stack([self.spans.read("starts", row), self.spans.read("ends", row)], axis=1)

    def read_worths(self, rows: Rows) -> NDArray[np.float64]:
        """What each sentence of `rows` counts, from 0 to 1, one row after the other."""
        worths: NDArray[np.float64] = self.spans["worths"][self.spans.list_places(rows)] / FULL
        return worths

    def read_refusals(self, rows: Rows) -> NDArray[np.bool_]:
        """Whether each sentence of `rows` says what the provider does not do."""
        refusals: NDArray[np.bool_] = (
            self.spans["refusals"][self.spans.list_places(rows)] > FULL / 2
        )
        return refusals

    def read_opposed(self, rows: Rows) -> NDArray[np.float64]:
        """How surely each sentence of `rows` says what is sought there; what is unsure is not."""
        shares = self.spans["seeks"][self.spans.list_places(rows)] / FULL
        opposed: NDArray[np.float64] = np.where(shares >= _LEAST_SOUGHT, shares, 0.0)
        return opposed

    def read_taken(self, rows: Rows) -> NDArray[np.float64]:
        """How surely each sentence of `rows` says that its owner buys, uses, hosts or seeks."""
        taken: NDArray[np.float64] = self.spans["takes"][self.spans.list_places(rows)] / FULL
        return taken

    def read_reaches(self, rows: Rows) -> ProviderReaches:
        """The figures with units of `rows`, one row after the other.

        The sentences are counted through all rows, as in `read_worths`.
        """
        return self.reaches.read_rows(rows, self.sentence_counts[rows])

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
        texts = [text for record in records.values() for text in _part_texts(record)]
        laid = lay_out(texts, encode, self._background)
        self._remove(removed.intersection(self.row_of))
        if laid is not None:
            self._put(list(records.values()), texts, laid)
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
            "reaches": self.reaches.export(),
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
        self.reaches.restore(_choose(arrays, "reaches"))
        self.texts.restore(folder / _TEXTS, _choose(arrays, "texts"))
        self.wholes.restore(folder / _WHOLES, _choose(arrays, "wholes"))
        self.sentences.restore(folder / _SENTENCES, _choose(arrays, "sentences"))
        live = np.flatnonzero(self.columns.live)
        if live.max(initial=-1) >= min(len(getattr(self, name)) for name in _ROW_ARRAYS):
            raise ValueError("a row that is live has no place")
        self.row_of = dict(zip(self.ids[live].tolist(), live.tolist(), strict=True))
        behind = np.flatnonzero(self.text_ids)
        for row in behind[np.argsort(self.text_ids[behind], kind="stable")].tolist():
            self.rows_behind.setdefault(int(self.main_of[row]), []).append(row)
        self._taken = len(live) + len(behind) + len(self._free_rows)
        if self.rows_behind.keys() - set(live.tolist()):
            raise ValueError("a text belongs to nobody")
        held = np.concatenate((live, behind))
        if not np.array_equal(self.spans.counts[held], self.sentence_counts[held]):
            raise ValueError("the sentences and their vectors do not fit together")

    def _put(
        self, records: Sequence[ProviderRecord], parts: Sequence[ProviderRecord], laid: Laid
    ) -> None:
        """`parts` are the texts of `records`, as `_part_texts` gives them, in the same order."""
        known = [self.row_of[record.id] for record in records if record.id in self.row_of]
        self._drop_vectors(known)
        self._clear([at for row in known for at in self.rows_behind.pop(row, [])])
        rows, mains, numbers = [], [], []
        for record in records:
            row = self._find_row(record.id)
            further = sorted(text.id for text in record.texts)
            behind = [row]
            if further:
                own = self.rows_behind[row] = []
                for _ in further:
                    own.append(self._take_row())
                behind += own
            rows += behind
            mains += [row] * len(behind)
            numbers += [0, *further]
        self._make_room(max(rows) + 1)
        for row, part, number in zip(rows, parts, numbers, strict=True):
            if not number:
                self.columns.put(row, part.kind, part.standing)
        texts = [part.text for part in parts]
        at = np.array(rows, dtype=np.int64)
        self.main_of[at] = mains
        self.text_ids[at] = numbers
        self.is_chinese[at] = [language == CHINESE for language in detect_languages(texts)]
        self.ids[at] = [part.id for part in parts]
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
            seeks=laid.seeks,
            takes=laid.takes,
        )
        self.reaches.put_found(at, laid.reaches)
        self.texts.put_many(rows, texts)
        self.lexical.put_tokens(rows, laid.tokens)

    def _remove(self, provider_ids: Iterable[int]) -> None:
        rows = [self.row_of.pop(provider_id) for provider_id in provider_ids]
        for row in rows:
            self.columns.remove(row)
        self._clear([*rows, *(at for row in rows for at in self.rows_behind.pop(row, []))])

    def _clear(self, rows: list[int]) -> None:
        """Nothing stands in `rows`, which are free."""
        if not rows:
            return
        self._drop_vectors(rows)
        for name in ("ids", "sentence_counts", "is_chinese", "main_of", "text_ids"):
            getattr(self, name)[rows] = 0
        self.spans.remove_many(np.array(rows, dtype=np.int64))
        self.reaches.remove_many(np.array(rows, dtype=np.int64))
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
            row = self.row_of[provider_id] = self._take_row()
        return row

    def _take_row(self) -> int:
        """A row in which nothing stands, for which a place is kept from now on."""
        if self._free_rows:
            return self._free_rows.pop()
        self._taken += 1
        return self._taken - 1

    def _make_room(self, rows: int) -> None:
        if rows > len(self.ids):
            size = max(2 * len(self.ids), rows)
            for name in _ROW_ARRAYS:
                setattr(self, name, grow(getattr(self, name), size))


def _part_texts(record: ProviderRecord) -> list[ProviderRecord]:
    """The profile of `record` and each of its further texts, the earlier first, as records."""
    return [
        record,
        *(
            replace(
                record,
                text=text.text,
                passages=text.passages,
                vectors=text.vectors,
                corrected=text.corrected,
            )
            for text in sorted(record.texts, key=lambda text: text.id)
        ),
    ]


def _choose(arrays: Mapping[str, NDArray[Any]], part: str) -> dict[str, NDArray[Any]]:
    """The arrays of one part by their own names."""
    start = f"{part}/"
    return {
        name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)
    }
