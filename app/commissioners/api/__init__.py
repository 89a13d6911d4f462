"""What programs do with commissioners, companies in care and cases."""

from app.commissioners.api import cares, cases, commissioners
from app.commissioners.api.room import blueprint

__all__ = ["blueprint", "cares", "cases", "commissioners"]
