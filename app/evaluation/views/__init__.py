"""HTTP in, page or redirect out: feedback at the end, the fit, evaluations, objections."""

from app.evaluation.views import ending, figures
from app.evaluation.views.room import blueprint

__all__ = ["blueprint", "ending", "figures"]
