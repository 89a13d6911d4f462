"""The one place that reads the clock. Actions are told the time; entry points ask here."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

CHINA: Final = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present time, aware, in UTC."""
    return datetime.now(UTC)


def today(at: datetime) -> date:
    """The day that it is in China at `at`: days that people name begin and end there."""
    return at.astimezone(CHINA).date()
