"""The time after each session of a provider, in which whoever is met is taken as well."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.calendars.local_times import list_quarters
from models.engagements import CoachingSession, Engagement, SessionQuarter
from models.providers import Provider
from models.vocabulary import Side


def take_buffers_anew(session: Session, *, provider: Provider, minutes: int, at: datetime) -> None:
    """After each confirmed session that is not over, the host is taken for `minutes` and no longer.

    What somebody else has of that time stays theirs. The caller holds the lock of the provider.
    """
    ahead = session.scalars(
        select(CoachingSession)
        .join(Engagement, Engagement.id == CoachingSession.engagement_id)
        .where(
            Engagement.provider_id == provider.id,
            CoachingSession.state == "confirmed",
            CoachingSession.ends_at > at,
        )
        .order_by(CoachingSession.starts_at, CoachingSession.id)
    ).all()
    for each in ahead:
        session.execute(
            delete(SessionQuarter).where(
                SessionQuarter.coaching_session_id == each.id,
                SessionQuarter.quarter_at >= each.ends_at,
            )
        )
    for each in ahead:
        _take_buffer(session, each, timedelta(minutes=minutes))


def _take_buffer(session: Session, each: CoachingSession, buffer: timedelta) -> None:
    # Who proposed and who confirmed stand on two sides: one of them is the provider's.
    by_provider = each.proposed_by_side is Side.PROVIDER
    host_id = each.proposed_by_id if by_provider else each.confirmed_by_id
    quarters = list_quarters(each.ends_at, each.ends_at + buffer)
    if host_id is None or not quarters:
        return
    taken = set(
        session.scalars(
            select(SessionQuarter.quarter_at).where(
                SessionQuarter.person_id == host_id, SessionQuarter.quarter_at.in_(quarters)
            )
        )
    )
    free = [quarter for quarter in quarters if quarter not in taken]
    if free:
        session.execute(
            insert(SessionQuarter),
            [
                {"coaching_session_id": each.id, "person_id": host_id, "quarter_at": quarter}
                for quarter in free
            ],
        )
