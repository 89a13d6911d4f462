"""What keeps a form that is sent twice from creating two profiles."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.people import Membership, Person


def lock_person(session: Session, person: Person | None) -> None:
    """Whatever else creates something for `person` waits for the commit."""
    if person is not None:
        session.execute(select(Person.id).where(Person.id == person.id).with_for_update())


def is_member(person: Person | None, memberships: Iterable[Membership]) -> bool:
    """Whether `person` is one of those who act for an organisation."""
    return person is not None and any(m.person_id == person.id for m in memberships)
