"""Which two passages carry a match, and how much of its relevance each pair adds."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.calibration import Calibration
from matching.records import EvidencePair, Passage
from matching.weights import Weights
from matching.words import list_words

MAX_PAIRS = 3
_DECIMALS = 6


def find_evidence(
    need_sentences: Sequence[Passage],
    need_words: Sequence[Collection[str]],
    shares: NDArray[np.float64],
    provider_text: str,
    spans: NDArray[np.int32],
    cosines: NDArray[np.float64],
    word_shares: Mapping[str, float],
    strength: str,
    weights: Weights,
    calibration: Calibration,
) -> tuple[EvidencePair, ...]:
    """At most three pairs of passages, the highest contribution to the relevance first.

    `need_words` has the words of each of the s need sentences and `shares` (s,) what it counts;
    `spans` is (m, 2), the provider's sentences, and `cosines` (m, s) compares them. `word_shares`
    is what each word of the need adds to the words feature when the provider has it once.

    A pair's contribution is what its need sentence adds to late interaction through this provider
    sentence, and the words that the two share. Pairs no nearer than unrelated ones are left out,
    unless they share words of weight; of a weak match (`strength`) more is asked. None left
    gives ().
    """
    least = calibration.choose_evidence(strength)
    best = cosines.argmax(axis=0)
    words_of = {
        at: frozenset(list_words(provider_text[spans[at, 0] : spans[at, 1]]))
        for at in set(best.tolist())
    }
    meanings = calibration.scale.apply(cosines.max(axis=0)) * shares
    pairs = []
    for number, passage in enumerate(need_sentences):
        at = int(best[number])
        shared = sorted(words_of[at].intersection(need_words[number]))
        by_words = sum(word_shares.get(word, 0.0) for word in shared)
        is_near = cosines[at, number] >= least
        if not is_near and by_words < calibration.evidence_words:
            continue
        contribution = weights.late * float(meanings[number]) + weights.words * by_words
        pairs.append(
            EvidencePair(
                need_start=passage.start,
                need_end=passage.end,
                provider_start=int(spans[at, 0]),
                provider_end=int(spans[at, 1]),
                contribution=round(min(contribution, 1.0), _DECIMALS),
            )
        )
    pairs.sort(key=lambda pair: (-pair.contribution, pair.need_start, pair.provider_start))
    return tuple(pairs[:MAX_PAIRS])
