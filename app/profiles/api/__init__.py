"""What programs do with the profiles of startups and providers."""

from app.profiles.api import further, people, provider_changes, providers, readings, startups
from app.profiles.api.room import blueprint

__all__ = [
    "blueprint",
    "further",
    "people",
    "provider_changes",
    "providers",
    "readings",
    "startups",
]
