"""What programs do with the profiles of startups and providers."""

from app.profiles.api import people, provider_changes, providers, readings, startups
from app.profiles.api.room import blueprint

__all__ = ["blueprint", "people", "provider_changes", "providers", "readings", "startups"]
