"""The codes of finance commissioners (科技金融特派员)."""

from enum import StrEnum


class CommissionerKind(StrEnum):
    """What the commissioner's institution is."""

    BANK = "bank"
    EQUITY = "equity"
    GUARANTEE = "guarantee"
    INSURANCE = "insurance"
    ADVICE = "advice"


class CaseClosure(StrEnum):
    """Why a case came to nothing: where money stalls."""

    REFUSED = "refused"
    CONDITIONS_NOT_MET = "conditions_not_met"
    TOO_DEAR = "too_dear"
    NOT_NEEDED = "not_needed"
    FOUND_ELSEWHERE = "found_elsewhere"
    CARE_ENDED = "care_ended"
    OTHER = "other"
