from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.index import lexical
from matching.index.bm25 import QueryWords, WordCounts
from matching.index.lexical import LexicalIndex
from matching.text.words import list_words


def read_words(counts: WordCounts, text: str) -> QueryWords:
    """The words of a query with their weights."""
    return counts.read_tokens(Counter(list_words(text)))


def make_index(texts: list[str]) -> LexicalIndex:
    index = LexicalIndex(WordCounts())
    for row, text in enumerate(texts):
        index.put(row, text)
    return index


def find(index: LexicalIndex, text: str, count: int, allowed: list[int]) -> list[int]:
    flags = np.zeros(4000, dtype=np.bool_)
    flags[allowed] = True
    found = index.search(read_words(index.counts, text), count, flags, np.arange(4000))
    return [int(row) for row in found]


def test_finds_traditional_in_simplified_and_latin_in_any_case() -> None:
    index = make_index(["碳化硅外延工艺", "SiC MOSFET 栅氧可靠性", "心脏导管动物实验"])
    for text, row in (("心臟導管", 2), ("mosfet", 1), ("外延工藝", 0)):
        assert find(index, text, 3, [0, 1, 2]) == [row]


def test_one_allowed_row_behind_thousands_is_found() -> None:
    index = make_index(
        ["轴承 轴承 轴承 润滑"] * 3000 + ["这里只提到一次轴承，其余都是别的事情，说得很长很长"]
    )
    assert find(index, "轴承润滑", 1, [3000]) == [3000]


def test_ties_go_to_the_lower_id() -> None:
    index = make_index(["轴承润滑"] * 10)
    ids = np.arange(10)[::-1]
    query = read_words(index.counts, "轴承")
    assert index.search(query, 3, np.ones(10, dtype=np.bool_), ids).tolist() == [9, 8, 7]


def test_a_changed_row_is_found_by_its_new_words_only() -> None:
    index = make_index(["轴承润滑", "齿轮修形"])
    index.put(0, "激光切割")
    index.remove_many([1])
    assert find(index, "轴承", 5, [0, 1]) == []
    assert find(index, "齿轮", 5, [0, 1]) == []
    assert find(index, "激光", 5, [0, 1]) == [0]


def test_scores_depend_on_the_present_texts_and_not_on_their_history() -> None:
    fresh, used = WordCounts(), WordCounts()
    for row in range(5):
        used.put(row, list_words("激光 焊接 轴承"))
    for counts in (fresh, used):
        counts.put(0, list_words("轴承润滑与磨损"))
        counts.put(1, list_words("激光切割蓝宝石"))
    for row in (2, 3, 4):
        used.remove(row)
    rows = np.array([0, 1])
    text = "轴承磨损监测"
    expected = fresh.score_rows(read_words(fresh, text), rows)
    assert used.score_rows(read_words(used, text), rows).tolist() == expected.tolist()
    assert expected[0] > 0.3
    assert expected[1] == 0.0


def test_the_share_is_of_all_words_of_the_need_known_or_not() -> None:
    counts = WordCounts()
    counts.put(0, list_words("bearing lubrication wear"))
    rows = np.array([0])
    alone = counts.score_rows(read_words(counts, "bearing lubrication wear"), rows)[0]
    with_strangers = counts.score_rows(read_words(counts, "bearing zebra violin harvest"), rows)[0]
    assert alone == pytest.approx(1.0, abs=0.05)
    assert 0 < with_strangers < alone / 2


WORDS = ("bearing", "wear", "laser", "wafer", "cell", "binder")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.integers(0, 7),
            st.none() | st.lists(st.sampled_from(WORDS), max_size=5),
            min_size=1,
            max_size=3,
        ),
        max_size=20,
    )
)
def test_any_history_finds_what_scoring_every_row_finds(
    changes: list[dict[int, list[str] | None]],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # So that some rows are found by postings and some have changed since.
        patch.setattr(lexical, "_LEAST_CHANGED", 3)
        index = LexicalIndex(WordCounts())
        for change in changes:
            index.remove_many([row for row, words in change.items() if words is None])
            put = {row: " ".join(words) for row, words in change.items() if words is not None}
            index.put_many(list(put), list(put.values()))
            query = read_words(index.counts, "laser wear binder wafer")
            scores = np.round(index.counts.score_rows(query, np.arange(8)), 9)
            order = np.lexsort((np.arange(8), -scores))
            expected = [row for row in order.tolist() if scores[row] > 0 and row != 5][:4]
            allowed = np.arange(8) != 5
            assert index.search(query, 4, allowed, np.arange(64)).tolist() == expected
