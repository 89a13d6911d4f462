"""What programs do with the profiles of startups and providers."""

from app.profiles.api import provider_changes, providers, startups
from app.profiles.api.room import blueprint

__all__ = ["blueprint", "provider_changes", "providers", "startups"]
