"""Ranks the eligible of one index for one need, and explains what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.background import Background
from matching.calibration import Calibration, measure_need, measure_provider
from matching.conditions import MENTOR, Eligibility
from matching.evidence import find_evidence
from matching.folding import NeedVectors, fold, list_slots
from matching.index import Index
from matching.passages import SENTENCE
from matching.records import MatchResult, Passage, Query
from matching.relevance import Scored, list_against, score_candidates
from matching.spread import spread_duplicates
from matching.weights import Weights
from matching.words import CHINESE, detect_language

Rows = NDArray[np.int64]

# So few eligible are all compared, which is exact; of more, those that a search proposes.
ALL_COMPARED = 400
LEAST_PROPOSED = 200
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Need:
    """A query with its passages and their vectors."""

    query: Query
    passages: tuple[Passage, ...]
    vectors: NeedVectors


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best candidates: `order` are positions in `scored`, best first, with final `scores`."""

    scored: Scored
    order: NDArray[np.int64]
    scores: NDArray[np.float64]

    @property
    def rows(self) -> Rows:
        """The rows of the index, best first."""
        return self.scored.rows[self.order]


class Ranker:
    """What a ranking takes besides the index and the need: all of it versioned."""

    def __init__(self, background: Background, calibration: Calibration, weights: Weights) -> None:
        self.background = background
        self.calibration = calibration
        self.weights = weights

    def rank(self, index: Index, need: Need, eligibility: Eligibility, limit: int) -> Ranked:
        """The best `limit` eligible rows. Ties go to the lower id."""
        words = index.lexical.counts.read_query(need.query.text)
        rows = self._propose(index, need, eligibility, limit)
        counts = index.sentence_counts[rows]
        slots = list_slots(index.sentences_at[rows], counts)
        wholes = index.wholes.gather(index.whole_at[rows])
        folded = fold(need.vectors, wholes, index.sentences.gather(slots), counts)
        scored = score_candidates(
            rows,
            folded,
            index.lexical.counts.score_rows(words, rows),
            index.is_chinese[rows] == (detect_language(need.query.text) == CHINESE),
            index.columns,
            eligibility.unmet,
            self.weights,
            self.calibration,
        )
        ids = np.array([index.rows[row].id for row in rows.tolist()], dtype=np.int64)
        head = np.lexsort((ids, -scored.score))[: 2 * limit + 20]
        order, scores = spread_duplicates(
            scored.score[head], wholes[head], ids[head], self.weights.duplicate, limit
        )
        return Ranked(scored, head[order], scores)

    def explain(
        self, index: Index, need: Need, eligibility: Eligibility, ranked: Ranked
    ) -> tuple[MatchResult, ...]:
        """The ranked rows as results: strength, features, evidence and what speaks against."""
        shares = index.lexical.counts.read_query(need.query.text).list_shares()
        of_need = measure_need(need.vectors, self.background, self.calibration.scale, self.weights)
        language = detect_language(need.query.text)
        sentences = [passage for passage in need.passages if passage.role == SENTENCE]
        results = []
        for rank, (at, score) in enumerate(
            zip(ranked.order.tolist(), ranked.scores.tolist(), strict=True), start=1
        ):
            row_number = int(ranked.scored.rows[at])
            row = index.rows[row_number]
            first = int(index.sentences_at[row_number])
            vectors = index.sentences.gather(np.arange(first, first + len(row.spans)))
            whole = index.wholes.gather(np.array([row.whole_at]))[0]
            of_provider = measure_provider(
                whole, vectors, self.background, self.calibration.scale, self.weights
            )
            excess = (
                float(ranked.scored.relevance[at])
                - of_need[row.language]
                - of_provider[language]
                + self.calibration.unrelated[language, row.language]
            )
            evidence = find_evidence(
                need.query.text,
                sentences,
                need.vectors,
                row.text,
                row.spans,
                vectors,
                shares,
                self.weights,
                self.calibration,
            )
            results.append(
                MatchResult(
                    provider_id=row.id,
                    kind=row.kind,
                    rank=rank,
                    strength=self.calibration.name_strength(excess),
                    score=round(score, _DECIMALS),
                    features={
                        name: round(float(figures[at]), _DECIMALS)
                        for name, figures in ranked.scored.features.items()
                    },
                    evidence=evidence,
                    against=list_against(
                        index.columns, row_number, eligibility.unmet, bool(evidence)
                    ),
                )
            )
        return tuple(results)

    def _propose(self, index: Index, need: Need, eligibility: Eligibility, limit: int) -> Rows:
        """Rows worth comparing in full, ascending: all eligible when they are few."""
        eligible = np.flatnonzero(eligibility.rows)
        if len(eligible) <= ALL_COMPARED:
            return eligible
        count = max(LEAST_PROPOSED, 2 * limit)
        whole = need.vectors.whole[np.newaxis]
        by_whole, _ = index.wholes.search(whole, count, eligibility.rows)
        by_sentence, _ = index.sentences.search(need.vectors.sentences, count, eligibility.rows)
        words = index.lexical.counts.read_query(need.query.text)
        required = list_required(need.query)
        by_words = index.lexical.search(words, count, eligibility.rows, required)
        return np.unique(
            np.concatenate(
                [
                    index.wholes.owners[by_whole[by_whole >= 0]],
                    index.sentences.owners[by_sentence[by_sentence >= 0]],
                    by_words,
                ]
            )
        )


def list_required(query: Query) -> Sequence[Sequence[str]]:
    """Groups of lexical terms of which every eligible row has one each."""
    kinds = [query.kind] if query.kind is not None else ["mentor", "investor", "centre"]
    groups = [[f"open:{kind}" for kind in kinds]]
    if not query.all_published and query.kind == MENTOR:
        pools = [f"pool:{query.pool}"] if query.pool is not None else []
        groups.append([*pools, "pool:any"])
    return groups
