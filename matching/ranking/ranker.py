"""Ranks the eligible of one index for one need, and explains what is shown."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.background import Background
from matching.eligibility.conditions import Eligibility
from matching.index.blocks import list_slots
from matching.index.bm25 import QueryWords
from matching.index.columns import BoolRows
from matching.index.rows import Index
from matching.ranking.arrangement import Arranged, arrange
from matching.ranking.calibration import Calibration
from matching.ranking.evidence import find_evidence
from matching.ranking.folding import Exact, NeedVectors, fold, measure_cosines
from matching.ranking.newcomers import count_places
from matching.ranking.relevance import Scored, compare_texts, list_against, weigh_standing
from matching.ranking.strength import name_strengths
from matching.ranking.weights import Weights
from matching.records import MatchResult, Passage, Query
from matching.text.passages import SENTENCE
from matching.text.words import CHINESE, ENGLISH, detect_language, list_words

Rows = NDArray[np.int64]

# So few eligible are all compared, which is exact; of more, those that a search proposes.
ALL_COMPARED = 400
LEAST_PROPOSED = 100
_LEAST_HEAD = 40
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Need:
    """A query with its passages and their vectors."""

    query: Query
    passages: tuple[Passage, ...]
    vectors: NeedVectors


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best candidates: `arranged` says which of those `scored` are shown, and where."""

    scored: Scored
    words: QueryWords
    arranged: Arranged

    @property
    def rows(self) -> Rows:
        """The rows of the index, best first."""
        return self.scored.rows[self.arranged.order]

    @property
    def scores(self) -> NDArray[np.float64]:
        """The final scores, best first."""
        return self.arranged.scores


