"""What of a startup a provider may see: nothing before it accepts but what the founder released.

Rules alone: no database. Every page, notice, mail and list of this room asks here.
"""

from app.access import Actor, is_permitted
from models.engagements import Engagement
from models.vocabulary import Release

# Since the provider has accepted, the two sides know each other, also when it is over.
KNOWN_TO_BOTH = ("accepted", "active", "completed", "cancelled")

EVERYTHING = frozenset(Release)


def was_accepted(engagement: Engagement) -> bool:
    """Whether the provider has accepted it, whatever has become of it since."""
    return engagement.state in KNOWN_TO_BOTH


def get_disclosed_to_provider(engagement: Engagement) -> frozenset[Release]:
    """What the provider's side may see of the startup's."""
    return EVERYTHING if was_accepted(engagement) else frozenset(engagement.released)


def get_disclosed(engagement: Engagement, viewer: Actor) -> frozenset[Release]:
    """What `viewer`, who may view this engagement, may see of the startup's side.

    The startup itself and the operators of its incubator see everything.
    """
    if is_permitted(viewer, "engagement:view_startup", engagement):
        return EVERYTHING
    return get_disclosed_to_provider(engagement)
