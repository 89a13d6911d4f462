"""The one place that reads the clock. Actions are told the time; entry points ask here."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present time, aware, in UTC."""
    return datetime.now(UTC)
