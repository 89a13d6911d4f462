"""HTTP in, page or redirect out: incubators, pools, hosted startups."""

from app.pools.views import incubators, pool, terms
from app.pools.views.room import blueprint

__all__ = ["blueprint", "incubators", "pool", "terms"]
