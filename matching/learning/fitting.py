"""Learns the shares of relevance from what happened, and says how good they prove.

Learned is what makes up relevance: whole, late, back and words. All other amounts are promises
(what a soft condition costs, how load and exposure are shared) and stay as they are; what they
did to a score enters the fit as one figure, so that it is not credited to the parts.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from matching.learning.gains import measure_gain
from matching.learning.preferences import Preferences, Shown, limit_askers, list_preferences
from matching.ranking.calibration import Calibration, MeaningParts, blend_meaning
from matching.ranking.relevance import weigh_words
from matching.ranking.weights import Weights

Figures = NDArray[np.float64]

# Of fewer, chance decides: startups with a preference, and preferences.
LEAST_ASKERS = 30
LEAST_PREFERENCES = 100
# For each part, the present weights count as much as this many outcomes.
PRIOR_OUTCOMES = 100.0
# A score that leads by 0.1 is taken to be preferred with odds of e to 1.
STEEPNESS = 10.0
FOLDS = 5
METRIC = "preferences kept"

_PARTS = ("whole", "late", "back", "words")
_DECIMALS = 4
_LEAST_STEP = 1e-3
_SEED = 20260301


class TooLittleHappened(Exception):
    """Too few outcomes to learn from: `askers` with a preference, and `preferences` of theirs."""

    def __init__(self, askers: int, preferences: int) -> None:
        super().__init__(
            f"{preferences} preferences of {askers} startups are too few; "
            f"it takes at least {LEAST_PREFERENCES} preferences and {LEAST_ASKERS} startups"
        )
        self.askers = askers
        self.preferences = preferences


@dataclass(frozen=True, slots=True)
class Quality:
    """How many held-out preferences a ranking keeps, in [0, 1], averaged over startups.

    `learned` and `active` are the two figures, `difference` the first less the second, with its
    95 % interval `low` to `high` from resampled startups.
    """

    learned: float
    active: float
    difference: float
    low: float
    high: float
    askers: int
    preferences: int


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights fitted on everything, and the quality of weights fitted on the others' outcomes."""

    weights: Weights
    quality: Quality


def learn_weights(
    shown: Shown, active: Weights, calibration: Calibration, *, version: str
) -> Learned:
    """Weights for `version`, drawn from `active` towards what happened.

    Quality is cross-validated: the outcomes of a startup are judged by weights to which it has
    contributed nothing. Raises TooLittleHappened.
    """
    preferences = limit_askers(list_preferences(shown, active.chance))
    askers = len(np.unique(preferences.askers))
    if askers < LEAST_ASKERS or len(preferences.weights) < LEAST_PREFERENCES:
        raise TooLittleHappened(askers, len(preferences.weights))
    figures = _make_figures(shown, active, calibration)
    kept_before = _find_kept(shown, preferences, active, calibration)
    kept = np.zeros(len(kept_before))
    folds = GroupKFold(FOLDS, shuffle=True, random_state=_SEED)
    for _, test in folds.split(preferences.weights, groups=preferences.askers):
        is_test = np.zeros(len(kept), dtype=np.bool_)
        is_test[test] = True
        fitted = _fit(figures, preferences.choose(~is_test), active, version)
        kept[test] = _find_kept(shown, preferences.choose(is_test), fitted, calibration)
    weights = _fit(figures, preferences, active, version)
    return Learned(weights, _measure_quality(preferences, kept, kept_before))


def score_shown(shown: Shown, weights: Weights, calibration: Calibration) -> Figures:
    """(n,) the scores that the shown matches would have under `weights`."""
    meaning = blend_meaning(MeaningParts(shown.whole, shown.late, shown.back), weights)
    relevance = weigh_words(meaning, shown.words, shown.one_language, weights, calibration)
    scores: Figures = relevance + shown.rest
    return scores


def _make_figures(shown: Shown, active: Weights, calibration: Calibration) -> Figures:
    """(n, 5): the parts and the rest; words of another language as they count under `active`."""
    meaning = blend_meaning(MeaningParts(shown.whole, shown.late, shown.back), active)
    expected = np.maximum(shown.words, calibration.expect_words(meaning))
    words = np.where(shown.one_language, shown.words, expected)
    return np.stack([shown.whole, shown.late, shown.back, words, shown.rest], axis=1)


def _fit(figures: Figures, preferences: Preferences, active: Weights, version: str) -> Weights:
    """Logistic regression on the differences of each pair, beside what `active` says of each part.

    The present weights enter as outcomes that nobody had: for each part, a pair that differs in it
    alone, decided with the odds that they give it. A part with a negative coefficient is left out.
    """
    steps = figures[preferences.better] - figures[preferences.worse]
    shares = preferences.weights
    sizes = np.maximum(np.sqrt(np.average(steps**2, axis=0, weights=shares)), _LEAST_STEP)
    present = np.array([*(getattr(active, name) for name in _PARTS), 1.0])
    odds = 1 / (1 + np.exp(-STEEPNESS * present * sizes))
    prior = np.diag(sizes)
    rows = np.concatenate([steps, -steps, prior, prior])
    preferred = np.concatenate(
        [
            np.ones(len(steps)),
            np.zeros(len(steps)),
            np.ones(len(prior)),
            np.zeros(len(prior)),
        ]
    )
    counts = np.concatenate(
        [shares / 2, shares / 2, PRIOR_OUTCOMES * odds, PRIOR_OUTCOMES * (1 - odds)]
    )
    coefficients = _fit_not_negative(rows, preferred, counts)[: len(_PARTS)]
    total = coefficients.sum()
    found = np.round(coefficients / total, _DECIMALS) if total > 0 else coefficients
    if found[:3].sum() <= 0:
        # Words alone say nothing across languages: so one-sided an outcome teaches nothing.
        return replace(active, version=version)
    found[np.argmax(found)] += 1 - found.sum()
    whole, late, back, words = (round(share, _DECIMALS) for share in found.tolist())
    return replace(active, version=version, whole=whole, late=late, back=back, words=words)


def _fit_not_negative(rows: Figures, preferred: Figures, counts: Figures) -> Figures:
    """(k,) coefficients of which those of the parts are not negative."""
    used = np.ones(rows.shape[1], dtype=np.bool_)
    # In units of their own size, so that the solver sees no direction that is almost flat.
    sizes = np.sqrt(np.average(rows**2, axis=0, weights=counts))
    while True:
        model = LogisticRegression(C=np.inf, fit_intercept=False, solver="newton-cholesky")
        model.fit(rows[:, used] / sizes[used], preferred, sample_weight=counts)
        found = np.zeros(rows.shape[1])
        found[used] = model.coef_[0] / sizes[used]
        lowest = int(np.argmin(found[: len(_PARTS)]))
        if found[lowest] >= 0:
            return found
        used[lowest] = False


def _find_kept(
    shown: Shown, preferences: Preferences, weights: Weights, calibration: Calibration
) -> Figures:
    """(m,) 1 where the scores order a pair as it was preferred, ½ where they are equal, else 0."""
    scores = score_shown(shown, weights, calibration)
    lead = scores[preferences.better] - scores[preferences.worse]
    return (np.sign(np.round(lead, 9)) + 1) / 2


def _measure_quality(preferences: Preferences, kept: Figures, kept_before: Figures) -> Quality:
    """Shares of the preferences kept, each startup counting once."""
    gain = measure_gain(preferences.askers, preferences.weights, kept, kept_before)
    return Quality(*gain, preferences=len(preferences.weights))
