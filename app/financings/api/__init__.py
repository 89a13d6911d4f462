"""What programs do with financings: all that pages do, but what asks for the password."""

from app.financings.api import commitments, financings
from app.financings.api.room import blueprint

__all__ = ["blueprint", "commitments", "financings"]
