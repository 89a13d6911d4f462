"""From raw similarity to figures that mean something, measured on the background.

The background's pairs of one topic are related, all others unrelated. What the unrelated reach sets
the scale of meaning, the bounds of the strengths and what counts as evidence.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from matching.background import Background
from matching.index.bm25 import WordCounts
from matching.ranking.folding import Folded, measure_cosines
from matching.ranking.weights import STRENGTH, Weights
from matching.text.tokens import crosses_languages, is_term, list_tokens
from matching.text.words import LANGUAGES

Figures = NDArray[np.float64]
Rows = NDArray[np.int64]

STRONG, POSSIBLE, WEAK = "strong", "possible", "weak"

# Of unrelated pairs this share is near enough for the best of a list to fit; beside one who fits,
# this share passes for possible; and in lists that nobody fits, this share for strong.
FITS_SHARE = 0.05
POSSIBLE_SHARE = 0.0035
STRONG_SHARE = 0.004
# How much more than once the distance to the best of a list counts against who stands behind.
_FALL = 2.5
# By how much a trade that nobody in the list is of may be nearer to a need without saying anything.
_BY_CHANCE = 0.02
# Two sentences that this share of unrelated ones surpasses are no evidence: under a match that
# stands out as a whole, and under one that does not and therefore has to prove more.
EVIDENCE_SHARE = 0.02
WEAK_EVIDENCE_SHARE = 0.002
# Meaning 0 and 1, in deviations from the mean cosine of unrelated pairs.
_LOW_DEVIATIONS = 3.0
_HIGH_DEVIATIONS = 12.0
LEAST_DEVIATION = 1e-3
# The meaning of two sentences up to which they speak of different matters, and from which of one.
_APART, _ALIKE = 0.3, 0.5
# Where the unrelated of one language and of two are made equal.
_LIFTED = 0.99


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
    `possible` and `strong` are the least figure of each strength within one language, and
    `possible_across` and `strong_across` between two (see `judge_pairs` and `fall_behind`); `fits`
    is the least that the best of a list was judged by where anybody in it is possible.
    `unrelated` is the mean meaning of background pairs by the (need's, profile's) languages, such
    that unrelated pairs of two languages are judged by as high figures as those of one. `trades`
    (t,) is what each profile of another trade reaches with background needs of one language.
    """

    scale: Scale
    words_from: float
    words_slope: float
    evidence: float
    weak_evidence: float
    evidence_words: float
    possible: float
    strong: float
    possible_across: float
    strong_across: float
    fits: float
    unrelated: Mapping[tuple[str, str], float]
    trades: Mapping[str, Figures]

    def expect_words(self, meaning: Figures) -> Figures:
        """The words feature that texts of such a meaning would have in one language."""
        return np.clip(self.words_slope * (meaning - self.words_from), 0.0, 1.0)

    def measure_nearness(self, cosines: Figures) -> Figures:
        """Cosines → in [0, 1], how surely two sentences speak of one matter."""
        meaning = self.scale.apply(cosines)
        return np.clip((meaning - _APART) / (_ALIKE - _APART), 0.0, 1.0)

    def choose_evidence(self, strength: str) -> float:
        """The least centred cosine of two sentences shown as evidence of a match so strong."""
        return self.weak_evidence if strength == WEAK else self.evidence

    def name_strength(self, judged: float, best: float, *, across: bool) -> str:
        """The strength of a pair from what `judge_pairs` and then `fall_behind` say of it.

        `best` is what the best of its list was judged: nobody is possible beside one who is not.
        """
        if judged >= (self.strong_across if across else self.strong):
            return STRONG
        least = self.possible_across if across else self.possible
        return POSSIBLE if judged >= least and best >= self.fits else WEAK


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


def judge_pairs(
    relevance: Figures,
    of_need: float | Figures,
    of_provider: float | Figures,
    unrelated: float | Figures,
    *,
    weights: Weights,
) -> Figures:
    """How far pairs stand out from what both sides reach with unrelated texts.

    Long texts look more alike than short ones, whatever they say: the best of ten sentences is
    nearer than the best of two. So this is the *excess*: the relevance, less what the need and what
    the provider reach by meaning with unrelated texts, plus what unrelated texts reach with each
    other (`unrelated`). It is a form of the score normalisation of speaker verification
    (Auckenthaler, Carey and Lloyd-Thomas, 2000: Z- and T-norm). `of_need` and `of_provider` are
    mean meanings; all figures are of `weights`.
    """
    expected = of_need + of_provider - unrelated
    excess: Figures = relevance - (1 - weights.words) * expected
    return excess


def fall_behind(judged: Figures, best: float | Figures) -> Figures:
    """What `judge_pairs` says of pairs, less where the same need has a better one in its list.

    Beside one who answers a need, who merely comes from the same trade is not a match; where
    nobody answers it better, the same nearness is all that there is. So the `best` of the list
    keeps its figure, and so, nearly, do its equals; the others lose as they stand behind.
    """
    fallen: Figures = judged - _FALL * np.maximum(best - judged, 0.0)
    return fallen


def fall_behind_trades(judged: Figures, nearest: float) -> Figures:
    """What a list loses for one need because a profile of another trade is judged `nearest` to it.

    These profiles (`background/trades.tsv`) are in nobody's list. Where one of them answers a need
    better than who is listed, a list of technology is not what it asks for, and what is near in it
    is so by the words in which people ask.
    """
    lost: Figures = judged - fall_behind(judged, nearest - _BY_CHANCE)
    return lost


