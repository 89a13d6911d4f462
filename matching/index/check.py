"""Whether two indexes hold the same: one that went through a history, one built from the source."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from matching.index.blocks import list_slots
from matching.index.rows import Index


def find_differences(one: Index, other: Index) -> list[int]:
    """The ids, ascending, of the providers that the two indexes do not hold alike.

    Compared are kind, standing, text, sentences, vectors and words, bit by bit.
    """
    alone = one.row_of.keys() ^ other.row_of.keys()
    both = sorted(one.row_of.keys() & other.row_of.keys())
    different = [
        provider_id
        for provider_id in both
        if not _is_same(_list_content(one, provider_id), _list_content(other, provider_id))
    ]
    return sorted([*alone, *different])


def _is_same(one: Iterator[Any], other: Iterator[Any]) -> bool:
    # A different number of texts is told by the third, before one of the two has no more.
    return all(
        np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b
        for a, b in zip(one, other, strict=True)
    )


def _list_content(index: Index, provider_id: int) -> Iterator[Any]:
    """All that the index holds of a provider, wherever it stands; what is cheap first."""
    row = index.row_of[provider_id]
    behind = index.rows_behind.get(row, [])
    yield index.columns.read_kind(row)
    yield index.columns.read_standing(row)
    yield index.text_ids[behind]
    for at in (row, *behind):
        yield from _list_text(index, at)


def _list_text(index: Index, row: int) -> Iterator[Any]:
    yield bool(index.is_chinese[row])
    yield index.texts[row]
    yield index.read_spans(row)
    yield index.lexical.counts.list_words_of(row)
    yield index.wholes.gather(index.whole_at[[row]])
    slots = list_slots(index.sentences_at[[row]], index.sentence_counts[[row]])
    yield index.sentences.gather(slots)
