"""What programs do with engagements, their sessions and feedback."""

from app.engagements.api import (
    before_asking,
    booking,
    contradictions,
    dual_mentoring,
    engagements,
    missed_times,
    passing,
    questions,
    queue,
    sessions,
    times,
)
from app.engagements.api.room import blueprint

__all__ = [
    "before_asking",
    "blueprint",
    "booking",
    "contradictions",
    "dual_mentoring",
    "engagements",
    "missed_times",
    "passing",
    "questions",
    "queue",
    "sessions",
    "times",
]
