"""How features become one score: a versioned record, shipped here and learned elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    `soft` amount of each unmet soft condition and less `load` · (share of the capacity in use)²,
    plus `record` · (record - ½), and less `duplicate` for each near-duplicate ranked before.

    Raises ValueError when the four parts of relevance do not add up to 1 or a value is negative.
    """

    version: str
    whole: float
    late: float
    back: float
    words: float
    load: float
    record: float
    duplicate: float
    soft: Mapping[str, float] = field(default_factory=lambda: dict(SOFT_AMOUNTS))

    def __post_init__(self) -> None:
        parts = (self.whole, self.late, self.back, self.words)
        amounts = (self.load, self.record, self.duplicate, *self.soft.values())
        if min(*parts, *amounts) < 0:
            raise ValueError("weights cannot be negative")
        if abs(sum(parts) - 1) > 1e-9:
            raise ValueError(f"whole, late, back and words add up to {sum(parts)}, not to 1")


SHIPPED = Weights(
    version="shipped-1",
    whole=0.13,
    late=0.32,
    back=0.19,
    words=0.36,
    load=0.04,
    record=0.02,
    duplicate=0.03,
)
