"""What programs ask about themselves, and whom they invite."""

from app.accounts.api.me import blueprint
from app.accounts.api.people import blueprint as people

__all__ = ["blueprint", "people"]
