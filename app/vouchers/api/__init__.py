"""What programs do with schemes and vouchers."""

from app.vouchers.api import cheapest, purse, schemes, vouchers
from app.vouchers.api.room import blueprint

__all__ = ["blueprint", "cheapest", "purse", "schemes", "vouchers"]
