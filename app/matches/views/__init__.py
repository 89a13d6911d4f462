"""HTTP in, page or redirect out: a need with its matches, and how it was read."""

from app.matches.views import matches, readings
from app.matches.views.room import blueprint

__all__ = ["blueprint", "matches", "readings"]
