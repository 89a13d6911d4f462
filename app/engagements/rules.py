"""Rules about engagements that ask no database."""

from models.engagements import Engagement
from models.vocabulary import ProviderKind


def needs_session(engagement: Engagement) -> bool:
    """Whether it can be completed only after a session was held: coaching is done in sessions."""
    return engagement.provider.kind is ProviderKind.MENTOR
