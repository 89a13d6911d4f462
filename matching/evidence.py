"""Which two passages carry a match, and how much of its relevance each pair adds."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.calibration import Calibration
from matching.folding import NeedVectors, measure_cosines
from matching.records import EvidencePair, Passage
from matching.weights import Weights
from matching.words import list_words

MAX_PAIRS = 3
_KEPT_DECIMALS = 6


def find_evidence(
    need_text: str,
    need_sentences: Sequence[Passage],
    need: NeedVectors,
    provider_text: str,
    spans: NDArray[np.int32],
    vectors: NDArray[np.float32],
    word_shares: Mapping[str, float],
    weights: Weights,
    calibration: Calibration,
) -> tuple[EvidencePair, ...]:
    """At most three pairs of passages, the highest contribution to the relevance first.

    `spans` is (m, 2) and `vectors` (m, d), the provider's sentences. `word_shares` is what each
    word of the need adds to the words feature when the provider has it once. A pair's
    contribution is what its need sentence adds to late interaction through this provider
    sentence, and the words that the two share. Pairs no nearer than unrelated ones are left out,
    unless they share words of weight; none left gives ().
    """
    cosines = measure_cosines(vectors, need.sentences)
    best = cosines.argmax(axis=0)
    words_of = {
        int(at): set(list_words(provider_text[spans[at, 0] : spans[at, 1]])) for at in set(best)
    }
    pairs = []
    for number, passage in enumerate(need_sentences):
        at = int(best[number])
        cosine = float(cosines[at, number])
        shared = words_of[at] & set(list_words(need_text[passage.start : passage.end]))
        by_words = sum(word_shares.get(word, 0.0) for word in shared)
        if cosine < calibration.evidence and by_words < calibration.evidence_words:
            continue
        by_meaning = float(need.shares[number] * calibration.scale.apply(np.array([cosine]))[0])
        pairs.append(
            EvidencePair(
                need_start=passage.start,
                need_end=passage.end,
                provider_start=int(spans[at, 0]),
                provider_end=int(spans[at, 1]),
                contribution=round(
                    min(weights.late * by_meaning + weights.words * by_words, 1.0), _KEPT_DECIMALS
                ),
            )
        )
    pairs.sort(key=lambda pair: (-pair.contribution, pair.need_start, pair.provider_start))
    return tuple(pairs[:MAX_PAIRS])
