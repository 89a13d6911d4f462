"""What an erasure does with facts: those of a profile that goes are gone; beside those of others
stands nothing that the person wrote."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from app.facts.addresses import address_of_facts
from app.leaving import Erasing, Leaving, Traces
from models.facts import Fact


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """What is known of the profiles that go."""
    ids = session.scalars(select(Fact.public_id).where(_is_theirs(leaving))).all()
    return Traces(
        counts={"facts": len(ids)},
        public_ids=ids,
        paths=[address_of_facts(each) for each in leaving.profiles],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """The values of others stay; gives the notes and reasons that went."""
    session.execute(delete(Fact).where(_is_theirs(leaving)))
    if leaving.person is None:
        return ()
    person_id = leaving.person.id
    words: list[str] = []
    for fact in session.scalars(
        select(Fact).where(or_(Fact.stated_by_id == person_id, Fact.withdrawn_by_id == person_id))
    ):
        if fact.stated_by_id == person_id and fact.source_note:
            words.append(fact.source_note)
            fact.source_note = ""
        if fact.withdrawn_by_id == person_id and fact.withdrawal_reason:
            words.append(fact.withdrawal_reason)
            fact.withdrawal_reason = ""
    session.flush()
    return words


def _is_theirs(leaving: Leaving) -> ColumnElement[bool]:
    return or_(Fact.provider_id.in_(leaving.provider_ids), Fact.startup_id.in_(leaving.startup_ids))


ERASING = Erasing(find_traces, erase_traces)
