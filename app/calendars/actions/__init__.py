"""What people do with their time: hours and exceptions, calendars here and elsewhere."""

from app.calendars.actions.availability import add_exception, remove_exception, set_availability
from app.calendars.actions.connections import (
    add_source,
    remove_source,
    renew_feed,
    revoke_feed,
)

__all__ = [
    "add_exception",
    "add_source",
    "remove_exception",
    "remove_source",
    "renew_feed",
    "revoke_feed",
    "set_availability",
]
