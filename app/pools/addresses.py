"""The addresses on this site to which this room's notices and mails lead."""

from models.pools import PoolEntry


def address_of_entry(entry: PoolEntry) -> str:
    """The page of a mentor's standing in a pool."""
    return f"/pool-entries/{entry.public_id}"
