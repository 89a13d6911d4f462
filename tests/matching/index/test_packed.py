"""Runs of numbers and texts, packed: any history keeps what a dict keeps."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.index import blocks, texts
from matching.index.blocks import Blocks
from matching.index.bm25 import QueryWords, WordCounts
from matching.index.texts import Texts
from matching.text.words import list_words


def read_words(counts: WordCounts, text: str) -> QueryWords:
    """The words of a query with their weights."""
    return counts.read_tokens(Counter(list_words(text)))


ROWS = st.integers(0, 9)
CHANGES = st.lists(st.dictionaries(ROWS, st.none() | st.integers(0, 6), max_size=4), max_size=25)


@pytest.fixture(autouse=True)
def pack_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_LEAST_DEAD", 4)
    monkeypatch.setattr(texts, "_LEAST_DEAD", 8)


@settings(max_examples=60, deadline=None)
@given(CHANGES)
def test_runs_are_those_of_a_dict(changes: list[dict[int, int | None]]) -> None:
    held, next_number = Blocks({"a": np.int32, "b": np.int64}), 1
    plain: dict[int, list[int]] = {}
    for change in changes:
        gone = [row for row, count in change.items() if count is None]
        held.remove_many(np.array(gone, dtype=np.int64))
        for row in gone:
            plain.pop(row, None)
        put = {row: count for row, count in change.items() if count is not None}
        for row, count in put.items():
            plain[row] = list(range(next_number, next_number + count))
            next_number += count
        flat = np.array([number for row in put for number in plain[row]], dtype=np.int64)
        counts = np.array(list(put.values()), dtype=np.int64)
        held.put_many(np.array(list(put), dtype=np.int64), counts, a=flat, b=10 * flat)
        check_runs(held, plain)
    copy = Blocks({"a": np.int32, "b": np.int64})
    copy.restore(held.export())
    check_runs(copy, plain)
    check_runs(held, plain)


def check_runs(held: Blocks, plain: dict[int, list[int]]) -> None:
    for row in range(12):
        assert held.read("a", row).tolist() == plain.get(row, [])
        assert held.read("b", row).tolist() == [10 * n for n in plain.get(row, [])]
    owners = held.list_owners()
    assert held["a"][owners < 0].tolist() == [0] * int((owners < 0).sum())
    for place in np.flatnonzero(owners >= 0).tolist():
        assert int(held["a"][place]) in plain[int(owners[place])]


def test_runs_that_do_not_fit_are_refused() -> None:
    held = Blocks({"a": np.int32})
    held.put(0, a=np.array([1, 2, 3]))
    arrays = held.export()
    arrays["of_a"] = arrays["of_a"][:2]
    with pytest.raises(ValueError, match="do not fit"):
        Blocks({"a": np.int32}).restore(arrays)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(ROWS, st.none() | st.text(max_size=9), max_size=4), max_size=25))
def test_texts_are_those_of_a_dict(changes: list[dict[int, str | None]]) -> None:
    held = Texts()
    plain: dict[int, str] = {}
    for change in changes:
        gone = [row for row, text in change.items() if text is None]
        held.remove_many(gone)
        put = {row: text for row, text in change.items() if text is not None}
        held.put_many(list(put), list(put.values()))
        plain = {row: text for row, text in plain.items() if row not in gone} | put
        assert [held[row] for row in range(12)] == [plain.get(row, "") for row in range(12)]


@pytest.mark.privacy
def test_a_removed_text_is_overwritten_and_not_saved(tmp_path: Path) -> None:
    held = Texts(tmp_path)
    held.put_many([0, 1, 2], ["keep this", "zebrafish", "and 这个"])
    held.remove_many([1])
    assert list(tmp_path.iterdir()) == []
    places = held.save(tmp_path / "saved")
    assert b"zebrafish" not in (tmp_path / "saved").read_bytes()
    copy = Texts(tmp_path)
    copy.restore(tmp_path / "saved", places)
    assert [copy[row] for row in range(4)] == ["keep this", "", "and 这个", ""]
    with pytest.raises(ValueError, match="do not reach"):
        copy.restore(tmp_path / "saved", places | {"sizes": places["sizes"] + 9})


@pytest.mark.privacy
def test_a_word_that_only_a_removed_text_had_is_forgotten_and_its_number_used_again() -> None:
    counts = WordCounts()
    counts.put_many([0, 1], [["zebrafish", "wear"], ["wear"]])
    counts.remove(0)
    exported = counts.export()
    assert exported["words"].tobytes().decode() == "wear"
    assert read_words(counts, "zebrafish").words == ()
    counts.put(2, ["quokka"])
    assert read_words(counts, "quokka").numbers.tolist() == [0]
    copy = WordCounts()
    copy.restore(counts.export())
    rows = np.array([0, 1, 2])
    for text in ("quokka wear", "zebrafish"):
        expected = counts.score_rows(read_words(counts, text), rows)
        assert copy.score_rows(read_words(copy, text), rows).tolist() == expected.tolist()
    assert 0 not in copy
