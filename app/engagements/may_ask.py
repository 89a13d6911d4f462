"""What has to hold before a startup asks a provider, or waits for a place with it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.engagements.errors import TooManyOpenRequests
from app.engagements.queueing import count_open_places
from app.transactions import hold
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_OPEN
from models.needs import Need
from models.organisations import Startup
from models.pools import PoolEntry
from models.providers import Provider
from models.queues import QueuePlace
from models.vocabulary import ProviderKind


def is_available(session: Session, provider: Provider, startup: Startup) -> bool:
    """Whether `startup` may ask `provider`: published, and as a mentor open to all or admitted.

    Admitted means: to the pool of the startup's incubator.
    """
    if provider.state != "published":
        return False
    if provider.kind is not ProviderKind.MENTOR or provider.open_to_all:
        return True
    if startup.incubator_id is None:
        return False
    entry = select(PoolEntry.id).where(
        PoolEntry.provider_id == provider.id,
        PoolEntry.incubator_id == startup.incubator_id,
        PoolEntry.state == "admitted",
    )
    return session.scalar(entry) is not None


def require_few_open(
    session: Session, startup: Startup, limit: int, *, apart_from: QueuePlace | None = None
) -> None:
    """Raise TooManyOpenRequests: requests count, and queues but for the place `apart_from`.

    The startup's row is locked: of two requests one counts both.
    """
    hold(session, startup)
    waiting = session.scalar(
        select(func.count()).where(
            Engagement.startup_id == startup.id, Engagement.state == "requested"
        )
    )
    queued = count_open_places(session, startup, apart_from=apart_from)
    if (waiting or 0) + queued >= limit:
        raise TooManyOpenRequests(limit=limit)


def has_open(session: Session, need: Need, provider: Provider) -> bool:
    """Whether an engagement for this need and provider is still open."""
    same = select(Engagement.id).where(
        Engagement.need_id == need.id,
        Engagement.provider_id == provider.id,
        Engagement.state.in_(ENGAGEMENT_OPEN),
    )
    return session.scalar(same) is not None
