"""What programs do with schemes and vouchers."""

from app.vouchers.api import purse, schemes, vouchers
from app.vouchers.api.room import blueprint

__all__ = ["blueprint", "purse", "schemes", "vouchers"]
