"""HTTP in, page, file or redirect out: data rooms."""

from app.datarooms.views import keeping, questioning, visiting
from app.datarooms.views.room import blueprint

__all__ = ["blueprint", "keeping", "questioning", "visiting"]
