"""From raw similarity to figures that mean something, measured on the background.

The background's pairs of one topic are related, all others unrelated. Long texts look more alike
than short ones, whatever they say: the best of ten sentences is nearer than the best of two. So a
relevance is judged by its excess over what this need and this provider reach by meaning with
unrelated texts: relevance - (need with background profiles) - (background needs with provider)
+ (background needs with background profiles). This is the additive form of the score
normalisation of speaker verification (Auckenthaler, Carey and Lloyd-Thomas, 2000: Z- and T-norm).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from matching.background import NEED, PROFILE, Background, list_texts
from matching.bm25 import WordCounts
from matching.folding import Exact, Folded, NeedVectors, fold, measure_cosines
from matching.weights import Weights
from matching.words import LANGUAGES, list_words

Figures = NDArray[np.float64]

STRONG, POSSIBLE, WEAK = "strong", "possible", "weak"

# Of unrelated pairs, this share passes for possible, and for strong.
POSSIBLE_SHARE = 0.02
STRONG_SHARE = 0.002
# Two sentences that this share of unrelated ones surpasses are no evidence: under a match that
# stands out as a whole, and under one that does not and therefore has to prove more.
EVIDENCE_SHARE = 0.02
WEAK_EVIDENCE_SHARE = 0.002
# Meaning 0 and 1, in deviations from the mean cosine of unrelated pairs.
_LOW_DEVIATIONS = 3.0
_HIGH_DEVIATIONS = 12.0
_LEAST_DEVIATION = 1e-3


@dataclass(frozen=True, slots=True)
class Scale:
    """Centred cosines `low` and `high` become a meaning of 0 and of 1."""

    low: float
    high: float

    def apply(self, cosines: Figures) -> Figures:
        """Cosines → meaning in [0, 1], order kept."""
        return np.clip((cosines - self.low) / (self.high - self.low), 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the background says for one encoder and one set of weights.

    `words_from` and `words_slope`: a related pair of one language with meaning m shares words of
    about slope · (m - from); used where need and provider have no language in common.
    `evidence` is the least centred cosine of two sentences shown as evidence (`weak_evidence` of
    a weak match), unless the words that they share add `evidence_words` to the words feature.
    `possible` and `strong` are the least excess of relevance of each strength.
    `unrelated` is what meaning adds to the relevance of background pairs, on average, by the
    (need's, profile's) languages.
    """

    scale: Scale
    words_from: float
    words_slope: float
    evidence: float
    weak_evidence: float
    evidence_words: float
    possible: float
    strong: float
    unrelated: Mapping[tuple[str, str], float]

    def expect_words(self, meaning: Figures) -> Figures:
        """The words feature that texts of such a meaning would have in one language."""
        return np.clip(self.words_slope * (meaning - self.words_from), 0.0, 1.0)

    def choose_evidence(self, strength: str) -> float:
        """The least centred cosine of two sentences shown as evidence of a match so strong."""
        return self.weak_evidence if strength == WEAK else self.evidence

    def name_strength(self, excess: float) -> str:
        """The strength of a relevance with `excess` over unrelated texts."""
        if excess >= self.strong:
            return STRONG
        return POSSIBLE if excess >= self.possible else WEAK


@dataclass(frozen=True, slots=True)
class MeaningParts:
    """The three comparisons that make up meaning, each (n,) in [0, 1]."""

    whole: Figures
    late: Figures
    back: Figures


def measure_parts(folded: Folded, scale: Scale) -> MeaningParts:
    """The parts of meaning of n providers, before any weight."""
    return MeaningParts(
        whole=scale.apply(folded.whole),
        late=scale.apply(folded.best) @ folded.shares,
        back=scale.apply(folded.back),
    )


def blend_meaning(parts: MeaningParts, weights: Weights) -> Figures:
    """(n,) meaning in [0, 1]: the three comparisons, by their weights."""
    blend = weights.whole * parts.whole + weights.late * parts.late + weights.back * parts.back
    return blend / (weights.whole + weights.late + weights.back)


def measure_meaning(folded: Folded, scale: Scale, weights: Weights) -> Figures:
    """(n,) meaning in [0, 1] of n providers."""
    return blend_meaning(measure_parts(folded, scale), weights)


