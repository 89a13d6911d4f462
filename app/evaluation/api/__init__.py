"""What programs do with feedback at the end, evaluations and objections."""

from app.evaluation.api import operations
from app.evaluation.api.room import blueprint

__all__ = ["blueprint", "operations"]
