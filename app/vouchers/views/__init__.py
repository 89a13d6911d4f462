"""Pages of vouchers: purse, choice at the order, desk, schemes, the cheapest proof."""

from app.vouchers.views import cheapest, desk, purse, schemes, vouchers
from app.vouchers.views.room import blueprint

__all__ = ["blueprint", "cheapest", "desk", "purse", "schemes", "vouchers"]
