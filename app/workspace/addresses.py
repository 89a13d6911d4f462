"""The addresses on this site to which this room's notices and mails lead."""

from models.engagements import CoachingSession, Engagement


def address_of_workspace(engagement: Engagement) -> str:
    """The page on which the two sides work together."""
    return f"/engagements/{engagement.public_id}/workspace"


def address_of_minutes(coaching_session: CoachingSession) -> str:
    """The same, where the minutes of this session stand on it."""
    workspace = address_of_workspace(coaching_session.engagement)
    return f"{workspace}#minutes-{coaching_session.public_id}"
