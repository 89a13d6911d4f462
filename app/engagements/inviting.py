"""Telling of a time with the entry of the calendar that goes with it, and who stands in that."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.engagements.announcements import CalendarEntry, list_people, tell_side
from app.engagements.attending import list_attendees
from app.engagements.calendar_entries import (
    is_standing,
    list_together,
    make_calendar,
    make_entry,
)
from app.engagements.together import find_joint, get_twin
from app.telling.entries import Invited, Method, choose_method
from models.dual_mentoring import JointTime
from models.engagements import CoachingSession, TimeSpan
from models.people import Person
from models.vocabulary import Side


def tell_of_session(
    session: Session,
    coaching_session: CoachingSession,
    sides: Iterable[Side],
    kind: str,
    at: datetime,
    former: TimeSpan | None = None,
    left: Person | None = None,
) -> None:
    """Everybody on `sides` is told, with an invitation in which all who are invited stand.

    A time with two mentors is one entry in the calendars of all. Where one of them does not come,
    it is taken from that mentor alone; the other mentor is told, and keeps it as the startup does.
    `former` is what the time was before it was moved; `left` comes no more, and is told nothing.
    """
    joint = find_joint(session, coaching_session)
    twin = _find_standing_twin(joint, coaching_session)
    if joint is None or twin is None or is_standing(coaching_session):
        entry = _invite(session, coaching_session, joint, at, left)
        for side in sides:
            _tell(session, coaching_session, side, kind, at, entry, former, left)
        return
    stays = _invite(session, twin, joint, at)
    for side in sides:
        entry = stays
        if side is Side.PROVIDER:
            entry = _take_from_mentor(session, coaching_session, joint, at)
        _tell(session, coaching_session, side, kind, at, entry)
    _tell(session, twin, Side.PROVIDER, "session_left_by_other", at, stays)


def part_times(session: Session, coaching_session: CoachingSession, at: datetime) -> None:
    """Each of two that were one entry has its own from now on: this one has been moved.

    The entry stays that of the first mentor. The second has another one, and so has the startup
    of that time. Whoever moved it is told of that apart from this.
    """
    joint = find_joint(session, coaching_session)
    if joint is None or not joint.is_one:
        return
    first, second = joint.first, joint.second
    first_stands, second_stands = is_standing(first), is_standing(second)
    # Made while both are one, because that is the entry which goes.
    taken = _take_from_mentor(session, second, joint, at)
    ended = CalendarEntry(
        make_calendar(
            first,
            method=Method.CANCEL,
            at=at,
            invited=_list_people_invited(session, first, Side.STARTUP),
            joint=joint,
        ),
        Method.CANCEL.value,
    )
    joint.is_one = False
    session.flush()
    if second_stands:
        _tell(session, second, Side.PROVIDER, "session_parted", at, taken)
    if second is coaching_session and first_stands:
        own = _invite(session, first, joint, at)
        _tell(session, first, Side.PROVIDER, "session_left_by_other", at, own)
    elif second is coaching_session:
        # The entry was kept for the second mentor alone.
        _tell(session, second, Side.STARTUP, "session_parted", at, ended)
    elif second_stands:
        own = _invite(session, second, joint, at)
        for side in Side:
            _tell(session, second, side, "session_has_own_entry", at, own)


def list_invited(
    session: Session, coaching_session: CoachingSession, joint: JointTime | None = None
) -> list[Invited]:
    """The people of both sides, and of the other mentor who comes; who proposed or confirmed the
    time as it is has said yes."""
    together = list_together(coaching_session, joint)
    found: dict[int, Invited] = {}
    for each in (coaching_session, *(one for one in together if one is not coaching_session)):
        for person_id, invited in _list_by_person(session, each).items():
            known = found.get(person_id, invited)
            found[person_id] = Invited(
                invited.email,
                invited.name,
                has_agreed=known.has_agreed or invited.has_agreed,
                is_required=known.is_required or invited.is_required,
            )
    return list(found.values())


def _list_by_person(session: Session, coaching_session: CoachingSession) -> dict[int, Invited]:
    agreed = {coaching_session.proposed_by_id}
    if coaching_session.state != "proposed":
        agreed.add(coaching_session.confirmed_by_id)
    engagement = coaching_session.engagement
    named = list_attendees(session, engagement, [coaching_session.id]).get(coaching_session.id)
    come = {person.id for person in named} if named else None
    return {
        person.id: Invited(
            person.email,
            person.name,
            has_agreed=person.id in agreed,
            # The others of the startup may know of it, and need not come.
            is_required=side is Side.PROVIDER or come is None or person.id in come,
        )
        for side in Side
        for person in list_people(session, engagement, side)
    }


def _find_standing_twin(
    joint: JointTime | None, coaching_session: CoachingSession
) -> CoachingSession | None:
    """The time with the other mentor, as long as both are one entry and it takes place."""
    if joint is None or not joint.is_one:
        return None
    twin = get_twin(joint, coaching_session)
    return twin if is_standing(twin) else None


def _invite(
    session: Session,
    coaching_session: CoachingSession,
    joint: JointTime | None,
    at: datetime,
    left: Person | None = None,
) -> CalendarEntry:
    method = choose_method(make_entry(coaching_session, joint))
    text = make_calendar(
        coaching_session,
        method=method,
        at=at,
        invited=[
            each
            for each in list_invited(session, coaching_session, joint)
            if left is None or each.email != left.email
        ],
        joint=joint,
    )
    return CalendarEntry(text, method.value)


def _take_from_mentor(
    session: Session,
    coaching_session: CoachingSession,
    joint: JointTime,
    at: datetime,
) -> CalendarEntry:
    """The entry of both is taken from the people of this mentor, while others keep it."""
    text = make_calendar(
        coaching_session,
        method=Method.CANCEL,
        at=at,
        invited=_list_people_invited(session, coaching_session, Side.PROVIDER),
        joint=joint,
        is_left=True,
    )
    return CalendarEntry(text, Method.CANCEL.value)


def _list_people_invited(
    session: Session, coaching_session: CoachingSession, side: Side
) -> list[Invited]:
    people = list_people(session, coaching_session.engagement, side)
    return [Invited(person.email, person.name) for person in people]


def _tell(
    session: Session,
    coaching_session: CoachingSession,
    side: Side,
    kind: str,
    at: datetime,
    entry: CalendarEntry,
    former: TimeSpan | None = None,
    left: Person | None = None,
) -> None:
    times = {"time": coaching_session.starts_at}
    if former is not None:
        times["former"] = former[0]
    tell_side(
        session,
        engagement=coaching_session.engagement,
        side=side,
        kind=kind,
        at=at,
        facts={
            "where": coaching_session.place or coaching_session.link,
            "reason": coaching_session.reason,
        },
        times=times,
        calendar=entry,
        left=left,
    )
