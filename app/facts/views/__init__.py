"""HTTP in, page or redirect out: facts of startups and providers."""

from app.facts.views import pages
from app.facts.views.room import blueprint

__all__ = ["blueprint", "pages"]
