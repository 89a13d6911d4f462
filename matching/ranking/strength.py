"""How strong a match is: its relevance against what both sides reach with unrelated texts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.background import Background
from matching.ranking.calibration import (
    POSSIBLE,
    STRONG,
    WEAK,
    Calibration,
    MeaningParts,
    blend_meaning,
    fall_behind,
    judge_pairs,
    measure_parts,
)
from matching.ranking.folding import Exact, NeedVectors, fold, measure_cosines
from matching.ranking.relevance import Compared
from matching.ranking.weights import STRENGTH

Figures = NDArray[np.float64]


def name_strengths(
    needs: Sequence[NeedVectors],
    need_language: str,
    wholes: Exact,
    sentences: Exact,
    counts: NDArray[np.int64],
    worths: Figures,
    languages: NDArray[np.str_],
    compared: Compared,
    kinds: NDArray[np.str_],
    is_asked: NDArray[np.bool_],
    background: Background,
    calibration: Calibration,
) -> tuple[list[str], Figures]:
    """The strength of each of n matches, from itself, the need, the background and its best rival.

    With it the (n,) figures by which they were judged.

    `wholes` is (n, d); `sentences` is (m, d), those of the first provider first, and `worths` (m,)
    what each counts; `counts`, `languages`, `kinds` and `is_asked`, whether somebody is of the kind
    that is asked for, are (n,), and so is all that was `compared`. Rivals are those of one kind;
    who is not asked for has all of them for rivals. Nobody is strong without two sentences
    that are nearer than unrelated ones.
    """
    names, figures = [WEAK] * len(counts), np.zeros(len(counts))
    if not names:
        return names, figures
    of_providers = _measure_providers(
        wholes, sentences, counts, worths, need_language, background, calibration
    )
    of_needs = [_measure_need(need, background, calibration) for need in needs]
    relevance = weigh_for_strength(compared, is_asked)
    for language in set(languages.tolist()):
        chosen = np.flatnonzero(languages == language)
        own = background.profiles.languages == language
        figures[chosen] = judge_pairs(
            relevance[chosen],
            np.array([of_need[own].mean() for of_need in of_needs])[compared.reading[chosen]],
            of_providers[chosen],
            calibration.unrelated[need_language, language],
            weights=STRENGTH,
        )
    best = _find_best(figures, kinds, is_asked, compared.reading)
    figures = fall_behind(figures, best)
    judged = zip(figures.tolist(), best.tolist(), languages.tolist(), strict=True)
    for at, (figure, most, language) in enumerate(judged):
        name = calibration.name_strength(figure, most, across=language != need_language)
        has_proof = compared.nearest[at] >= calibration.evidence
        names[at] = name if name != STRONG or has_proof else POSSIBLE
    return names, figures


def weigh_for_strength(compared: Compared, is_asked: NDArray[np.bool_]) -> Figures:
    """(n,) the relevance by which strength is judged: by shares of its own."""
    parts = compared.parts
    meaning = blend_meaning(MeaningParts(parts["whole"], parts["late"], parts["back"]), STRENGTH)
    relevance = (1 - STRENGTH.words) * meaning + STRENGTH.words * parts["words"]
    relevance = relevance - STRENGTH.refused * parts["refused"]
    relevance = relevance + STRENGTH.figures * (parts["figures_met"] - parts["figures_missed"])
    weighed: Figures = relevance - STRENGTH.asked * np.logical_not(is_asked)
    return weighed


def _find_best(
    figures: Figures,
    kinds: NDArray[np.str_],
    is_asked: NDArray[np.bool_],
    reading: NDArray[np.int64],
) -> Figures:
    """(n,) the best figure among the rivals of each."""
    best = np.full(len(figures), figures.max())
    for kind, number in set(zip(kinds.tolist(), reading.tolist(), strict=True)):
        own = (kinds == kind) & (reading == number)
        best[own & is_asked] = figures[own].max()
    return best


def _measure_need(need: NeedVectors, background: Background, calibration: Calibration) -> Figures:
    """The meaning of this need with each background profile."""
    profiles = background.profiles.vectors
    single = np.ones(len(profiles), dtype=np.int64)
    folded = fold(need, profiles, profiles, single, floor=calibration.scale.low)
    return blend_meaning(measure_parts(folded, calibration.scale), STRENGTH)


def _measure_providers(
    wholes: Exact,
    sentences: Exact,
    counts: NDArray[np.int64],
    worths: Figures,
    language: str,
    background: Background,
    calibration: Calibration,
) -> Figures:
    """What n providers reach by meaning with the background needs of one language, (n,) each.

    A background need is one sentence, so that it can be folded with all of them at once.
    """
    scale = calibration.scale
    needs = background.needs.vectors[background.needs.languages == language]
    meanings = scale.apply(measure_cosines(sentences, needs))
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    whole = scale.apply(measure_cosines(wholes, needs))
    late = np.maximum.reduceat(meanings * np.sqrt(worths)[:, np.newaxis], starts, axis=0)
    back = np.add.reduceat(meanings * worths[:, np.newaxis], starts, axis=0)
    back /= np.add.reduceat(worths, starts)[:, np.newaxis]
    means: Figures = blend_meaning(MeaningParts(whole, late, back), STRENGTH).mean(axis=1)
    return means
