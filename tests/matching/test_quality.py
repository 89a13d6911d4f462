"""How well the product ranks with its own pair of encoders, on a small set written for this test.

Twelve providers, half of them described in English, and for each a need in Chinese and one in
English. Real sets, with many more queries, are measured by `yinqiao evaluate` (docs/matching.md).
"""

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from matching.background import Background
from matching.encoding import encode_texts
from matching.engine import Engine
from matching.evaluate import CorpusSource, evaluate_folder, read_folder
from matching.records import Query
from matching.text.words import detect_language
from tests.matching.remembering import RememberingEncoder

SMALL = Path(__file__).parent / "data" / "small"

pytestmark = pytest.mark.quality


@pytest.fixture(scope="module")
def engine(remembering: RememberingEncoder, background: Background) -> Engine:
    texts = list(read_folder(SMALL).documents.values())
    source = CorpusSource(texts, encode_texts(remembering, texts))
    return Engine(remembering, source, background=background)


def test_ranks_better_than_the_bare_cosine_within_and_across_languages(
    remembering: RememberingEncoder, background: Background
) -> None:
    folder = read_folder(SMALL)
    report = evaluate_folder(SMALL, remembering, background=background)
    documents = remembering.encode(list(folder.documents.values()), role="passage")
    needs = remembering.encode(list(folder.queries.values()), role="query")
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


def test_the_pair_shown_first_carries_the_match(
    engine: Engine, remembering: RememberingEncoder
) -> None:
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
                remembering,
                CorpusSource(changed, engine.encode_texts(changed)),
                background=engine.background,
            )
            scores = {r.provider_id: r.score for r in without.match(query, limit=12).results}
            falls.append(scores[result.provider_id] < result.score)
    assert len(falls) >= 20
    assert np.mean(falls) >= 0.95


def test_a_query_is_ranked_as_if_alone(
    remembering: RememberingEncoder, background: Background, tmp_path: Path
) -> None:
    """Whatever else is asked, in whichever order: the same candidates with the same scores."""

    def rank(name: str, queries: list[str]) -> dict[str, list[str]]:
        folder = tmp_path / name
        shutil.copytree(SMALL, folder)
        lines = (SMALL / "queries.jsonl").read_text("utf-8").splitlines(keepends=True)
        line_of = dict(zip(read_folder(SMALL).queries, lines, strict=True))
        (folder / "queries.jsonl").write_text("".join(line_of[query] for query in queries), "utf-8")
        judged = (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines(keepends=True)
        (folder / "qrels" / "test.tsv").write_text(
            judged[0] + "".join(line for line in judged[1:] if line.split("\t")[0] in queries),
            "utf-8",
        )
        run_path = tmp_path / f"{name}.run"
        evaluate_folder(folder, remembering, run_path=run_path, depth=12, background=background)
        ranked: dict[str, list[str]] = {}
        for line in (tmp_path / f"{name}.run").read_text().splitlines():
            ranked.setdefault(line.split()[0], []).append(line)
        return ranked

    queries = list(read_folder(SMALL).queries)
    shuffled = random.Random(5).sample(queries, len(queries))  # noqa: S311 - not for secrets
    together = rank("together", queries)
    assert rank("shuffled", shuffled) == together
    assert rank("one", shuffled[:1]) | rank("rest", shuffled[1:]) == together
