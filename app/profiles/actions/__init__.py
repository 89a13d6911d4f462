"""What changes a profile: startups, and the providers that they can be matched to."""

from app.profiles.actions.further import add_text, take_back_text
from app.profiles.actions.providers import (
    NewProfile,
    create_provider,
    create_providers,
    edit_provider,
    pause_provider,
    publish_provider,
)
from app.profiles.actions.reading import correct_profile_reading
from app.profiles.actions.startups import (
    create_startup,
    edit_startup,
    pause_startup,
    publish_startup,
)

__all__ = [
    "NewProfile",
    "add_text",
    "correct_profile_reading",
    "create_provider",
    "create_providers",
    "create_startup",
    "edit_provider",
    "edit_startup",
    "pause_provider",
    "pause_startup",
    "publish_provider",
    "publish_startup",
    "take_back_text",
]
