"""What programs do with claims, orders, results and reports."""

from app.verification.api import bench, claims, instruments, orders, reports, slots
from app.verification.api.room import blueprint

__all__ = ["bench", "blueprint", "claims", "instruments", "orders", "reports", "slots"]
