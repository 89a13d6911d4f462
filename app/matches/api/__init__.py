"""What programs do with matches: runs that are stored, and a look ahead that stores nothing."""

from app.matches.api import readings, runs
from app.matches.api.previews import RESULTS_LIMIT
from app.matches.api.previews import blueprint as previews
from app.matches.api.room import blueprint

__all__ = ["RESULTS_LIMIT", "blueprint", "previews", "readings", "runs"]
