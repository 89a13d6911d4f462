"""What waits in this room: steps of orders, and slots that no longer fit."""

from typing import Final

from app.verification.queries import instruments, orders

WAITING: Final = (*orders.WAITING, *instruments.WAITING)
