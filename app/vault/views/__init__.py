"""HTTP in, page, file or redirect out: documents."""

from app.vault.views import deciding, files, lists, pages
from app.vault.views.room import blueprint

__all__ = ["blueprint", "deciding", "files", "lists", "pages"]
