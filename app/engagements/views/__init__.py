"""HTTP in, page or redirect out: requests, engagements, sessions, feedback."""

from app.engagements.views import (
    attendees,
    booking,
    contradictions,
    dual_mentoring,
    engagements,
    missed_times,
    offering,
    passing,
    questions,
    queue,
    request_rules,
    sessions,
)
from app.engagements.views.room import blueprint

__all__ = [
    "attendees",
    "blueprint",
    "booking",
    "contradictions",
    "dual_mentoring",
    "engagements",
    "missed_times",
    "offering",
    "passing",
    "questions",
    "queue",
    "request_rules",
    "sessions",
]
