"""Pages of commissioners: one's own, an incubator's, companies in care, cases."""

from app.commissioners.views import cares, cases, commissioners, desk
from app.commissioners.views.room import blueprint

__all__ = ["blueprint", "cares", "cases", "commissioners", "desk"]
