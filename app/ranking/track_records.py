"""What engagements say of providers, for many at once: places taken, answers, ratings.

Matching weighs these figures and pages show them, so they are worked out in one place.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from statistics import median

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from models.engagements import CoachingSession, Engagement, Feedback
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.providers import Provider
from models.vocabulary import Side

# A provider who answers again is known for it after so many requests, without any clock.
RECENT_REQUESTS = 10

# An average that somebody else reads stands on so many answers at least.
LEAST_ANSWERS = 3


def count_taken_places(session: Session, provider_ids: Collection[int]) -> Mapping[int, int]:
    """How many places of each provider are taken, by its id; those without any are left out.

    Sure only while the provider's row is locked.
    """
    rows = session.execute(
        select(Engagement.provider_id, func.count())
        .where(
            Engagement.provider_id.in_(provider_ids), Engagement.state.in_(ENGAGEMENT_TAKES_PLACE)
        )
        .group_by(Engagement.provider_id)
    )
    return {row[0]: row[1] for row in rows}


def count_places_of_provider() -> ScalarSelect[int]:
    """The same of the provider of a row, as a column of a query of providers."""
    return (
        select(func.count())
        .where(Engagement.provider_id == Provider.id, Engagement.state.in_(ENGAGEMENT_TAKES_PLACE))
        .correlate(Provider)
        .scalar_subquery()
    )


def list_answer_hours(session: Session, provider_ids: Collection[int]) -> Mapping[int, float]:
    """The median time from a request to its answer, in hours, of those who ever answered."""
    rows = session.execute(
        select(Engagement.provider_id, Engagement.requested_at, Engagement.answered_at).where(
            Engagement.provider_id.in_(provider_ids), Engagement.answered_at.is_not(None)
        )
    )
    hours: dict[int, list[float]] = defaultdict(list)
    for provider_id, requested_at, answered_at in rows:
        if answered_at is not None:
            hours[provider_id].append((answered_at - requested_at).total_seconds() / 3600)
    return {provider_id: median(waits) for provider_id, waits in hours.items()}


def count_recent_answers(
    session: Session, provider_ids: Collection[int]
) -> Mapping[int, tuple[int, int]]:
    """How many of each provider's last `RECENT_REQUESTS` requests were answered, and of how many.

    Those count that were answered or expired, the latest asked first; who never had one is left
    out.
    """
    place = func.row_number().over(
        partition_by=Engagement.provider_id,
        order_by=(Engagement.requested_at.desc(), Engagement.id.desc()),
    )
    recent = (
        select(Engagement.provider_id, Engagement.answered_at, place.label("place"))
        .where(
            Engagement.provider_id.in_(provider_ids),
            or_(Engagement.answered_at.is_not(None), Engagement.state == "expired"),
        )
        .subquery()
    )
    rows = session.execute(
        select(recent.c.provider_id, func.count(recent.c.answered_at), func.count())
        .where(recent.c.place <= RECENT_REQUESTS)
        .group_by(recent.c.provider_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def list_ratings(
    session: Session, provider_ids: Collection[int], *, incubator_id: int | None = None
) -> Mapping[int, tuple[float, int]]:
    """The mean rating by startups (1 to 5) and how many there are, of those who were ever rated.

    With `incubator_id`, by startups in its engagements alone.
    """
    query = (
        select(Engagement.provider_id, func.avg(Feedback.rating), func.count())
        .join(Engagement, Engagement.id == Feedback.engagement_id)
        .join(Feedback.coaching_session)
        .where(
            Engagement.provider_id.in_(provider_ids),
            Feedback.side == Side.STARTUP,
            CoachingSession.state == "held",
        )
        .group_by(Engagement.provider_id)
    )
    if incubator_id is not None:
        query = query.where(Engagement.incubator_id == incubator_id)
    return {row[0]: (float(row[1]), row[2]) for row in session.execute(query)}
