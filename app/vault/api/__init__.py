"""What programs do with documents: list, keep, open, show, report, decide, delete."""

from app.vault.api import deciding, documents
from app.vault.api.room import blueprint

__all__ = ["blueprint", "deciding", "documents"]
