"""The rankers of one engine: the usual one, and the one that knows nothing of earlier matches."""

from dataclasses import replace

from matching.background import Background
from matching.ranking.calibration import calibrate
from matching.ranking.ranker import Ranker
from matching.ranking.weights import UNKNOWN_HISTORY, WITHOUT_HISTORY, Weights
from matching.records import MatchResult


class Rankers:
    """Weights and calibration, measured on `background`; both rankers share the calibration.

    `reads_again` says whether the first of each list are read again.
    """

    def __init__(self, background: Background, weights: Weights, *, reads_again: bool) -> None:
        calibration = calibrate(background)
        self.usual = Ranker(background, calibration, weights, reads_again=reads_again)
        self._without = Ranker(background, calibration, WITHOUT_HISTORY, reads_again=reads_again)

    def choose(self, history: bool) -> Ranker:
        """The usual one, or without `history` the other."""
        return self.usual if history else self._without


def forget_history(result: MatchResult) -> MatchResult:
    """`result` without a word of what came of earlier matches of its provider."""
    return replace(
        result,
        features={**result.features, **UNKNOWN_HISTORY},
        against=tuple(each for each in result.against if each.code != "silence"),
    )
