"""How features become one score: a versioned record, shipped here and learned elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf

SOFT_AMOUNTS: Mapping[str, float] = {
    "fields": 0.10,
    "place": 0.05,
    "languages": 0.10,
    "funding_stage": 0.10,
    "amount": 0.10,
    "instruments": 0.05,
    "gate": 0.10,
    "lead_time": 0.05,
    "price": 0.05,
    "voucher": 0.05,
    "hours": 0.05,
    "seat": 0.05,
}


@dataclass(frozen=True, slots=True)
class Weights:
    """The constants of the ranking.

    Relevance = `whole` · (whole text against whole text) + `late` · (each passage of the need
    against its best passage of the provider, averaged) + `back` · (each passage of the provider
    against its best passage of the need, averaged) + `words` · (share of the need's words,
    weighted by rarity), where the four add up to 1. The score is the relevance less the
    `soft` amount of each unmet soft condition, less `load` · (share of the capacity in use)², less
    `exposure` · (recent attention, as a share of the highest level), less `silence` · (share of
    the recent requests that expired unanswered), plus `record` · (record - ½), and less `duplicate`
    for each near-duplicate ranked before. Who is nearer to what is refused than to what is wanted
    loses `refused` · the difference, and who is not of the kind that is asked for loses `asked`.
    Who takes what a need offers gains `taken`.
    Figures with units that meet the need's add `figures` · how far, those that contradict take it.

    Of every list, `newcomer_share` of the places, rounded down, is kept for newcomers whose score
    is at most `newcomer_margin` below the last one shown. Neighbours less than `chance` apart
    may change places where a query brings a seed.

    Raises ValueError when the four parts of relevance do not add up to 1, a value is negative or
    not finite, or the share of newcomers is above 1.
    """

    version: str
    whole: float
    late: float
    back: float
    words: float
    load: float
    record: float
    duplicate: float
    exposure: float
    silence: float
    newcomer_share: float
    newcomer_margin: float
    chance: float
    refused: float
    asked: float
    figures: float
    taken: float
    soft: Mapping[str, float] = field(default_factory=lambda: dict(SOFT_AMOUNTS))

    def __post_init__(self) -> None:
        parts = (self.whole, self.late, self.back, self.words)
        amounts = (
            self.load,
            self.record,
            self.duplicate,
            self.exposure,
            self.silence,
            self.newcomer_share,
            self.newcomer_margin,
            self.chance,
            self.refused,
            self.asked,
            self.figures,
            self.taken,
            *self.soft.values(),
        )
        if not all(0 <= amount < inf for amount in (*parts, *amounts)):
            raise ValueError("weights can be neither negative nor endless, and must be numbers")
        if self.newcomer_share > 1:
            raise ValueError(f"newcomers cannot have {self.newcomer_share} of all places")
        if abs(sum(parts) - 1) > 1e-9:
            raise ValueError(f"whole, late, back and words add up to {sum(parts)}, not to 1")


SHIPPED = Weights(
    version="shipped-6",
    whole=0.25,
    late=0.25,
    back=0.17,
    words=0.33,
    load=0.01,
    record=0.02,
    duplicate=0.03,
    exposure=0.085,
    silence=0.10,
    newcomer_share=0.1,
    newcomer_margin=0.04,
    chance=0.0025,
    refused=0.2,
    asked=0.02,
    figures=0.05,
    taken=0.3,
)

# What decides how strong a match is: much of the whole, because one sentence is soon alike.
# docs/matching.md has the measurement.
STRENGTH = replace(
    SHIPPED, version="strength-5", whole=0.50, late=0.19, back=0.12, words=0.19, asked=0.10
)

# For whoever wants no list that rests on what came of earlier matches: what was learned from them
# is left out with what they left behind of each provider.
WITHOUT_HISTORY = replace(
    SHIPPED,
    version=f"{SHIPPED.version}-without-history",
    record=0.0,
    exposure=0.0,
    silence=0.0,
    newcomer_share=0.0,
)

# What is not asked of a provider then, and stands in the features in its place.
UNKNOWN_HISTORY: Mapping[str, float] = {"record": 0.5, "exposure": 0.0, "silence": 0.0}
