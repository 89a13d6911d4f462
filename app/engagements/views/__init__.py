"""HTTP in, page or redirect out: requests, engagements, sessions, feedback, calendar."""

from app.engagements.views import engagements, questions, request_rules, sessions
from app.engagements.views.room import blueprint

__all__ = ["blueprint", "engagements", "questions", "request_rules", "sessions"]
