"""Which two passages carry a match, and how much of its relevance each pair adds."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.ranking.calibration import WEAK, Calibration
from matching.ranking.weights import Weights
from matching.records import EvidencePair, Passage
from matching.text.tokens import find_tokens

MAX_PAIRS = 3
# A sentence without which the relevance would fall by less than this explains nothing.
_LEAST_LOSS = 0.005
_DECIMALS = 6
# Instead of a cosine, where one side of a pair says what is not wanted or not done.
NEAR_TO_NOTHING = -1.0

Figures = NDArray[np.float64]
# Contribution, number of the need's sentence, number of the provider's sentence.
Pair = tuple[float, int, int]


def find_evidence(
    need_sentences: Sequence[Passage],
    need_words: Sequence[Collection[str]],
    shares: Figures,
    provider_text: str,
    spans: NDArray[np.int32],
    cosines: Figures,
    word_shares: Mapping[str, float],
    by_figures: Figures,
    strength: str,
    weights: Weights,
    calibration: Calibration,
) -> tuple[EvidencePair, ...]:
    """At most three pairs of passages, the highest contribution to the relevance first.

    `need_words` has the words of each of the s need sentences and `shares` (s,) what it counts;
    `spans` is (m, 2), the provider's sentences, and `cosines` (m, s) compares them: what is
    refused on either side is `NEAR_TO_NOTHING`. `word_shares`
    is what each word of the need that the provider has adds to the words feature, and
    `by_figures` (m, s) what quantities add that two sentences have in common.

    A pair's contribution is what it adds to the comparisons of sentences, where the one is the
    nearest to the other, and the words that the two share. Pairs no nearer than unrelated ones
    are left out, unless they share words of weight; of a weak match (`strength`) more is asked.
    So are sentences of the provider without which the others would compare hardly worse, except
    that one of those which stand in for each other is shown where a match is more than weak and
    has no other reason. No sentence of either side is shown twice. None left gives ().
    """
    meanings = calibration.scale.apply(cosines)
    by_meaning = _weigh_pairs(meanings, shares, weights)
    lost = _weigh_losses(meanings, shares, weights)
    is_near = (cosines >= calibration.choose_evidence(strength)) & (by_meaning > 0)
    # Others add nothing, and reading the words of each sentence costs time.
    telling = set().union(*need_words).intersection(word_shares)
    words_of = {
        at: find_tokens(provider_text[spans[at, 0] : spans[at, 1]], telling)
        for at in _list_nearest(cosines, by_figures)
        if cosines[at].max() > NEAR_TO_NOTHING
    }
    pairs: list[Pair] = []
    replaceable: list[Pair] = []
    for at, words in words_of.items():
        for number, words_of_need in enumerate(need_words):
            shared = sorted(words.intersection(words_of_need))
            by_words = weights.words * sum(word_shares.get(word, 0.0) for word in shared)
            of_figures = float(by_figures[at, number])
            is_told = of_figures > 0 or by_words >= weights.words * calibration.evidence_words
            if is_told or is_near[at, number]:
                added = float(by_meaning[at, number]) + by_words + of_figures
                pair = (round(min(added, 1.0), _DECIMALS), number, at)
                is_missed = lost[at] + by_words + of_figures >= _LEAST_LOSS
                (pairs if is_missed else replaceable).append(pair)
    if strength != WEAK and not pairs:
        pairs = _choose_distinct(replaceable)[:1]
    return tuple(
        EvidencePair(
            need_start=need_sentences[number].start,
            need_end=need_sentences[number].end,
            provider_start=int(spans[at, 0]),
            provider_end=int(spans[at, 1]),
            contribution=contribution,
        )
        for contribution, number, at in _choose_distinct(pairs)
    )


def _weigh_pairs(meanings: Figures, shares: Figures, weights: Weights) -> Figures:
    """(m, s) meanings → (m, s), what each pair adds to `late` and `back`, which are their sums."""
    provider_count, need_count = meanings.shape
    of_need, of_provider = np.arange(need_count), np.arange(provider_count)
    added = np.zeros_like(meanings)
    nearest = meanings.argmax(axis=0)
    added[nearest, of_need] += weights.late * shares * meanings[nearest, of_need]
    nearest = meanings.argmax(axis=1)
    added[of_provider, nearest] += weights.back / provider_count * meanings[of_provider, nearest]
    return added


def _weigh_losses(meanings: Figures, shares: Figures, weights: Weights) -> Figures:
    """(m, s) meanings → (m,), by how much `late` and `back` fall without each sentence."""
    provider_count = len(meanings)
    back: Figures = meanings.max(axis=1)
    if provider_count == 1:
        return weights.late * (meanings @ shares) + weights.back * back
    order = np.argsort(-meanings, axis=0, kind="stable")
    best, second = np.take_along_axis(meanings, order[:2], axis=0)
    is_best = np.arange(provider_count)[:, np.newaxis] == order[0]
    late_lost = np.where(is_best, best - second, 0.0) @ shares
    back_lost = (back - back.mean()) / (provider_count - 1)
    losses: Figures = weights.late * late_lost + weights.back * back_lost
    return losses


def _list_nearest(cosines: Figures, by_figures: Figures) -> list[int]:
    """The provider's sentences that can be shown: the nearest few of each need sentence.

    And those with a quantity in common.

    Others could only stand in for one of these, and reading the words of each costs time.
    """
    nearest = np.argsort(-cosines, axis=0, kind="stable")[:MAX_PAIRS].ravel()
    return sorted({*nearest.tolist(), *np.flatnonzero(by_figures.any(axis=1)).tolist()})


def _choose_distinct(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs by contribution, each without a sentence of those before it; at most three."""
    chosen: list[Pair] = []
    for pair in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if all(pair[1] != other[1] and pair[2] != other[2] for other in chosen):
            chosen.append(pair)
    return chosen[:MAX_PAIRS]
