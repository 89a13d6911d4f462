"""HTTP in, page or redirect out: mandates, what stands open, the board of a fund."""

from app.funds.views import deals, funds, mandates, openings
from app.funds.views.room import blueprint

__all__ = ["blueprint", "deals", "funds", "mandates", "openings"]
