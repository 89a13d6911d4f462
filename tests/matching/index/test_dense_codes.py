"""The dense index beyond the size that is compared as it is: codes, scratch file, snapshot."""

import multiprocessing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.index.dense import NO_OWNER, DenseIndex
from matching.index.vectors import VectorStore

DIMENSIONS = 256
ROWS = 9_000
# Gathering and comparing is for few; more than this are allowed wherever codes must be scanned.
MANY = 4_000


def make_vectors(count: int, seed: int = 3) -> np.ndarray:
    """Unit vectors around three hundred topics, as those of texts are; topics are always the same.

    Vectors without any structure have no near neighbours to be found.
    """
    generator = np.random.default_rng(seed)
    topics = np.random.default_rng(0).normal(size=(300, DIMENSIONS))
    own = generator.normal(size=(count, DIMENSIONS))
    vectors = (own + topics[generator.integers(0, 300, count)]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def fill(vectors: np.ndarray, folder: Path | None = None, exact_slots: int = 100) -> DenseIndex:
    """Each vector is a row of its own."""
    index = DenseIndex(DIMENSIONS, folder, exact_slots=exact_slots)
    index.put_many(np.arange(len(vectors)), np.ones(len(vectors), dtype=np.int64), vectors)
    return index


def allow(rows: np.ndarray | range, size: int = ROWS) -> np.ndarray:
    flags = np.zeros(size, dtype=np.bool_)
    flags[rows] = True
    return flags


def search_plainly(
    vectors: np.ndarray, query: np.ndarray, allowed: np.ndarray, count: int
) -> list[int]:
    products = np.where(allowed, vectors @ query, -np.inf)
    return np.argsort(-products)[:count].tolist()


@pytest.mark.parametrize("exact_slots", [100, ROWS])
@pytest.mark.parametrize("share", [1.0, 0.5, 0.1, 0.001])
def test_every_way_of_searching_finds_the_nearest_allowed(exact_slots: int, share: float) -> None:
    vectors = make_vectors(ROWS)
    index = fill(vectors, exact_slots=exact_slots)
    allowed = np.random.default_rng(4).random(ROWS) < share
    queries = make_vectors(4, seed=5)
    count = 20
    slots, products = index.search(queries, count, allowed)
    found = 0
    for number, query in enumerate(queries):
        expected = search_plainly(vectors, query, allowed, count)
        own = [slot for slot in slots[number].tolist() if slot >= 0]
        expected = expected[: int(allowed.sum())]
        assert len(own) == len(expected)
        assert allowed[own].all()
        assert products[number, : len(own)] == pytest.approx(vectors[own] @ query, abs=1e-6)
        assert (np.diff(products[number]) <= 0).all()
        found += len(set(own) & set(expected))
    assert found >= 0.98 * 4 * min(count, int(allowed.sum()))


def test_where_codes_are_scanned_a_query_is_answered_as_if_alone() -> None:
    index = fill(make_vectors(ROWS))
    queries = make_vectors(5, seed=6)
    together, _ = index.search(queries, 30, allow(range(MANY)))
    for number in range(len(queries)):
        alone, _ = index.search(queries[number : number + 1], 30, allow(range(MANY)))
        assert alone[0].tolist() == together[number].tolist()


def test_the_least_of_all_is_found_when_it_alone_is_allowed() -> None:
    vectors = make_vectors(ROWS)
    query = vectors[17]
    last = int((vectors @ query).argmin())
    slots, _ = fill(vectors).search(query[np.newaxis], 3, allow(np.array([last])))
    assert slots.tolist() == [[last, -1, -1]]


def test_a_slot_used_again_is_found_by_its_new_code_and_not_by_the_old() -> None:
    vectors = make_vectors(ROWS)
    index = fill(vectors)
    everyone = allow(range(ROWS))
    assert index.search(vectors[5:6], 1, everyone)[0].tolist() == [[5]]
    index.remove(5, 1)
    assert not index.gather(np.array([5])).any()
    assert 5 not in index.search(vectors[5:6], 50, everyone)[0]
    fresh = make_vectors(1, seed=8)
    assert index.put(5, fresh) == 5
    assert index.search(fresh, 1, everyone)[0].tolist() == [[5]]
    assert 5 not in index.search(vectors[5:6], 5, everyone)[0]


def test_a_removed_vector_leaves_nothing_in_the_codes(tmp_path: Path) -> None:
    index = fill(make_vectors(ROWS))
    index.settle()
    index.remove(40, 3)
    arrays = index.save(tmp_path / "vectors")
    assert not arrays["codes"][40:43].any()
    assert arrays["codes"][39].any()
    assert (arrays["owners"][40:43] == NO_OWNER).all()
    stored = np.fromfile(tmp_path / "vectors", dtype=np.float32).reshape(-1, DIMENSIONS)
    assert not stored[40:43].any()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 39), st.integers(0, 4), st.integers(0, 2**32 - 1)), max_size=40
    ),
    st.sampled_from([0, 20, 3000, 10**6]),
    st.booleans(),
)
def test_any_history_answers_like_a_fresh_index(
    steps: list[tuple[int, int, int]], exact_slots: int, searches_between: bool
) -> None:
    """Whatever was put and removed in whatever order, with and without codes."""
    crowd = make_vectors(2_500, seed=9)
    plain = {40 + row: vector[np.newaxis] for row, vector in enumerate(crowd)}
    index = DenseIndex(DIMENSIONS, exact_slots=exact_slots)
    starts = {row: index.put(row, vectors) for row, vectors in plain.items()}
    everyone = np.ones(2_540, dtype=np.bool_)
    query = make_vectors(1, seed=10)
    for row, count, seed in steps:
        if row in plain:
            index.remove(starts.pop(row), len(plain.pop(row)))
        if count:
            plain[row] = make_vectors(count, seed)
            starts[row] = index.put(row, plain[row])
        if searches_between:
            index.search(query, 1, everyone)
    fresh = DenseIndex(DIMENSIONS, exact_slots=exact_slots)
    for row, vectors in plain.items():
        fresh.put(row, vectors)
    found = [list_found(each, query, everyone) for each in (index, fresh)]
    assert found[0] == found[1]
    for row, vectors in plain.items():
        slots = np.arange(starts[row], starts[row] + len(vectors))
        assert (index.gather(slots) == vectors).all()


