"""What programs do with the workspace of an engagement."""

from app.workspace.api import reading, writing
from app.workspace.api.room import blueprint

__all__ = ["blueprint", "reading", "writing"]
