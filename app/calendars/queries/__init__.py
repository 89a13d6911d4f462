"""Reads of this room: what a provider said of its time, and which times are free."""

from app.calendars.queries.availability import (
    find_availability,
    find_exception,
    find_host_id,
    list_exceptions,
    list_members,
    read_values,
)
from app.calendars.queries.connections import (
    find_feed,
    find_feed_of,
    find_source,
    list_sources,
)
from app.calendars.queries.free_times import read_diary, read_limits

__all__ = [
    "find_availability",
    "find_exception",
    "find_feed",
    "find_feed_of",
    "find_host_id",
    "find_source",
    "list_exceptions",
    "list_members",
    "list_sources",
    "read_diary",
    "read_limits",
    "read_values",
]
