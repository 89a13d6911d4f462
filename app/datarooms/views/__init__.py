"""HTTP in, page, file or redirect out: data rooms."""

from app.datarooms.views import keeping, visiting
from app.datarooms.views.room import blueprint

__all__ = ["blueprint", "keeping", "visiting"]
