"""HTTP in, page or redirect out: mandates, what stands open, the board of a fund."""

from app.funds.views import funds, mandates, openings
from app.funds.views.room import blueprint

__all__ = ["blueprint", "funds", "mandates", "openings"]
