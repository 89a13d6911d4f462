"""What an erasure does with hours: a provider that goes has none, and nobody is met any more."""

from collections.abc import Sequence

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from app.calendars.addresses import address_of_availability
from app.leaving import Erasing, Leaving, Traces
from models.calendars import Availability, TimeOffer
from models.engagements import Engagement
from models.people import Membership, Person


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
    for kept in _list_where_met(session, leaving):
        words += [text for text in (kept.place, kept.link) if text]
        kept.place = kept.link = ""
    session.flush()
    return words


def _list_where_met(session: Session, leaving: Leaving) -> list[Availability]:
    """The hours in which the person is met: named, or the first to join where nobody is."""
    if leaving.person is None:
        return []
    named = session.scalars(select(Availability).where(leaving.is_person(Availability.host_id)))
    joined = session.execute(
        select(Availability, Membership.id)
        .join(Membership, Membership.provider_id == Availability.provider_id)
        .where(Availability.host_id.is_(None), leaving.is_person(Membership.person_id))
    ).all()
    return [*named, *(kept for kept, number in joined if not _has_earlier(session, kept, number))]


def _has_earlier(session: Session, kept: Availability, number: int) -> bool:
    """Whether somebody who can be met joined before the membership `number`."""
    earlier = (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.provider_id == kept.provider_id,
            Membership.id < number,
            Person.deactivated_at.is_(None),
        )
        .limit(1)
    )
    return session.scalar(earlier) is not None


ERASING = Erasing(find_traces, erase_traces)
