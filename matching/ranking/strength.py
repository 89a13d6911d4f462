"""How strong a match is: its relevance against what both sides reach with unrelated texts."""

from collections.abc import Sequence
from typing import NamedTuple

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
    fall_behind_trades,
    judge_pairs,
    measure_parts,
)
from matching.ranking.folding import Exact, NeedVectors, fold, measure_cosines
from matching.ranking.relevance import Compared, flag_answers
from matching.ranking.weights import STRENGTH
from matching.text.words import LANGUAGES

Figures = NDArray[np.float64]


class Wished(NamedTuple):
    """n candidates and one wish of a need: what was compared, (n,) who may answer it, and (n,)
    who is of the kind that is asked for."""

    compared: Compared
    may_answer: NDArray[np.bool_]
    is_asked: NDArray[np.bool_]


class Named(NamedTuple):
    """Of n matches the strength, (n,) the figure by which it was judged, (n,) the wish answered."""

    names: list[str]
    figures: Figures
    answered: NDArray[np.int64]


def name_strengths(
    needs: Sequence[NeedVectors],
    need_language: str,
    wholes: Exact,
    sentences: Exact,
    counts: NDArray[np.int64],
    worths: Figures,
    languages: NDArray[np.str_],
    wishes: Sequence[Wished],
    kinds: NDArray[np.str_],
    background: Background,
    calibration: Calibration,
) -> Named:
    """The strength of each of n matches, from itself, the need, the background and its best rival.

    `needs` are the vectors of each wish, and `wishes` what was compared by it. `wholes` is (n, d);
    `sentences` is (m, d), those of the first provider first, and `worths` (m,) what each counts;
    `counts`, `languages` and `kinds` are (n,). Each wish has a list of its own, in which rivals are
    those of one kind; who is not asked for has all of them for rivals. Of several wishes, that
    counts for each provider in whose list he stands best. Who is less near than another trade that
    is in no list loses as much as behind a rival. Nobody is strong without two sentences
    that are nearer than unrelated ones.
    """
    count = len(counts)
    names, figures = [WEAK] * count, np.zeros(count)
    if not names:
        return Named(names, figures, np.zeros(0, dtype=np.int64))
    of_providers = _measure_providers(
        wholes, sentences, counts, worths, need_language, background, calibration
    )
    of_needs = [_measure_need(need, background.profiles.vectors, calibration) for need in needs]
    may = flag_answers([wished.may_answer for wished in wishes])
    fallen, most = np.empty((len(wishes), count)), np.empty((len(wishes), count))
    for number, (of_need, wished) in enumerate(zip(of_needs, wishes, strict=True)):
        relevance = weigh_for_strength(wished.compared, wished.is_asked)
        for language in set(languages.tolist()):
            chosen = np.flatnonzero(languages == language)
            own = background.profiles.languages == language
            figures[chosen] = judge_pairs(
                relevance[chosen],
                of_need[own].mean(),
                of_providers[chosen],
                calibration.unrelated[need_language, language],
                weights=STRENGTH,
            )
        most[number] = _find_best(figures, kinds, may[number], wished.is_asked)
        fallen[number] = fall_behind(figures, most[number]) - fall_behind_trades(
            figures,
            _judge_nearest_trade(needs[number], of_need, need_language, background, calibration),
        )
    answered = np.where(may, fallen, -np.inf).argmax(axis=0)
    each = np.arange(count)
    figures, best = fallen[answered, each], most[answered, each]
    nearest = np.stack([wished.compared.nearest for wished in wishes])[answered, each]
    judged = zip(figures.tolist(), best.tolist(), languages.tolist(), strict=True)
    for at, (figure, highest, language) in enumerate(judged):
        name = calibration.name_strength(figure, highest, across=language != need_language)
        has_proof = nearest[at] >= calibration.evidence
        names[at] = name if name != STRONG or has_proof else POSSIBLE
    return Named(names, figures, answered)


def weigh_for_strength(compared: Compared, is_asked: NDArray[np.bool_]) -> Figures:
    """(n,) the relevance by which strength is judged: by shares of its own."""
    parts = compared.parts
    meaning = blend_meaning(MeaningParts(parts["whole"], parts["late"], parts["back"]), STRENGTH)
    relevance = (1 - STRENGTH.words) * meaning + STRENGTH.words * parts["words"]
    relevance = relevance - STRENGTH.refused * parts["refused"]
    relevance = relevance + STRENGTH.figures * (parts["figures_met"] - parts["figures_missed"])
    relevance = relevance + STRENGTH.taken * parts["taken"]
    weighed: Figures = relevance - STRENGTH.asked * np.logical_not(is_asked)
    return weighed


def _find_best(
    figures: Figures,
    kinds: NDArray[np.str_],
    may_answer: NDArray[np.bool_],
    is_asked: NDArray[np.bool_],
) -> Figures:
    """(n,) the best figure among the rivals of each for one wish, oneself among them."""
    rivals = np.where(may_answer, figures, -np.inf)
    best = np.maximum(figures, rivals.max())
    for kind in set(kinds.tolist()):
        own = kinds == kind
        best[own & is_asked] = np.maximum(figures, rivals[own].max())[own & is_asked]
    found: Figures = best
    return found


def _measure_need(
    need: NeedVectors, profiles: NDArray[np.float32], calibration: Calibration
) -> Figures:
    """(n,) the meaning of this need with (n, d) profiles of one sentence each."""
    single = np.ones(len(profiles), dtype=np.int64)
    folded = fold(need, profiles, profiles, single, floor=calibration.scale.low)
    return blend_meaning(measure_parts(folded, calibration.scale), STRENGTH)


def _judge_nearest_trade(
    need: NeedVectors,
    of_need: Figures,
    need_language: str,
    background: Background,
    calibration: Calibration,
) -> float:
    """What the nearest of the other trades is judged, by meaning alone.

    `of_need` is what the need reaches with each background profile.
    """
    trades, nearest = background.trades, -np.inf
    meaning = _measure_need(need, trades.vectors, calibration)
    for language in LANGUAGES:
        own = trades.languages == language
        judged = judge_pairs(
            (1 - STRENGTH.words) * meaning[own],
            float(of_need[background.profiles.languages == language].mean()),
            calibration.trades[need_language][own],
            calibration.unrelated[need_language, language],
            weights=STRENGTH,
        )
        nearest = max(nearest, float(judged.max()))
    return nearest


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
