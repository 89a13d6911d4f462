"""The pages of files that are brought in: choosing one, its rows, its columns."""

from app.imports.views import assigning, files, rows
from app.imports.views.room import blueprint

__all__ = ["assigning", "blueprint", "files", "rows"]
