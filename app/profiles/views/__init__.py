"""HTTP in, page or redirect out: profiles of startups and providers, and who acts for them."""

from app.profiles.views import colleagues, further, providers, readings, startups
from app.profiles.views.room import blueprint

__all__ = ["blueprint", "colleagues", "further", "providers", "readings", "startups"]
