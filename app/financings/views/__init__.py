"""HTTP in, page or redirect out: financings for founders, commitments for funds."""

from app.financings.views import commitments, financings
from app.financings.views.room import blueprint

__all__ = ["blueprint", "commitments", "financings"]
