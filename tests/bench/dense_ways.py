"""What ways there are of finding the nearest of 100,000 passages, what each costs and finds.

The measurement behind the choice in `matching/index/dense.py`: ours beside FAISS's exact scan, its
codes of eight bits a dimension, and inverted lists that scan a share of all, each at every share of
allowed passages. Four queries at a time, as a need has; vectors and queries are those of
`match_growth`. For every way: milliseconds for the four, recall of the 50 nearest, bytes a vector.
"""

import time
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from matching.background import prepare_background
from matching.encoders.choice import BUNDLED, open_encoder, prepare_encoder
from matching.index.dense import DenseIndex
from tests.bench.made_vectors import Mover, RealProviders, Vectors, list_needs, read_real
from tests.bench.match_growth import encode_needs

REPOSITORY = Path(__file__).resolve().parents[2]
VECTORS = 100_000
QUERIES, TOGETHER = 24, 4
NEAREST = 50
ALLOWED_SHARES = (1.0, 0.1, 0.01)
LISTS = 1024
SCANNED_SHARES = (0.05, 0.2, 0.5)

Slots = NDArray[np.int64]
Search = Callable[[Vectors, NDArray[np.bool_]], Slots]


def measure() -> dict[str, object]:
    """Milliseconds for four queries with all allowed: ours as `value`, exact as `baseline`."""
    encoders = REPOSITORY / "instance" / "encoder"
    prepare_encoder(BUNDLED, cache_root=encoders)
    encoder = open_encoder(BUNDLED, cache_root=encoders)
    background = prepare_background(encoder, REPOSITORY / "instance" / "cache")
    real = read_real(encoder, background)
    queries = encode_needs(encoder, background, list_needs()[::6])[1]
    mover = Mover(real, ~real.are_whole, VECTORS // len(real.texts), background.parts)
    return compare_ways(real, mover, queries)


def compare_ways(real: RealProviders, mover: Mover, queries: Vectors) -> dict[str, object]:
    """The same for given real passages and (q, d) queries."""
    generator = np.random.default_rng(30)
    vectors = mover.move(generator.integers(0, len(mover.vectors), VECTORS), generator)
    queries = queries[generator.choice(len(queries), QUERIES, replace=False)]
    products = queries @ vectors.T
    ways: dict[str, tuple[float, Search]] = {
        "exact": (4.0 * vectors.shape[1], scan_with(make_flat(vectors))),
        "ours": make_ours(vectors),
        "8 bits": (float(vectors.shape[1]), scan_with(make_scalar(vectors))),
        **make_lists(vectors),
    }
    measured: dict[str, dict[str, object]] = {}
    for share in ALLOWED_SHARES:
        allowed = generator.random(VECTORS) < share
        for name, (size, search) in ways.items():
            taken, recall = measure_way(search, queries, products, allowed)
            way = measured.setdefault(name, {"bytes": size})
            way[f"{share:.0%}"] = {"ms": round(taken, 2), "recall_at_50": round(recall, 4)}
    value, baseline = read_time(measured["ours"]), read_time(measured["exact"])
    return {
        "name": "dense_ways",
        "value": value,
        "unit": "ms",
        "baseline": baseline,
        "ratio": round(value / baseline, 3),
        "vectors": VECTORS,
        "dimensions": vectors.shape[1],
        "ways": measured,
    }


def read_time(way: dict[str, object]) -> float:
    """The milliseconds of a way with all allowed."""
    found = way[f"{ALLOWED_SHARES[0]:.0%}"]
    if not isinstance(found, dict):
        raise TypeError("a way has no times")
    return float(found["ms"])


def measure_way(
    search: Search, queries: Vectors, products: Vectors, allowed: NDArray[np.bool_]
) -> tuple[float, float]:
    """Milliseconds for four queries, and the share of the nearest allowed that are found."""
    search(queries[:TOGETHER], allowed)
    taken, shares = 0.0, []
    for start in range(0, len(queries), TOGETHER):
        begin = time.perf_counter()
        found = search(queries[start : start + TOGETHER], allowed)
        taken += time.perf_counter() - begin
        for own, values in zip(found, products[start : start + TOGETHER], strict=True):
            nearest = np.argsort(-np.where(allowed, values, -np.inf))[:NEAREST]
            shares.append(len(np.intersect1d(own[:NEAREST], nearest)) / NEAREST)
    return 1000 * taken * TOGETHER / len(queries), float(np.mean(shares))


def make_ours(vectors: Vectors) -> tuple[float, Search]:
    """Our index, with a row for each vector; its bytes are those of a code."""
    index = DenseIndex(vectors.shape[1])
    rows = np.arange(len(vectors))
    index.put_many(rows, np.ones_like(rows), vectors)
    return float(index.code_size), lambda queries, allowed: index.search(
        queries, 2 * NEAREST, allowed
    )[0]


def make_flat(vectors: Vectors) -> faiss.Index:
    """FAISS's exact scan."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def make_scalar(vectors: Vectors) -> faiss.Index:
    """FAISS's codes of eight bits a dimension."""
    index = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.train(vectors[:20_000])
    index.add(vectors)
    return index


def make_lists(vectors: Vectors) -> dict[str, tuple[float, Search]]:
    """Inverted lists of eight-bit codes, of which each share is scanned."""
    centres = faiss.IndexFlatIP(vectors.shape[1])
    index = faiss.IndexIVFScalarQuantizer(
        centres,
        vectors.shape[1],
        LISTS,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.niter = 6
    index.cp.min_points_per_centroid = 1
    index.train(vectors[: 32 * LISTS])
    index.add(vectors)
    return {
        f"{share:.0%} of {LISTS} lists": (
            vectors.shape[1] + 8.0,
            scan_with(index, round(share * LISTS)),
        )
        for share in SCANNED_SHARES
    }


def scan_with(index: faiss.Index, lists: int | None = None) -> Search:
    """A search of `index` inside the allowed."""

    def search(queries: Vectors, allowed: NDArray[np.bool_]) -> Slots:
        bits = np.packbits(allowed, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]
        if lists is None:
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        else:
            parameters = faiss.SearchParametersIVF(
                sel=selector,  # type: ignore[call-arg]
                nprobe=lists,
            )
        found: Slots = index.search(queries, NEAREST, params=parameters)[1]
        return found

    return search
