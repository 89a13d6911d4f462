"""What a search costs at a million passages, what it finds, and what the engine then weighs.

`match_growth`: a whole match without encoding (the engine keeps the vectors of the last needs) at
1,000,000 passages, the worst of 100, 10, 1 and 0.1 % eligible, over the same at 10,000 passages
with all eligible. Both engines stand side by side and take turns. `recall_at_50` is the share of
the 50 nearest passages, found by comparing all of them, that the dense search finds; for wholes
and for sentences, the lower of both.

`memory_per_passage`: what building the large engine adds to the anonymous resident memory of this
process, a passage, over the float32 vector of a passage. Vectors in the mapped scratch file are
not anonymous: the system may drop them from memory, and reads them again when they are asked for.
"""

import gc
import re
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.background import ENCODER_ROLES, NEED, Background, prepare_background
from matching.eligibility.conditions import decide_eligible
from matching.encoders.choice import BUNDLED, open_encoder, prepare_encoder
from matching.encoders.contract import TextEncoder
from matching.engine import Engine
from matching.index.dense import DenseIndex
from matching.records import Condition, Query
from matching.text.passages import WHOLE, split_passages
from matching.text.words import detect_language
from tests.bench.made_vectors import (
    KIND,
    RARE_FIELDS,
    MadeProviders,
    describe_neighbours,
    list_needs,
    read_real,
)

Vectors = NDArray[np.float32]

REPOSITORY = Path(__file__).resolve().parents[2]
PASSAGES, FEW_PASSAGES = 1_000_000, 10_000
NEEDS = 16
NEAREST = 50
_COMPARED_AT_ONCE = 1 << 16


def measure() -> list[dict[str, object]]:
    """The rows `match_growth` and `memory_per_passage`."""
    return measure_sizes(PASSAGES, FEW_PASSAGES)


def measure_sizes(passages: int, few_passages: int) -> list[dict[str, object]]:
    """The same at other sizes."""
    encoders = REPOSITORY / "instance" / "encoder"
    prepare_encoder(BUNDLED, cache_root=encoders)
    encoder = open_encoder(BUNDLED, cache_root=encoders)
    cache = REPOSITORY / "instance" / "cache"
    background = prepare_background(encoder, cache)
    real = read_real(encoder, background)
    needs = list_needs()
    chosen = np.random.default_rng(6).choice(len(needs), NEEDS, replace=False)
    needs = [needs[at] for at in chosen]
    # A provider has as many passages as are kept and added on average.
    each = MadeProviders(real, background, 2_000).count_passages() / 2_000
    source = MadeProviders(real, background, round(passages / each))
    few_source = MadeProviders(real, background, round(few_passages / each))

    # The smaller first, so that what stands by itself (words, calibration) is there already.
    large = Engine(encoder, source, background=background, cache_folder=cache)
    few = Engine(encoder, few_source, background=background, cache_folder=cache)
    for need in needs:
        few.match(Query(need, kind=KIND))
    gc.collect()
    before = read_anonymous_bytes()
    start = time.perf_counter()
    large.catch_up()
    large.match(Query(needs[0], kind=KIND))
    built = time.perf_counter() - start
    gc.collect()
    after = read_anonymous_bytes()
    index = large.refresh()
    count = len(index.wholes.owners) + len(index.sentences.owners)

    shares = {1: None, **RARE_FIELDS}
    seconds: dict[int, list[float]] = {every: [] for every in shares}
    few_seconds: list[float] = []
    # From here on both engines know the vectors of all needs.
    for need in needs:
        large.match(Query(need, kind=KIND))
    for need in needs:
        for every, field in shares.items():
            few_seconds.append(time_match(few, make_query(need, None)))
            seconds[every].append(time_match(large, make_query(need, field)))
    wholes, sentences = encode_needs(encoder, background, needs)
    recalls = {
        every: measure_recall(large, make_query(needs[0], field), wholes, sentences)
        for every, field in shares.items()
    }
    means = {every: float(np.mean(taken)) for every, taken in seconds.items()}
    value, baseline = max(means.values()), float(np.mean(few_seconds))
    bytes_each = (after - before) / count
    raw = 4 * encoder.dimensions
    made = index.sentences.gather(np.arange(len(index.sentences.owners)))
    return [
        {
            "name": "match_growth",
            "value": round(value, 5),
            "unit": "s",
            "baseline": round(baseline, 5),
            "ratio": round(value / baseline, 2),
            "passages": count,
            "dimensions": encoder.dimensions,
            "seconds": {f"1/{every}": round(taken, 5) for every, taken in means.items()},
            "recall_at_50": {f"1/{every}": round(found, 4) for every, found in recalls.items()},
            "neighbours": describe_neighbours(source.movers[False], made),
            "build_seconds": round(built, 1),
        },
        {
            "name": "memory_per_passage",
            "value": round(bytes_each, 1),
            "unit": "bytes",
            "baseline": raw,
            "ratio": round(bytes_each / raw, 3),
            "passages": count,
        },
    ]


