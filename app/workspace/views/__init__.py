"""HTTP in, page or redirect out: the workspace, its story, minutes."""

from app.workspace.views import keeping, pages
from app.workspace.views.room import blueprint

__all__ = ["blueprint", "keeping", "pages"]