class Ranker:
    """What a ranking takes besides the index and the need: all of it versioned."""

    def __init__(self, background: Background, calibration: Calibration, weights: Weights) -> None:
        self.background = background
        self.calibration = calibration
        self.weights = weights

    def rank(self, index: Index, need: Need, eligibility: Eligibility, limit: int) -> Ranked:
        """The best `limit` eligible rows. Ties go to the lower id.

        All proposed are compared quickly; those that can come near the first `limit` again,
        exactly, so that the answer depends on no other candidate.
        """
        words = index.lexical.counts.read_query(need.query.text)
        rows = self._propose(index, need, words, eligibility, limit)
        head = 2 * limit + _LEAST_HEAD
        if len(rows) > head:
            rough = self._score(index, need, words, eligibility, rows, np.float32)
            best = np.argsort(-rough.score, kind="stable")
            # The places kept for newcomers may go to some that are not in the head.
            new = best[index.columns.newcomers[rows[best]]]
            new = new[: 2 * count_places(limit, self.weights)]
            rows = rows[np.union1d(best[:head], new)]
        scored = self._score(index, need, words, eligibility, rows, np.float64)
        ids = index.ids[rows]
        arranged = arrange(
            scored.score,
            index.wholes.gather(index.whole_at[rows]),
            ids,
            index.columns.newcomers[rows],
            limit=limit,
            weights=self.weights,
            seed=need.query.seed,
            salt=need.query.kind or "",
        )
        return Ranked(scored, words, arranged)

    def _score(
        self,
        index: Index,
        need: Need,
        words: QueryWords,
        eligibility: Eligibility,
        rows: Rows,
        precision: type[np.floating[Any]],
    ) -> Scored:
        counts = index.sentence_counts[rows]
        slots = list_slots(index.sentences_at[rows], counts)
        folded = fold(
            need.vectors,
            index.wholes.gather(index.whole_at[rows]).astype(precision, copy=False),
            index.sentences.gather(slots).astype(precision, copy=False),
            counts,
        )
        compared = compare_texts(
            folded,
            index.lexical.counts.score_rows(words, rows),
            index.is_chinese[rows] == (detect_language(need.query.text) == CHINESE),
            self.weights,
            self.calibration,
        )
        return weigh_standing(rows, compared, index.columns, eligibility.unmet, self.weights)

    def explain(
        self, index: Index, need: Need, eligibility: Eligibility, ranked: Ranked
    ) -> tuple[MatchResult, ...]:
        """The ranked rows as results: strength, features, evidence and what speaks against."""
        text = need.query.text
        sentences = [passage for passage in need.passages if passage.role == SENTENCE]
        words_of = [frozenset(list_words(text[p.start : p.end])) for p in sentences]
        word_shares = ranked.words.list_shares()
        counts = index.sentence_counts[ranked.rows]
        slots = list_slots(index.sentences_at[ranked.rows], counts)
        vectors = index.sentences.gather(slots).astype(np.float64)
        ends = np.cumsum(counts)
        strengths = self._name_strengths(index, need, ranked, vectors, counts)
        cosines = measure_cosines(vectors, need.vectors.sentences)
        results = []
        for number, row_number in enumerate(ranked.rows.tolist()):
            at = int(ranked.arranged.order[number])
            evidence = find_evidence(
                sentences,
                words_of,
                need.vectors.shares,
                index.texts[row_number],
                index.read_spans(row_number),
                cosines[ends[number] - counts[number] : ends[number]],
                word_shares,
                strengths[number],
                self.weights,
                self.calibration,
            )
            results.append(
                MatchResult(
                    provider_id=int(index.ids[row_number]),
                    kind=index.columns.read_kind(row_number),
                    rank=number + 1,
                    strength=strengths[number],
                    score=round(float(ranked.scores[number]), _DECIMALS),
                    features={
                        name: round(float(figures[at]), _DECIMALS)
                        for name, figures in ranked.scored.features.items()
                    }
                    | {"kept_place": float(ranked.arranged.is_kept[number])},
                    evidence=evidence,
                    against=list_against(
                        index.columns, row_number, eligibility.unmet, bool(evidence)
                    ),
                    propensity=float(ranked.arranged.propensities[number]),
                )
            )
        return tuple(results)

    def _name_strengths(
        self,
        index: Index,
        need: Need,
        ranked: Ranked,
        vectors: Exact,
        counts: NDArray[np.int64],
    ) -> list[str]:
        """The strength of each ranked row, from its excess over unrelated texts."""
        order = ranked.arranged.order
        return name_strengths(
            need.vectors,
            detect_language(need.query.text),
            index.wholes.gather(index.whole_at[ranked.rows]).astype(np.float64),
            vectors,
            counts,
            np.where(index.is_chinese[ranked.rows], CHINESE, ENGLISH),
            ranked.scored.relevance[order],
            ranked.scored.features["meaning"][order],
            self.background,
            self.calibration,
            self.weights,
        )

    def _propose(
        self, index: Index, need: Need, words: QueryWords, eligibility: Eligibility, limit: int
    ) -> Rows:
        """Rows worth comparing in full, ascending: all eligible when they are few."""
        eligible = np.flatnonzero(eligibility.rows)
        if len(eligible) <= ALL_COMPARED:
            return eligible
        count = max(LEAST_PROPOSED, 2 * limit)
        return np.unique(
            np.concatenate(
                [
                    found
                    for among in self._list_groups(index, eligibility.rows, limit)
                    for found in _search(index, need, words, among, count)
                ]
            )
        )

    def _list_groups(self, index: Index, eligible: BoolRows, limit: int) -> list[BoolRows]:
        """The eligible, and those of them who would be lost if only the nearest were proposed.

        Newcomers have places of their own, and who had no attention lately may pass many who had.
        """
        columns, groups = index.columns, [eligible]
        if count_places(limit, self.weights):
            groups.append(eligible & columns.newcomers)
        if self.weights.exposure > 0:
            groups.append(eligible & (columns.exposure == 0))
        distinct = {group.tobytes(): group for group in groups if group.any()}
        return list(distinct.values())


def _search(
    index: Index, need: Need, words: QueryWords, among: BoolRows, count: int
) -> tuple[Rows, Rows, Rows]:
    """The rows among those flagged whose wholes, sentences or words are nearest to the need."""
    whole = need.vectors.whole[np.newaxis]
    by_whole, _ = index.wholes.search(whole, count, among)
    by_sentence, _ = index.sentences.search(need.vectors.sentences, count, among)
    return (
        index.wholes.find_rows(by_whole),
        index.sentences.find_rows(by_sentence),
        index.lexical.search(words, count, among, index.ids),
    )
