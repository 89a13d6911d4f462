"""How well the product ranks with its own encoder, on a small set written for this test.

Twelve providers, half of them described in English, and for each a need in Chinese and one in
English. Real sets, with many more queries, are measured by `yinqiao evaluate` (docs/matching.md).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from matching.encoder import Encoder
from matching.engine import Engine
from matching.evaluate import CorpusSource, evaluate_folder, read_folder
from matching.records import Query
from matching.words import detect_language

SMALL = Path(__file__).parent / "data" / "small"

pytestmark = pytest.mark.quality


@pytest.fixture(scope="module")
def engine(encoder: Encoder) -> Iterator[Engine]:
    texts = list(read_folder(SMALL).documents.values())
    empty = Engine(encoder, CorpusSource([], []))
    passages = empty.encode_texts(texts)
    yield Engine(encoder, CorpusSource(texts, passages), background=empty.background)


def test_ranks_better_than_the_bare_cosine_within_and_across_languages(encoder: Encoder) -> None:
    folder = read_folder(SMALL)
    report = evaluate_folder(SMALL, encoder)
    documents = encoder.encode(list(folder.documents.values()), role="passage")
    needs = encoder.encode(list(folder.queries.values()), role="query")
    best = np.argmax(needs @ documents.T, axis=1)
    names = list(folder.documents)
    bare = np.mean(
        [names[at] in folder.grades[query] for query, at in zip(folder.queries, best, strict=True)]
    )
    assert report.queries == 24
    assert report.mrr_at_10 >= max(0.95, float(bare))
    for across in (True, False):
        chosen = [
            gain
            for query, gain in report.per_query.items()
            if across
            == (
                detect_language(folder.queries[query])
                != detect_language(folder.documents[next(iter(folder.grades[query]))])
            )
        ]
        assert np.mean(chosen) >= 0.93


def test_unrelated_providers_are_called_weak_and_most_fitting_ones_are_not(
    engine: Engine,
) -> None:
    folder = read_folder(SMALL)
    names = list(folder.documents)
    related, unrelated = [], []
    for query, text in folder.queries.items():
        for result in engine.match(Query(text, all_published=True), limit=len(names)).results:
            is_related = names[result.provider_id - 1] in folder.grades[query]
            (related if is_related else unrelated).append(result.strength)
    assert related.count("weak") / len(related) <= 0.25
    assert unrelated.count("strong") == 0
    assert unrelated.count("possible") / len(unrelated) <= 0.05


def test_the_pair_shown_first_carries_the_match(engine: Engine, encoder: Encoder) -> None:
    """Without the provider's sentence its score falls, in at least 95 % of the matches shown."""
    folder = read_folder(SMALL)
    texts = list(folder.documents.values())
    falls = []
    for text in folder.queries.values():
        query = Query(text, all_published=True)
        for result in engine.match(query, limit=3).results:
            if not result.evidence:
                continue
            pair, whole = result.evidence[0], texts[result.provider_id - 1]
            cut = whole[: pair.provider_start] + whole[pair.provider_end :]
            if not cut.strip():
                continue
            changed = [cut if t == whole else t for t in texts]
            without = Engine(
                encoder,
                CorpusSource(changed, engine.encode_texts(changed)),
                background=engine.background,
            )
            scores = {r.provider_id: r.score for r in without.match(query, limit=12).results}
            falls.append(scores[result.provider_id] < result.score)
    assert len(falls) >= 20
    assert np.mean(falls) >= 0.95
