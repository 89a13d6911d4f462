"""Outcomes as they would come from founders who go by weights that we know."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matching.learning.fitting import score_shown
from matching.learning.preferences import Figures, Grade, Indices, Shown, expect_attention
from matching.ranking.calibration import Calibration, Scale
from matching.ranking.weights import SHIPPED, Weights

PLACES = 10

# Words that stand in for those of another language follow the meaning, as on a background.
CALIBRATION = Calibration(
    scale=Scale(0.0, 1.0),
    words_from=0.3,
    words_slope=0.8,
    evidence=0.0,
    weak_evidence=0.0,
    evidence_words=0.0,
    possible=0.0,
    strong=0.0,
    possible_across=0.0,
    fits=0.0,
    strong_across=0.0,
    unrelated={},
    trades={},
)

# Founders who care for the whole, and hardly for words: far from what is shipped.
OTHERS = replace(SHIPPED, version="others", whole=0.7, late=0.15, back=0.1, words=0.05)


def make_shown(
    askers: int,
    *,
    truth: Weights = OTHERS,
    active: Weights = SHIPPED,
    seed: int = 1,
    lists_each: int = 2,
    sharpness: float = 25.0,
    look: Callable[[Indices], Figures] = expect_attention,
) -> Shown:
    """Lists of ten, ranked by `active`, of which founders who go by `truth` ask one or two.

    They look at each place with the chance that `look` gives it: where not said otherwise, what
    learning assumes. Who is asked accepts or declines by the same `truth`.
    """
    generator = np.random.default_rng(seed)
    lists = askers * lists_each
    count = lists * PLACES
    topic = generator.normal(0.45, 0.12, count)
    parts = {
        name: np.clip(topic + generator.normal(0, 0.12, count), 0, 1)
        for name in ("whole", "late", "back", "words")
    }
    one_language = generator.random(count) < 0.8
    parts["words"] = np.where(one_language, parts["words"], 0.0)
    shown = Shown(
        lists=np.repeat(np.arange(lists), PLACES),
        askers=np.repeat(np.arange(lists) // lists_each, PLACES),
        places=np.tile(np.arange(1, PLACES + 1), lists),
        propensities=np.ones(count),
        scores=np.zeros(count),
        least=np.full(count, Grade.REFUSED, dtype=np.int64),
        most=np.full(count, Grade.LEFT, dtype=np.int64),
        one_language=one_language,
        rest=-generator.choice([0.0, 0.05, 0.1], count, p=[0.6, 0.2, 0.2]),
        **parts,
    )
    scores = score_shown(shown, active, CALIBRATION)
    order = np.lexsort((-scores, shown.lists))
    names = ("whole", "late", "back", "words", "one_language", "rest")
    shown = replace(shown, **{name: getattr(shown, name)[order] for name in names})
    shown = replace(shown, scores=scores[order])
    wanted = score_shown(shown, truth, CALIBRATION)
    looked = generator.random(count) < look(shown.places)
    bar = np.quantile(wanted, 0.8)
    asked = looked & (generator.random(count) < 1 / (1 + np.exp(-sharpness * (wanted - bar))))
    accepted = generator.random(count) < 1 / (1 + np.exp(-sharpness * (wanted - bar)))
    outcome = np.where(accepted, Grade.ACCEPTED, Grade.REFUSED)
    return replace(
        shown,
        least=np.where(asked, outcome, shown.least),
        most=np.where(asked, outcome, shown.most),
    )
