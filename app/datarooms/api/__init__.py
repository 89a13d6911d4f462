"""What programs do with data rooms: all that pages do, but accepting an agreement."""

from app.datarooms.api import keeping, visiting
from app.datarooms.api.room import blueprint

__all__ = ["blueprint", "keeping", "visiting"]
