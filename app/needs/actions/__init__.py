"""What can be done with a need: state and change it, and say how it is meant to be read."""

from app.needs.actions.proposing import answer_proposal
from app.needs.actions.reading import correct_reading
from app.needs.actions.stating import (
    LEAST_CHARACTERS,
    StatedCondition,
    StatedNeed,
    close_need,
    edit_need,
    open_need,
    says_enough,
    soften_conditions,
    state_need,
)

__all__ = [
    "LEAST_CHARACTERS",
    "StatedCondition",
    "StatedNeed",
    "answer_proposal",
    "close_need",
    "correct_reading",
    "edit_need",
    "open_need",
    "says_enough",
    "soften_conditions",
    "state_need",
]
