"""What one whole match costs at 10,000 profiles, over what no search could do without.

The baseline encodes the same texts with the same encoder and scans the same vectors exactly with
FAISS. Profiles are put together from sentences with real embeddings, each perturbed so that no two
profiles are equal; needs are texts that no profile contains. Both sides are warmed, take turns and
see each need once.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from matching.background import read_texts
from matching.encoders.choice import BUNDLED, open_encoder, prepare_encoder
from matching.engine import Engine
from matching.records import Change, Passage, ProviderRecord, Query, Standing
from matching.text.passages import split_passages
from tests.bench.encode_speed import make_texts

REPOSITORY = Path(__file__).resolve().parents[2]
PROFILES = 10_000
SENTENCES = 500
NEEDS = 30
WARM_UP = 5
# The usual distance between two wordings of one statement: cosine 0.98 or so.
NOISE = 0.2


class MadeProviders:
    """10,000 published centres of four to six sentences, as a source of changes."""

    def __init__(self, texts: list[str], vectors: NDArray[np.float32], seed: int) -> None:
        generator = np.random.default_rng(seed)
        self.records = [
            self._make(number, texts, vectors, generator) for number in range(1, PROFILES + 1)
        ]

    def latest_revision(self) -> int:
        """One revision a provider."""
        return len(self.records)

    def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
        """The records after `revision`."""
        return iter(self.records[revision:])

    @staticmethod
    def _make(
        number: int,
        texts: list[str],
        vectors: NDArray[np.float32],
        generator: np.random.Generator,
    ) -> ProviderRecord:
        chosen = generator.choice(len(texts), generator.integers(4, 7), replace=False)
        text = "\n".join(texts[at] for at in chosen)
        noise = generator.normal(0, NOISE / np.sqrt(vectors.shape[1]), vectors[chosen].shape)
        moved = vectors[chosen] + noise.astype(np.float32)
        whole = moved.mean(axis=0, keepdims=True)
        stacked = np.vstack([whole, moved])
        stacked /= np.linalg.norm(stacked, axis=1, keepdims=True)
        passages, start = [Passage("whole", 0, len(text), stacked[0])], 0
        for vector, at in zip(stacked[1:], chosen, strict=True):
            passages.append(Passage("sentence", start, start + len(texts[at]), vector))
            start += len(texts[at]) + 1
        return ProviderRecord(
            id=number,
            revision=number,
            kind="centre",
            text=text,
            passages=tuple(passages),
            standing=Standing(capacity=1 + number % 5, free_capacity=1 + number % 5),
        )


def measure() -> dict[str, object]:
    """Seconds a match as `value`, seconds of encoding and exact scan as `baseline`."""
    encoders = REPOSITORY / "instance" / "encoder"
    prepare_encoder(BUNDLED, cache_root=encoders)
    encoder = open_encoder(BUNDLED, cache_root=encoders)
    texts = [text.strip() for text in make_texts(SENTENCES, seed=11)]
    source = MadeProviders(texts, encoder.encode(texts, role="passage"), seed=12)
    engine = Engine(encoder, source, cache_folder=REPOSITORY / "instance" / "cache")
    engine.catch_up()
    scan = faiss.IndexFlatIP(encoder.dimensions)
    vectors = [p.vector for r in source.records for p in r.passages if p.vector is not None]
    scan.add(np.stack(vectors))
    needs = make_needs(WARM_UP + NEEDS)
    seconds = {"match": 0.0, "baseline": 0.0}
    for number, need in enumerate(needs):
        pieces = list(dict.fromkeys(need[p.start : p.end] for p in split_passages(need)))
        start = time.perf_counter()
        scan.search(encoder.encode(pieces, role="query"), 50)
        between = time.perf_counter()
        engine.match(Query(need, kind="centre"))
        end = time.perf_counter()
        if number >= WARM_UP:
            seconds["baseline"] += between - start
            seconds["match"] += end - between
    value, baseline = seconds["match"] / NEEDS, seconds["baseline"] / NEEDS
    return {
        "name": "match_overhead_10k",
        "value": round(value, 5),
        "unit": "s",
        "baseline": round(baseline, 5),
        "ratio": round(value / baseline, 3),
        "passages": int(scan.ntotal),
    }


def make_needs(count: int) -> list[str]:
    """Needs of two or three sentences from the shipped background, which no profile contains."""
    sentences = [text.text for text in read_texts() if text.role == "need"]
    generator = np.random.default_rng(13)
    return [
        "\n".join(generator.choice(sentences, generator.integers(2, 4), replace=False))
        for _ in range(count)
    ]


if __name__ == "__main__":
    print(json.dumps(measure()))