def list_found(
    index: DenseIndex, query: np.ndarray, allowed: np.ndarray
) -> list[tuple[float, int]]:
    slots, products = index.search(query, 100, allowed)
    return sorted(
        (round(float(product), 5), int(index.owners[slot]))
        for slot, product in zip(slots[0], products[0], strict=True)
    )


def test_many_put_at_once_stand_where_single_ones_would() -> None:
    vectors = make_vectors(60)
    counts = np.array([1, 3, 2, 3, 1])
    one, other = (DenseIndex(DIMENSIONS) for _ in range(2))
    for index in (one, other):
        starts = [index.put(row, vectors[10 * row : 10 * row + 3]) for row in range(4)]
        index.remove(starts[1], 3)
        index.remove(starts[2], 3)
    rows = np.arange(10, 15)
    ends = np.cumsum(counts)
    singly = [
        one.put(row, vectors[end - count : end])
        for row, count, end in zip(rows.tolist(), counts.tolist(), ends.tolist(), strict=True)
    ]
    assert other.put_many(rows, counts, vectors[: counts.sum()]).tolist() == singly
    assert one.owners.tolist() == other.owners.tolist()


@pytest.mark.parametrize("exact_slots", [100, ROWS])
def test_a_restored_index_answers_and_grows_like_the_saved_one(
    tmp_path: Path, exact_slots: int
) -> None:
    vectors = make_vectors(ROWS)
    saved = fill(vectors, exact_slots=exact_slots)
    saved.remove(7, 1)
    saved.remove(100, 1)
    arrays = {name: array.copy() for name, array in saved.save(tmp_path / "vectors").items()}
    restored = DenseIndex(DIMENSIONS, tmp_path, exact_slots=exact_slots)
    restored.restore(tmp_path / "vectors", arrays)
    query = make_vectors(2, seed=11)
    everyone = allow(range(ROWS))
    assert (restored.search(query, 40, everyone)[0] == saved.search(query, 40, everyone)[0]).all()
    # Reload, then add: the new vectors stand in slots of their own or in freed ones.
    for row in (7, 100, 8_999):
        added = make_vectors(1, seed=row)
        assert restored.put(row, added) == saved.put(row, added)
        slot, _ = restored.search(added, 1, everyone)
        assert restored.owners[slot[0, 0]] == row
    assert restored.owners.tolist() == saved.owners.tolist()


