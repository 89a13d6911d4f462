"""Who of the startup comes to a session: those who were named, else whoever agreed on it.

Everybody of both sides may know of a session and has it in the calendar; the time of those who
come is taken.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.engagements.announcements import list_people
from app.engagements.errors import AttendeesInvalid
from models.attendees import MOST_ATTENDEES, SessionAttendee
from models.engagements import CoachingSession, Engagement
from models.people import Person
from models.vocabulary import Side


def check_attendees(
    session: Session, engagement: Engagement, people: Collection[Person]
) -> list[int]:
    """The ids of `people`, each once. Raises AttendeesInvalid unless the startup has them all."""
    wanted = {person.id for person in people}
    members = {person.id for person in list_people(session, engagement, Side.STARTUP)}
    if not 1 <= len(wanted) <= MOST_ATTENDEES or not wanted <= members:
        raise AttendeesInvalid(most=MOST_ATTENDEES)
    return sorted(wanted)


def choose_by_address(
    session: Session, engagement: Engagement, addresses: Iterable[str]
) -> list[Person]:
    """Those of the startup with these mail addresses. Raises AttendeesInvalid for others'."""
    members = {each.email: each for each in list_people(session, engagement, Side.STARTUP)}
    wanted = {address.strip().lower() for address in addresses}
    if not wanted <= members.keys():
        raise AttendeesInvalid(most=MOST_ATTENDEES)
    return [members[address] for address in sorted(wanted)]


def keep_attendees(
    session: Session, coaching_session: CoachingSession, person_ids: Iterable[int]
) -> None:
    """These come, in place of those who were named before."""
    session.execute(
        delete(SessionAttendee).where(SessionAttendee.coaching_session_id == coaching_session.id)
    )
    session.add_all(
        SessionAttendee(coaching_session_id=coaching_session.id, person_id=person_id)
        for person_id in person_ids
    )
    session.flush()


def list_attendee_ids(session: Session, coaching_session: CoachingSession) -> list[int]:
    """The ids of those who were named, in ascending order."""
    return list(
        session.scalars(
            select(SessionAttendee.person_id)
            .where(SessionAttendee.coaching_session_id == coaching_session.id)
            .order_by(SessionAttendee.person_id)
        )
    )


def list_attendees(
    session: Session, engagement: Engagement, session_ids: Iterable[int]
) -> Mapping[int, Sequence[Person]]:
    """Who was named for each of these sessions and acts for the startup still, by name."""
    members = {each.id: each for each in list_people(session, engagement, Side.STARTUP)}
    found: dict[int, list[Person]] = {}
    for session_id, person_id in session.execute(
        select(SessionAttendee.coaching_session_id, SessionAttendee.person_id).where(
            SessionAttendee.coaching_session_id.in_(list(session_ids))
        )
    ):
        if person_id in members:
            found.setdefault(session_id, []).append(members[person_id])
    return {number: sorted(each, key=lambda one: one.name) for number, each in found.items()}


def choose_taken(
    session: Session, coaching_session: CoachingSession, otherwise: Iterable[int | None]
) -> set[int]:
    """Whose time of the startup's side the session takes: who was named, else `otherwise`."""
    named = list_attendees(session, coaching_session.engagement, [coaching_session.id])
    if people := named.get(coaching_session.id):
        return {person.id for person in people}
    return {each for each in otherwise if each is not None}
