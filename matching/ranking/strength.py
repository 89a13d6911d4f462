"""How strong a match is: its relevance against what both sides reach with unrelated texts."""

import numpy as np
from numpy.typing import NDArray

from matching.background import Background
from matching.ranking.calibration import Calibration, Level, judge_pairs, measure_meaning
from matching.ranking.folding import Exact, NeedVectors, fold, measure_cosines
from matching.ranking.weights import Weights

Figures = NDArray[np.float64]


def name_strengths(
    need: NeedVectors,
    need_language: str,
    wholes: Exact,
    sentences: Exact,
    counts: NDArray[np.int64],
    languages: NDArray[np.str_],
    relevance: Figures,
    meaning: Figures,
    background: Background,
    calibration: Calibration,
    weights: Weights,
) -> list[str]:
    """The strength of each of n matches, from itself, the need and the background alone.

    `wholes` is (n, d); `sentences` is (m, d), those of the first provider first; `counts`,
    `languages`, `relevance` and `meaning` are (n,).
    """
    names = [""] * len(counts)
    of_providers = _measure_providers(
        wholes, sentences, counts, need_language, background, calibration, weights
    )
    of_need = _measure_need(need, background, calibration, weights)
    for language in set(languages.tolist()):
        chosen = np.flatnonzero(languages == language)
        own = background.profiles.languages == language
        across = language != need_language
        judged = judge_pairs(
            relevance[chosen],
            meaning[chosen],
            Level(of_need[own].mean(), of_need[own].std()),
            Level(of_providers.mean[chosen], of_providers.deviation[chosen]),
            calibration.unrelated[need_language, language],
            across=across,
            weights=weights,
        )
        for at, figure in zip(chosen.tolist(), judged.tolist(), strict=True):
            names[at] = calibration.name_strength(figure, across=across)
    return names


def _measure_need(
    need: NeedVectors, background: Background, calibration: Calibration, weights: Weights
) -> Figures:
    """The meaning of this need with each background profile."""
    profiles = background.profiles.vectors
    single = np.ones(len(profiles), dtype=np.int64)
    folded = fold(need, profiles, profiles, single)
    return measure_meaning(folded, calibration.scale, weights)


def _measure_providers(
    wholes: Exact,
    sentences: Exact,
    counts: NDArray[np.int64],
    language: str,
    background: Background,
    calibration: Calibration,
    weights: Weights,
) -> Level:
    """What n providers reach by meaning with the background needs of one language, (n,) each.

    A background need is one sentence, so that it can be folded with all of them at once.
    """
    scale = calibration.scale
    needs = background.needs.vectors[background.needs.languages == language]
    cosines = measure_cosines(sentences, needs)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    whole = scale.apply(measure_cosines(wholes, needs))
    late = scale.apply(np.maximum.reduceat(cosines, starts, axis=0))
    back = scale.apply(np.add.reduceat(cosines, starts, axis=0) / counts[:, np.newaxis])
    blend = weights.whole * whole + weights.late * late + weights.back * back
    meaning = blend / (weights.whole + weights.late + weights.back)
    return Level(meaning.mean(axis=1), meaning.std(axis=1))