def test_codes_of_another_make_are_made_again(tmp_path: Path) -> None:
    vectors = make_vectors(ROWS)
    saved = fill(vectors)
    arrays = saved.save(tmp_path / "vectors")
    restored = DenseIndex(DIMENSIONS, exact_slots=100)
    restored.restore(tmp_path / "vectors", {**arrays, "codes": arrays["codes"][:, ::-1]})
    query = make_vectors(2, seed=11)
    everyone = allow(range(ROWS))
    assert (restored.search(query, 40, everyone)[0] == saved.search(query, 40, everyone)[0]).all()


def test_parts_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    saved = fill(make_vectors(300))
    arrays = saved.save(tmp_path / "vectors")
    other = DenseIndex(DIMENSIONS)
    with pytest.raises(ValueError, match="not of the same slots"):
        other.restore(tmp_path / "vectors", {**arrays, "owners": arrays["owners"][:-1]})
    with pytest.raises(ValueError, match="another dimension"):
        other.restore(tmp_path / "vectors", {**arrays, "codes": arrays["codes"][:, 1:]})
    with pytest.raises(ValueError, match="has an owner"):
        other.restore(tmp_path / "vectors", {**arrays, "free": np.array([[5, 1]])})
    with pytest.raises(ValueError, match="dimensions"):
        DenseIndex(DIMENSIONS + 1).restore(tmp_path / "vectors", dict(arrays))


@pytest.fixture
def _small_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.index.vectors._BYTES_IN_MEMORY", 64 * DIMENSIONS * 4)


@pytest.mark.usefixtures("_small_memory")
class TestScratchFile:
    def test_vectors_survive_the_move_into_the_file_and_its_growth(self, tmp_path: Path) -> None:
        store = VectorStore(DIMENSIONS, tmp_path / "new")
        vectors = make_vectors(1_000)
        moves = set()
        for start in range(0, 1_000, 50):
            assert store.append(vectors[start : start + 50]) == start
            moves.add(store.in_file)
            assert (store.array == vectors[: start + 50]).all()
        assert moves == {False, True}

    def test_the_file_has_no_name(self, tmp_path: Path) -> None:
        store = VectorStore(DIMENSIONS, tmp_path)
        store.append(make_vectors(500))
        assert store.in_file
        assert list(tmp_path.iterdir()) == []

    def test_its_descriptor_is_closed_with_the_store(self, tmp_path: Path) -> None:
        before = count_descriptors()
        store = VectorStore(DIMENSIONS, tmp_path)
        store.append(make_vectors(500))
        assert count_descriptors() > before
        del store
        assert count_descriptors() == before

    def test_a_forked_process_is_refused(self, tmp_path: Path) -> None:
        store = VectorStore(DIMENSIONS, tmp_path)
        store.append(make_vectors(500))
        context = multiprocessing.get_context("fork")
        answers = context.SimpleQueue()
        child = context.Process(target=_read_store, args=(store, answers))
        child.start()
        child.join()
        assert answers.get() == "the vectors belong to another process; each makes its own"
        assert len(store.array) == 500

    def test_a_shortened_file_is_refused(self, tmp_path: Path) -> None:
        store = VectorStore(DIMENSIONS, tmp_path)
        store.append(make_vectors(500))
        store.save(tmp_path / "saved")
        with (tmp_path / "saved").open("r+b") as file:
            file.truncate(1_001)
        with pytest.raises(ValueError, match="does not hold vectors"):
            store.restore(tmp_path / "saved")


def count_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _read_store(store: VectorStore, answers: "multiprocessing.SimpleQueue[str]") -> None:
    try:
        store.gather(np.array([0]))
    except RuntimeError as error:
        answers.put(str(error))
