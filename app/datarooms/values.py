"""What an investor is let in to, as typed values."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from app.datarooms.standing import MOST_DAYS_AHEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantValues:
    """Documents by the public ids of their items, and folders by name; who may download may read.

    `until` is the last day, None for no end.
    """

    read_items: frozenset[str] = field(default_factory=frozenset)
    read_folders: frozenset[str] = field(default_factory=frozenset)
    download_items: frozenset[str] = field(default_factory=frozenset)
    download_folders: frozenset[str] = field(default_factory=frozenset)
    until: date | None = None

    def is_possible(self, on: date) -> bool:
        """Whether somebody can be let in so on the day `on`."""
        chosen = self.read_items | self.read_folders | self.download_items | self.download_folders
        return bool(chosen) and (
            self.until is None or on <= self.until <= on + timedelta(days=MOST_DAYS_AHEAD)
        )
