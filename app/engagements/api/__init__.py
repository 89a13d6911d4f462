"""What programs do with engagements, their sessions and feedback."""

from app.engagements.api import engagements, sessions, times
from app.engagements.api.room import blueprint

__all__ = ["blueprint", "engagements", "sessions", "times"]
