"""What programs do with incubators and their mentor pools."""

from app.pools.api import entries, incubators, people, terms
from app.pools.api.room import blueprint

__all__ = ["blueprint", "entries", "incubators", "people", "terms"]
