"""What an erasure does with hours: a provider that goes has none, and nobody is met any more."""

from collections.abc import Sequence

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from app.calendars.addresses import address_of_availability
from app.leaving import Erasing, Leaving, Traces
from models.calendars import Availability, TimeOffer
from models.engagements import Engagement


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The hours of the providers that go."""
    count = select(func.count()).where(Availability.provider_id.in_(leaving.provider_ids))
    return Traces(
        counts={"opening hours": session.scalar(count) or 0},
        paths=[address_of_availability(each) for each in leaving.providers],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Hours go with the provider, offers with either side or with who made them.

    Where an organisation stays, the room in which the person was met is emptied with them.
    """
    session.execute(delete(Availability).where(Availability.provider_id.in_(leaving.provider_ids)))
    theirs = select(Engagement.id).where(
        or_(
            Engagement.provider_id.in_(leaving.provider_ids),
            Engagement.startup_id.in_(leaving.startup_ids),
        )
    )
    session.execute(
        delete(TimeOffer).where(
            or_(TimeOffer.engagement_id.in_(theirs), leaving.is_person(TimeOffer.offered_by_id))
        )
    )
    words: list[str] = []
    for kept in session.scalars(
        select(Availability).where(leaving.is_person(Availability.host_id))
    ):
        words += [text for text in (kept.place, kept.link) if text]
        kept.place = kept.link = ""
    session.flush()
    return words


ERASING = Erasing(find_traces, erase_traces)
