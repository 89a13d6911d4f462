"""What programs do with data rooms: all that pages do, but accepting an agreement."""

from app.datarooms.api import keeping, questioning, visiting
from app.datarooms.api.room import blueprint

__all__ = ["blueprint", "keeping", "questioning", "visiting"]