def measure_need(
    need: NeedVectors, background: Background, scale: Scale, weights: Weights
) -> dict[str, float]:
    """What meaning adds to the relevance of this need with background profiles, by language."""
    profiles = background.profiles
    single = np.ones(len(profiles.vectors), dtype=np.int64)
    folded = fold(need, profiles.vectors, profiles.vectors, single)
    figures = (1 - weights.words) * measure_meaning(folded, scale, weights)
    return {
        language: float(figures[profiles.languages == language].mean()) for language in LANGUAGES
    }


def measure_providers(
    wholes: Exact,
    sentences: Exact,
    counts: NDArray[np.int64],
    background: Background,
    scale: Scale,
    weights: Weights,
) -> dict[str, Figures]:
    """What meaning adds to the relevance of background needs with n providers, by language.

    `wholes` is (n, d); `sentences` is (m, d), those of the first provider first; `counts` is (n,).
    A background need is one sentence, so that it can be folded with all of them at once.
    """
    needs = background.needs
    cosines = measure_cosines(sentences, needs.vectors)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    whole = scale.apply(measure_cosines(wholes, needs.vectors))
    late = scale.apply(np.maximum.reduceat(cosines, starts, axis=0))
    back = scale.apply(np.add.reduceat(cosines, starts, axis=0) / counts[:, np.newaxis])
    figures = weights.whole * whole + weights.late * late + weights.back * back
    return {
        language: figures[:, needs.languages == language].mean(axis=1) for language in LANGUAGES
    }


def calibrate(background: Background, weights: Weights) -> Calibration:
    """Measure the background under `weights`: all its needs against all its profiles."""
    needs, profiles = background.needs, background.profiles
    cosines = measure_cosines(needs.vectors, profiles.vectors)
    unrelated = needs.topics[:, np.newaxis] != profiles.topics
    one_language = needs.languages[:, np.newaxis] == profiles.languages
    centre = float(cosines[unrelated].mean())
    deviation = max(float(cosines[unrelated].std()), _LEAST_DEVIATION)
    scale = Scale(centre - _LOW_DEVIATIONS * deviation, centre + _HIGH_DEVIATIONS * deviation)
    meaning = scale.apply(cosines)
    words = _measure_words()
    words_from, words_slope = _fit_words(meaning[one_language], words[one_language])
    expected = np.clip(words_slope * (meaning - words_from), 0.0, 1.0)
    words_or_expected = np.where(one_language, words, np.maximum(words, expected))
    relevance = (1 - weights.words) * meaning + weights.words * words_or_expected
    by_meaning = (1 - weights.words) * meaning
    excess = relevance.copy()
    means: dict[tuple[str, str], float] = {}
    for of_need, of_profile in product(LANGUAGES, LANGUAGES):
        block = np.ix_(needs.languages == of_need, profiles.languages == of_profile)
        own = by_meaning[block]
        means[of_need, of_profile] = float(own.mean())
        excess[block] += own.mean() - own.mean(axis=0) - own.mean(axis=1, keepdims=True)
    return Calibration(
        scale=scale,
        words_from=words_from,
        words_slope=words_slope,
        evidence=float(np.quantile(cosines[unrelated], 1 - EVIDENCE_SHARE)),
        weak_evidence=float(np.quantile(cosines[unrelated], 1 - WEAK_EVIDENCE_SHARE)),
        evidence_words=float(np.quantile(words[unrelated & one_language], 1 - WEAK_EVIDENCE_SHARE)),
        possible=float(np.quantile(excess[unrelated], 1 - POSSIBLE_SHARE)),
        strong=float(np.quantile(excess[unrelated], 1 - STRONG_SHARE)),
        unrelated=means,
    )


@cache
def _measure_words() -> Figures:
    """(needs, profiles) words feature of every background pair; it depends on no encoder."""
    counts = WordCounts()
    profiles = list_texts(PROFILE)
    for row, text in enumerate(profiles):
        counts.put(row, list_words(text.text))
    rows = np.arange(len(profiles))
    return np.stack(
        [counts.score_rows(counts.read_query(need.text), rows) for need in list_texts(NEED)]
    )


def _fit_words(meaning: Figures, words: Figures) -> tuple[float, float]:
    """Least squares through the origin of words on what meaning exceeds the 95 % quantile by."""
    start = float(np.quantile(meaning, 0.95))
    above = np.maximum(meaning - start, 0.0)
    square = float(above @ above)
    return start, float(above @ words) / square if square > 0 else 0.0
