"""Ranked rows as results: strength, features, evidence and what speaks against."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.eligibility.conditions import Eligibility
from matching.index.reaches import ProviderReaches
from matching.index.rows import Index
from matching.ranking.agreement import Said, list_said
from matching.ranking.evidence import NEAR_TO_NOTHING, find_evidence
from matching.ranking.folding import measure_cosines
from matching.ranking.needs import Need
from matching.ranking.ranker import Ranked, Ranker, gather
from matching.ranking.relevance import list_against, list_met
from matching.records import Against, EvidencePair, MatchResult
from matching.text.own_terms import OwnTerms, read_own_terms
from matching.text.reaches import find_reaches
from matching.text.tokens import list_tokens

Figures = NDArray[np.float64]

_DECIMALS = 6
# A figure that contradicts less surely is not named.
_LEAST_MISSED = 0.5


class _Spoken(NamedTuple):
    """What the figures of one provider add to each pair of sentences (m, s), and contradict."""

    added: Figures
    against: tuple[Against, ...]


def explain(
    ranker: Ranker, index: Index, need: Need, eligibility: Eligibility, ranked: Ranked
) -> tuple[MatchResult, ...]:
    """The ranked rows as results, best first."""
    text = need.query.text
    is_meant = need.whole.vectors.flag_meant()
    own_terms = read_own_terms(need.query.terms)
    words_of = [
        _list_words(text[p.start : p.end], own_terms) if flag else frozenset[str]()
        for p, flag in zip(need.sentences, is_meant.tolist(), strict=True)
    ]
    word_shares = ranked.words.whole.own.list_shares()
    shared_shares = ranked.words.whole.shared.list_shares()
    texts = ranked.text_rows
    sides = gather(index, texts, np.float64)
    refused = index.read_refusals(texts)
    ends = np.cumsum(sides.counts)
    floor = ranker.calibration.scale.low
    plain = measure_cosines(sides.sentences, need.whole.vectors.sentences)
    nearness = ranker.calibration.measure_nearness(plain)
    # What a sentence counts, its nearness counts; what is not done is near to nothing.
    cosines = floor + (plain - floor) * np.sqrt(sides.worths)[:, np.newaxis]
    cosines[refused] = NEAR_TO_NOTHING
    cosines[:, ~is_meant] = NEAR_TO_NOTHING
    said_of = list_said(need.reaches, sides.reaches, len(texts), nearness)
    results = []
    for number, row_number in enumerate(ranked.rows.tolist()):
        at = int(ranked.arranged.order[number])
        is_same = bool(ranked.scored.features["one_language"][at])
        start, end = int(ends[number] - sides.counts[number]), int(ends[number])
        text_row = int(texts[number])
        text_of_row = index.texts[text_row]
        spans = index.read_spans(text_row)
        spoken = _read_figures(
            ranker, need, text_of_row, spans, sides.reaches, start, said_of[number]
        )
        wish = int(ranked.wishes[at])
        # Who answers one wish is shown for that one, not for another.
        elsewhere = need.flag_elsewhere(wish)
        own = np.where(elsewhere, NEAR_TO_NOTHING, cosines[start:end])
        spoken.added[:, elsewhere] = 0.0
        evidence = find_evidence(
            need.sentences,
            [
                frozenset[str]() if flag else words
                for words, flag in zip(words_of, elsewhere.tolist(), strict=True)
            ],
            need.whole.vectors.shares,
            text_of_row,
            spans,
            own,
            _keep_said(word_shares if is_same else shared_shares, index, text_row),
            spoken.added,
            ranked.strengths[at],
            ranker.weights,
            ranker.calibration,
        )
        results.append(
            MatchResult(
                provider_id=int(index.ids[row_number]),
                kind=index.columns.read_kind(row_number),
                rank=number + 1,
                strength=ranked.strengths[at],
                score=round(float(ranked.scores[number]), _DECIMALS),
                features={
                    name: round(float(figures[at]), _DECIMALS)
                    for name, figures in ranked.scored.features.items()
                }
                | {"kept_place": float(ranked.arranged.is_kept[number])},
                evidence=_name_text(evidence, int(index.text_ids[text_row])),
                against=(
                    *spoken.against,
                    *list_against(index.columns, row_number, eligibility.unmet, bool(evidence)),
                ),
                propensity=float(ranked.arranged.propensities[number]),
                wish=wish,
                met=list_met(
                    index.columns,
                    row_number,
                    need.query.conditions,
                    eligibility.unmet,
                    eligibility.judged,
                ),
            )
        )
    return tuple(results)


def _keep_said(shares: Mapping[str, float], index: Index, row: int) -> dict[str, float]:
    """What the words that a provider has add, of those of the need."""
    said = index.lexical.counts.list_words_of(row)
    return {word: share for word, share in shares.items() if word in said}


def _list_words(sentence: str, own_terms: OwnTerms | None) -> frozenset[str]:
    """The tokens of a need's sentence, and what its own terms are called besides."""
    said = frozenset(list_tokens(sentence))
    if own_terms is None:
        return said
    return said.union(own_terms.list_tokens(sentence))


def _name_text(pairs: tuple[EvidencePair, ...], text: int) -> tuple[EvidencePair, ...]:
    return tuple(replace(pair, text=text) for pair in pairs) if text else pairs


def _read_figures(
    ranker: Ranker,
    need: Need,
    text: str,
    spans: NDArray[np.int32],
    reaches: ProviderReaches,
    first: int,
    found: Sequence[Said],
) -> _Spoken:
    """What the figures `found` of one provider, whose first sentence is number `first`, say."""
    shares = need.whole.vectors.shares / need.whole.vectors.shares.max()
    added, against = np.zeros((len(spans), len(need.sentences))), []
    for said in found:
        asked = need.reaches[said.asked]
        sentence = int(reaches.sentences[said.at])
        added[sentence - first, asked.sentence] += (
            ranker.weights.figures * said.meets * shares[asked.sentence]
        )
        if said.misses >= _LEAST_MISSED:
            # The figures of a sentence are kept in its own order.
            place = said.at - int(np.searchsorted(reaches.sentences, sentence))
            start, end = spans[sentence - first].tolist()
            named = find_reaches(text[start:end])[place]
            begin = need.sentences[asked.sentence].start
            wanted = need.query.text[begin + asked.reach.start : begin + asked.reach.end]
            against.append(
                Against("figures", (wanted,), (text[start + named.start : start + named.end],))
            )
    return _Spoken(added, tuple(dict.fromkeys(against)))
