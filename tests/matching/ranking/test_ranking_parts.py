"""Folding, spreading and the record feature, on figures that can be checked by hand."""

import numpy as np
import pytest

from matching.index.blocks import list_slots
from matching.ranking.folding import NeedVectors, fold
from matching.ranking.relevance import measure_record
from matching.ranking.spread import spread_duplicates


def rows(*vectors: tuple[float, float]) -> np.ndarray:
    return np.array(vectors, dtype=np.float32)


def test_folds_the_best_answer_to_each_sentence_both_ways_round() -> None:
    need = NeedVectors(
        whole=rows((1, 0))[0], sentences=rows((1, 0), (0, 1)), shares=np.array([0.5, 0.5])
    )
    folded = fold(
        need,
        wholes=rows((1, 0), (0, 1)),
        sentences=rows((0.8, 0.6), (-1, 0), (0.6, 0.8)),
        counts=np.array([2, 1]),
    )
    assert folded.whole == pytest.approx([1, 0])
    assert folded.best == pytest.approx(np.array([[0.8, 0.6], [0.6, 0.8]]))
    assert folded.back == pytest.approx([(0.8 + 0.0) / 2, 0.8])


def test_no_provider_folds_into_nothing() -> None:
    need = NeedVectors(rows((1, 0))[0], rows((1, 0)), np.ones(1))
    empty = np.zeros((0, 2), dtype=np.float32)
    folded = fold(need, empty, empty, np.zeros(0, dtype=np.int64))
    assert folded.best.shape == (0, 1)


def test_lists_the_slots_of_blocks_one_after_the_other() -> None:
    assert list_slots(np.array([5, 9, 0]), np.array([2, 1, 3])).tolist() == [5, 6, 9, 0, 1, 2]
    assert list_slots(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).tolist() == []


def test_near_duplicates_each_lose_the_amount_and_scores_never_rise() -> None:
    vectors = rows((1, 0), (1, 0), (1, 0), (0, 1))
    order, scores = spread_duplicates(
        np.array([0.9, 0.89, 0.88, 0.84]), vectors, np.array([1, 2, 3, 4]), 0.04, 4
    )
    assert order.tolist() == [0, 1, 3, 2]
    assert scores == pytest.approx([0.9, 0.85, 0.84, 0.80])


def test_ties_go_to_the_lower_id() -> None:
    order, _ = spread_duplicates(
        np.array([0.5, 0.5]), rows((1, 0), (0, 1)), np.array([9, 3]), 0.04, 2
    )
    assert order.tolist() == [1, 0]


def test_a_newcomer_s_record_is_neutral() -> None:
    unknown = np.nan
    figures = measure_record(
        np.array([unknown, 5.0, 1.0, unknown]), np.array([unknown, 0.0, 720.0, 24.0])
    )
    assert figures == pytest.approx([0.5, 1.0, 0.0454545, 0.625], abs=1e-6)
