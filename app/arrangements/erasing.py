"""What an erasure does with arrangements: those of a side that goes go, and the other is told.

Of somebody who goes alone, the words that they wrote go.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from app.arrangements.addresses import address_of_arrangement
from app.funds.addresses import address_of_funnel, address_of_openings
from app.leaving import Erasing, Leaving, Traces
from app.telling.notices import list_people_of, tell
from models.arrangement_states import ARRANGEMENT_BINDS
from models.arrangements import Arrangement, ArrangementStep
from models.engagements import Engagement


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The arrangements of the startups and funds that go."""
    found = session.scalars(select(Arrangement).where(_is_of(leaving))).all()
    return Traces(
        counts={"arrangements": len(found)},
        public_ids=[each.public_id for each in found],
        paths=[address_of_arrangement(each.engagement) for each in found],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Whoever stays is told that what bound them is gone; gives the words that were emptied."""
    for arrangement in session.scalars(
        select(Arrangement).where(_is_of(leaving), Arrangement.state.in_(ARRANGEMENT_BINDS))
    ).all():
        _tell_who_stays(session, arrangement, leaving)
    session.execute(delete(Arrangement).where(_is_of(leaving)))
    words = []
    for step in session.scalars(
        select(ArrangementStep).where(leaving.is_person(ArrangementStep.actor_id))
    ):
        words += [step.note] if step.note else []
        step.note = ""
    for arrangement in session.scalars(
        select(Arrangement).where(leaving.is_person(Arrangement.end_by_id))
    ):
        words += [arrangement.end_words] if arrangement.end_words else []
        arrangement.end_words = ""
    session.flush()
    return words


def _tell_who_stays(session: Session, arrangement: Arrangement, leaving: Leaving) -> None:
    engagement = arrangement.engagement
    if engagement.startup_id in leaving.startup_ids:
        people = list_people_of(session, provider_id=engagement.provider_id)
        path = address_of_funnel(engagement.provider)
    else:
        people = list_people_of(session, startup_id=engagement.startup_id)
        path = address_of_openings(engagement.need)
    for person in people:
        if leaving.person is None or person.id != leaving.person.id:
            tell(
                session, person=person, kind="arrangement_gone", facts={}, path=path, at=leaving.at
            )


def _is_of(leaving: Leaving) -> ColumnElement[bool]:
    theirs = select(Engagement.id).where(
        or_(
            Engagement.provider_id.in_(leaving.provider_ids),
            Engagement.startup_id.in_(leaving.startup_ids),
        )
    )
    return Arrangement.engagement_id.in_(theirs)


ERASING = Erasing(find_traces, erase_traces)
