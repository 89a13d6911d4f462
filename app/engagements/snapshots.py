"""The startup's profile as the provider last had it before it, for what changed since."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy.orm import Session

from models.engagements import Engagement
from models.organisations import Startup
from models.workspace import ProfileSnapshot

# What of the profile a provider reads once it has accepted.
COLUMNS: Final = (
    "one_line",
    "description",
    "fields",
    "topics",
    "ladder",
    "funding_stage",
    "readiness",
    "gate",
    "place_code",
    "languages",
    "website",
)


def remember_profile(session: Session, *, engagement: Engagement, at: datetime) -> None:
    """The profile of the engagement's startup as it is now is the one that others are compared to.

    The caller holds the lock of the engagement.
    """
    kept = session.get(ProfileSnapshot, engagement.id)
    columns = read_columns(engagement.startup)
    if kept is None:
        session.add(
            ProfileSnapshot(engagement_id=engagement.id, taken_at=at, columns=dict(columns))
        )
    else:
        kept.taken_at, kept.columns = at, dict(columns)
    session.flush()


def read_columns(startup: Startup) -> Mapping[str, Any]:
    """The columns that are compared, as JSON has them."""
    return {name: _simplify(getattr(startup, name)) for name in COLUMNS}


def _simplify(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, list | tuple):
        return [_simplify(each) for each in value]
    return value
