"""What somebody would use in our place: sentence-transformers' own search, or BM25 alone.

Seconds a match among the 10,000 profiles of `match_overhead`, with the library's defaults: one
vector a profile and `util.semantic_search`, or words and nothing else. Beside it stands how well
each ranks the small set that came with our tests, where needs and providers are in two languages.
"""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.encoders.choice import BUNDLED, open_encoder, prepare_encoder
from matching.engine import Engine
from matching.evaluate import Folder, compute_ndcg, evaluate_folder, read_folder
from matching.index.bm25 import WordCounts
from matching.index.lexical import LexicalIndex
from matching.records import Query
from matching.text.tokens import list_tokens
from tests.bench.encode_speed import make_texts
from tests.bench.match_overhead import (
    NEEDS,
    SENTENCES,
    WARM_UP,
    MadeProviders,
    make_needs,
)

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = REPOSITORY / "tests" / "matching" / "data" / "small"
SHOWN = 10

# A need, and how many to find; positions among the texts, best first.
Search = Callable[[str], list[int]]


def measure() -> list[dict[str, object]]:
    """One row for each other tool: our seconds a match as `value`, its own as `baseline`.

    `ndcg@10` is ours on the small set, `baseline_ndcg@10` the other's.
    """
    encoders = REPOSITORY / "instance" / "encoder"
    folder = prepare_encoder(BUNDLED, cache_root=encoders)
    encoder = open_encoder(BUNDLED, cache_root=encoders)
    cache = REPOSITORY / "instance" / "cache"
    texts = [text.strip() for text in make_texts(SENTENCES, seed=11)]
    source = MadeProviders(texts, encoder.encode(texts, role="passage"), seed=12)
    engine = Engine(encoder, source, cache_folder=cache)
    engine.catch_up()
    profiles = [record.text for record in source.records]
    small = read_folder(SMALL)
    documents = list(small.documents.values())
    cosine = _Cosine(str(folder))
    searches: dict[str, tuple[Search, Search]] = {
        "semantic_search": (
            # Reading 10,000 profiles takes minutes and no part in a match: real vectors, moved.
            cosine.over(_spread(cosine.read(texts), len(profiles))),
            cosine.over(cosine.read(documents)),
        ),
        "bm25_alone": (_search_words(profiles), _search_words(documents)),
    }
    ours = evaluate_folder(SMALL, encoder, cache_folder=cache).ndcg_at_10
    rows: list[dict[str, object]] = []
    for place, (name, (large, little)) in enumerate(searches.items()):
        value, baseline = _time_in_turns(engine, large, first=place * (WARM_UP + NEEDS))
        rows.append(
            {
                "name": f"match_beside_{name}",
                "value": round(value, 5),
                "unit": "s",
                "baseline": round(baseline, 5),
                "ratio": round(value / baseline, 3),
                "ndcg@10": round(ours, 3),
                "baseline_ndcg@10": round(_rank_small(small, little), 3),
            }
        )
    return rows


class _Cosine:
    """sentence-transformers as its documentation shows it, on the larger of our two models."""

    def __init__(self, folder: str) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(folder, device="cpu", local_files_only=True)

    def read(self, texts: list[str]) -> NDArray[np.float32]:
        """(n,) texts → (n, d) vectors."""
        vectors: NDArray[np.float32] = self._model.encode(texts, prompt_name="passage")
        return vectors

    def over(self, vectors: NDArray[np.float32]) -> Search:
        """The search over the texts of these (n, d) vectors."""
        import torch
        from sentence_transformers import util

        held = torch.from_numpy(vectors)

        def search(need: str) -> list[int]:
            asked = self._model.encode(need, prompt_name="query", convert_to_tensor=True)
            hits = util.semantic_search(asked, held, top_k=SHOWN)[0]
            return [int(hit["corpus_id"]) for hit in hits]

        return search


def _search_words(texts: list[str]) -> Search:
    index = LexicalIndex(WordCounts())
    index.put_many(range(len(texts)), texts)
    allowed = np.ones(len(texts), dtype=np.bool_)
    ids = np.arange(len(texts))

    def search(need: str) -> list[int]:
        words = index.counts.read_tokens(Counter(list_tokens(need)))
        return [int(row) for row in index.search(words, SHOWN, allowed, ids)]

    return search


def _spread(vectors: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """(count, d) means of some of the vectors, of unit length."""
    generator = np.random.default_rng(14)
    chosen = generator.integers(0, len(vectors), (count, 4))
    means = vectors[chosen].mean(axis=1)
    unit: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit


def _time_in_turns(engine: Engine, other: Search, *, first: int) -> tuple[float, float]:
    """Seconds a need, ours and the other's, on needs from `first` on that none has seen."""
    needs = make_needs(first + WARM_UP + NEEDS)[first:]
    seconds = [0.0, 0.0]
    for number, need in enumerate(needs):
        start = time.perf_counter()
        other(need)
        between = time.perf_counter()
        engine.match(Query(need, kind="centre"))
        end = time.perf_counter()
        if number >= WARM_UP:
            seconds[0] += end - between
            seconds[1] += between - start
    return seconds[0] / NEEDS, seconds[1] / NEEDS


def _rank_small(folder: Folder, search: Search) -> float:
    """The mean nDCG@10 of `search` over the documents of `folder`."""
    names = list(folder.documents)
    gains = [
        compute_ndcg([names[at] for at in search(folder.queries[query])], grades)
        for query, grades in folder.grades.items()
    ]
    return float(np.mean(gains))
