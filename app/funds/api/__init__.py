"""What programs do with mandates and with what they say of needs."""

from app.funds.api import comparing, deals, mandates
from app.funds.api.room import blueprint

__all__ = ["blueprint", "comparing", "deals", "mandates"]
