"""What programs do with engagements, their sessions and feedback."""

from app.engagements.api import before_asking, engagements, questions, sessions, times
from app.engagements.api.room import blueprint

__all__ = ["before_asking", "blueprint", "engagements", "questions", "sessions", "times"]
