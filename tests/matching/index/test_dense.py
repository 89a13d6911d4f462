"""The FAISS traps that design.md names, and what stands against each."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.index.dense import NO_OWNER, DenseIndex

DIMENSIONS = 8


def axis(number: int) -> np.ndarray:
    vectors = np.zeros((1, DIMENSIONS), dtype=np.float32)
    vectors[0, number] = 1.0
    return vectors


def find_rows(
    index: DenseIndex, query: np.ndarray, allowed: list[int], count: int = 3
) -> list[int]:
    flags = np.zeros(32, dtype=np.bool_)
    flags[allowed] = True
    slots, _ = index.search(query, count, flags)
    return [int(index.owners[slot]) for slot in slots[0] if slot >= 0]


def test_removal_moves_no_other_vector() -> None:
    index = DenseIndex(DIMENSIONS)
    starts = [index.put(row, axis(row)) for row in range(4)]
    index.remove(starts[1], 1)
    for row in (0, 2, 3):
        assert find_rows(index, axis(row), [0, 1, 2, 3], 1) == [row]
    assert 1 not in find_rows(index, axis(1), [0, 1, 2, 3], 4)


def test_a_slot_used_again_belongs_to_its_new_row_alone() -> None:
    index = DenseIndex(DIMENSIONS)
    first = index.put(0, axis(0))
    index.put(1, axis(1))
    index.remove(first, 1)
    assert index.put(2, axis(2)) == first
    assert find_rows(index, axis(2), [0, 1, 2], 1) == [2]
    assert find_rows(index, axis(0), [0], 3) == []


def test_a_removed_vector_is_overwritten() -> None:
    index = DenseIndex(DIMENSIONS)
    start = index.put(0, np.vstack([axis(3), axis(4)]))
    index.remove(start, 2)
    assert not index.gather(np.array([start, start + 1])).any()
    assert (index.owners == NO_OWNER).all()


def test_the_condition_acts_inside_the_search() -> None:
    generator = np.random.default_rng(7)
    index = DenseIndex(DIMENSIONS)
    for row in range(31):
        noise = generator.normal(0, 0.05, (1, DIMENSIONS))
        index.put(row, (axis(0) + noise).astype(np.float32))
    index.put(31, -axis(0))
    assert find_rows(index, axis(0), [31], 1) == [31]


def test_asking_for_more_than_there_are_pads_with_nothing() -> None:
    index = DenseIndex(DIMENSIONS)
    index.put(0, axis(0))
    slots, _ = index.search(axis(0), 5, np.ones(1, dtype=np.bool_))
    assert slots.tolist() == [[0, -1, -1, -1, -1]]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 4), st.integers(0, 2**32 - 1)), max_size=40
    )
)
def test_any_history_finds_what_a_plain_list_finds(steps: list[tuple[int, int, int]]) -> None:
    index = DenseIndex(DIMENSIONS)
    plain: dict[int, np.ndarray] = {}
    starts: dict[int, int] = {}
    for row, count, seed in steps:
        if row in plain:
            index.remove(starts.pop(row), len(plain.pop(row)))
        if count:
            vectors = (
                np.random.default_rng(seed).normal(size=(count, DIMENSIONS)).astype(np.float32)
            )
            starts[row], plain[row] = index.put(row, vectors), vectors
    query = np.random.default_rng(1).normal(size=(1, DIMENSIONS)).astype(np.float32)
    slots, products = index.search(query, 50, np.ones(10, dtype=np.bool_))
    found = sorted(
        (int(index.owners[slot]), round(float(product), 3))
        for slot, product in zip(slots[0], products[0], strict=True)
        if slot >= 0
    )
    expected = sorted(
        (row, round(float(vector @ query[0]), 3)) for row, held in plain.items() for vector in held
    )
    assert [row for row, _ in found] == [row for row, _ in expected]
    assert [p for _, p in found] == pytest.approx([p for _, p in expected], abs=2e-3)


@pytest.mark.parametrize("queries", [1, 3, 8, 9, 20])
def test_all_vectors_are_compared_with_every_query(queries: int) -> None:
    generator = np.random.default_rng(queries)
    # More than are gathered, and no whole number of what is compared at once.
    vectors = generator.normal(size=(2_603, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = DenseIndex(DIMENSIONS)
    for row, vector in enumerate(vectors):
        index.put(row, vector[np.newaxis])
    allowed = np.ones(len(vectors), dtype=np.bool_)
    allowed[::7] = False
    asked = generator.normal(size=(queries, DIMENSIONS)).astype(np.float32)
    slots, products = index.search(asked, 4, allowed)
    exact = asked.astype(np.float64) @ vectors.T.astype(np.float64)
    exact[:, ~allowed] = -np.inf
    assert slots.tolist() == np.argsort(-exact, axis=1)[:, :4].tolist()
    found = np.take_along_axis(exact, slots, axis=1)
    np.testing.assert_allclose(products, found, rtol=1e-5)
