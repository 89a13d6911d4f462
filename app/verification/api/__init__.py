"""What programs do with claims, orders, results and reports."""

from app.verification.api import bench, claims, orders, reports
from app.verification.api.room import blueprint

__all__ = ["bench", "blueprint", "claims", "orders", "reports"]