def make_query(need: str, field: str | None) -> Query:
    """The need, asked of all providers or of those with the rare field alone."""
    conditions = () if field is None else (Condition("fields", (field,), hard=True),)
    return Query(need, kind=KIND, conditions=conditions)


def time_match(engine: Engine, query: Query) -> float:
    """Seconds of one match of a need whose vectors are known."""
    start = time.perf_counter()
    engine.match(query)
    return time.perf_counter() - start


def encode_needs(
    encoder: TextEncoder, background: Background, needs: list[str]
) -> tuple[Vectors, Vectors]:
    """The centred vectors of the wholes and of the sentences of all needs."""
    pieces = [(need[p.start : p.end], p.role) for need in needs for p in split_passages(need)]
    texts = [text for text, _ in pieces]
    vectors = background.centre(
        encoder.encode(texts, role=ENCODER_ROLES[NEED]),
        NEED,
        [detect_language(text) for text in texts],
    )
    are_whole = np.array([role == WHOLE for _, role in pieces])
    return vectors[are_whole], vectors[~are_whole]


def measure_recall(engine: Engine, query: Query, wholes: Vectors, sentences: Vectors) -> float:
    """The lower of both dense indexes' shares of the true nearest eligible that they find."""
    index = engine.refresh()
    allowed = decide_eligible(index.columns, query, {}, index.row_of).rows
    return min(
        compare_with_all(index.wholes, wholes, allowed),
        compare_with_all(index.sentences, sentences, allowed),
    )


def compare_with_all(index: DenseIndex, queries: Vectors, allowed_rows: NDArray[np.bool_]) -> float:
    """The share of each query's nearest allowed slots that a search finds, averaged."""
    allowed = np.flatnonzero(np.append(allowed_rows, False)[index.owners])
    products = np.concatenate(
        [
            queries @ index.gather(allowed[start : start + _COMPARED_AT_ONCE]).T
            for start in range(0, len(allowed), _COMPARED_AT_ONCE)
        ],
        axis=1,
    )
    size = min(NEAREST, len(allowed))
    nearest = allowed[np.argpartition(-products, size - 1, axis=1)[:, :size]]
    # As many as a match asks for; the best 50 of them count.
    found = index.search(queries, 2 * NEAREST, allowed_rows)[0][:, :NEAREST]
    shares = [len(np.intersect1d(a, b)) / size for a, b in zip(nearest, found, strict=True)]
    return float(np.mean(shares))


def read_anonymous_bytes() -> int:
    """The anonymous memory of this process that is resident."""
    rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Anonymous:\s+(\d+) kB$", rollup, re.MULTILINE)
    if found is None:
        raise RuntimeError("this system does not say how much memory is anonymous")
    return 1024 * int(found.group(1))
