"""HTTP in, page or redirect out: claims, orders from both sides, a centre's queue."""

from app.verification.views import bench, claims, instruments, orders, quotes, reports, slots
from app.verification.views.room import blueprint

__all__ = ["bench", "blueprint", "claims", "instruments", "orders", "quotes", "reports", "slots"]