def calibrate(background: Background, weights: Weights = STRENGTH) -> Calibration:
    """Measure the background: all its needs against all its profiles.

    `weights` are those by which pairs are judged.
    """
    needs, profiles = background.needs, background.profiles
    cosines = measure_cosines(needs.vectors, profiles.vectors)
    unrelated = needs.topics[:, np.newaxis] != profiles.topics
    one_language = needs.languages[:, np.newaxis] == profiles.languages
    centre = float(cosines[unrelated].mean())
    deviation = max(float(cosines[unrelated].std()), LEAST_DEVIATION)
    scale = Scale(centre - _LOW_DEVIATIONS * deviation, centre + _HIGH_DEVIATIONS * deviation)
    meaning = scale.apply(cosines)
    words, shared = _measure_words(needs.texts, profiles.texts)
    words_from, words_slope = _fit_words(meaning[one_language], words[one_language])
    told = np.where(one_language, words, shared)
    relevance = (1 - weights.words) * meaning + weights.words * told
    means = {
        pair: float(meaning[_choose_block(background, *pair)].mean())
        for pair in product(LANGUAGES, LANGUAGES)
    }
    judged = _judge_all(background, meaning, relevance, means, weights)
    within, across = judged[unrelated & one_language], judged[unrelated & ~one_language]
    lift = float(np.quantile(within, _LIFTED) - np.quantile(across, _LIFTED)) / (1 - weights.words)
    means |= {(one, other): mean + lift for (one, other), mean in means.items() if one != other}
    judged = _judge_all(background, meaning, relevance, means, weights)
    strangers = np.where(unrelated, judged, -np.inf).max(axis=1, keepdims=True)
    alone = fall_behind(judged, strangers)
    beside = fall_behind(judged, judged.max(axis=1, keepdims=True))
    within, across = unrelated & one_language, unrelated & ~one_language
    return Calibration(
        scale=scale,
        words_from=words_from,
        words_slope=words_slope,
        evidence=float(np.quantile(cosines[unrelated], 1 - EVIDENCE_SHARE)),
        weak_evidence=float(np.quantile(cosines[unrelated], 1 - WEAK_EVIDENCE_SHARE)),
        evidence_words=float(np.quantile(words[unrelated & one_language], 1 - WEAK_EVIDENCE_SHARE)),
        possible=float(np.quantile(beside[within], 1 - POSSIBLE_SHARE)),
        strong=float(np.quantile(alone[within], 1 - STRONG_SHARE)),
        possible_across=float(np.quantile(beside[across], 1 - POSSIBLE_SHARE)),
        strong_across=float(np.quantile(alone[across], 1 - STRONG_SHARE)),
        fits=float(np.quantile(judged[unrelated], 1 - FITS_SHARE)),
        trades={language: _measure_trades(background, scale, language) for language in LANGUAGES},
        unrelated=means,
    )


def _measure_trades(background: Background, scale: Scale, language: str) -> Figures:
    """(t,) the mean meaning of each other trade with the background needs of one language."""
    needs = background.needs.vectors[background.needs.languages == language]
    means: Figures = scale.apply(measure_cosines(background.trades.vectors, needs)).mean(axis=1)
    return means


def _choose_block(background: Background, of_need: str, of_profile: str) -> tuple[Rows, ...]:
    needs, profiles = background.needs, background.profiles
    return np.ix_(needs.languages == of_need, profiles.languages == of_profile)


def _judge_all(
    background: Background,
    meaning: Figures,
    relevance: Figures,
    unrelated: Mapping[tuple[str, str], float],
    weights: Weights,
) -> Figures:
    """(needs, profiles) what `judge_pairs` says of every background pair."""
    judged = np.empty_like(relevance)
    for pair in product(LANGUAGES, LANGUAGES):
        block = _choose_block(background, *pair)
        own = meaning[block]
        judged[block] = judge_pairs(
            relevance[block],
            own.mean(axis=1, keepdims=True),
            own.mean(axis=0),
            unrelated[pair],
            weights=weights,
        )
    return judged


@cache
def _measure_words(needs: tuple[str, ...], profiles: tuple[str, ...]) -> tuple[Figures, Figures]:
    """(needs, profiles) of every background pair, which depend on no encoder: the words feature,
    and what it is of tokens that both languages share.
    """
    counts = WordCounts()
    for row, text in enumerate(profiles):
        counts.put(row, list_tokens(text))
    rows = np.arange(len(profiles))
    words, shared = [], []
    for need in needs:
        tokens = Counter(list_tokens(need))
        own = {token: times for token, times in tokens.items() if not is_term(token)}
        common = {token: times for token, times in tokens.items() if crosses_languages(token)}
        read = counts.read_tokens(own)
        words.append(counts.score_rows(read, rows))
        shared.append(counts.score_rows(counts.read_tokens(common).among(read), rows))
    return np.stack(words), np.stack(shared)


def _fit_words(meaning: Figures, words: Figures) -> tuple[float, float]:
    """Least squares through the origin of words on what meaning exceeds the 95 % quantile by."""
    start = float(np.quantile(meaning, 0.95))
    above = np.maximum(meaning - start, 0.0)
    square = float(above @ above)
    return start, float(above @ words) / square if square > 0 else 0.0
