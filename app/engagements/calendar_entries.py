"""What stands in calendars of sessions, of which two with two mentors may be one entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.engagements.addresses import address_of_engagement
from app.telling.entries import Entry, Invited, Method, Status, write_entry
from models.dual_mentoring import JointTime
from models.engagements import CoachingSession

_STATUS = {
    "proposed": Status.TENTATIVE,
    "confirmed": Status.CONFIRMED,
    "held": Status.CONFIRMED,
    "contested": Status.CONFIRMED,
    "missed": Status.CANCELLED,
    "cancelled": Status.CANCELLED,
}


def make_entry(coaching_session: CoachingSession, joint: JointTime | None) -> Entry:
    """The entry of one session, for people who know both sides.

    Sessions exist only after acceptance: need, startup and provider are named in full. `joint` is
    as what it was booked with a second mentor.
    """
    engagement = coaching_session.engagement
    owner = joint.first if joint is not None and joint.is_one else coaching_session
    mentors = (each.engagement.provider.name for each in list_together(coaching_session, joint))
    names = " · ".join((engagement.startup.name, *mentors))
    return Entry(
        uid=owner.public_id,
        sequence=count_changes(coaching_session, joint),
        status=_STATUS[coaching_session.state],
        starts_at=coaching_session.starts_at,
        ends_at=coaching_session.ends_at,
        summary=f"{engagement.need.title} ({names})",
        location=coaching_session.place or coaching_session.link,
        path=address_of_engagement(engagement),
        link=coaching_session.link,
    )


def make_calendar(
    coaching_session: CoachingSession,
    *,
    method: Method,
    at: datetime,
    invited: Sequence[Invited] = (),
    root: str = "",
    joint: JointTime | None = None,
    is_left: bool = False,
) -> str:
    """The calendar text of one session, as `write_entry` writes it.

    With `is_left` those who are `invited` come no more, and others do.
    """
    entry = make_entry(coaching_session, joint)
    if is_left:
        entry = replace(entry, status=None)
    return write_entry(entry, method=method, at=at, root=root, invited=invited)


def is_standing(coaching_session: CoachingSession) -> bool:
    """Whether it has its place in calendars."""
    return _STATUS[coaching_session.state] is not Status.CANCELLED


def count_changes(coaching_session: CoachingSession, joint: JointTime | None) -> int:
    """The SEQUENCE of its entry; of what was booked as one time, also when it is two, of both.

    So it grows with every change of either.
    """
    if joint is None:
        return coaching_session.sequence
    return joint.first.sequence + joint.second.sequence


def list_together(
    coaching_session: CoachingSession, joint: JointTime | None
) -> list[CoachingSession]:
    """The sessions that stand in its entry, that of the first mentor first; itself where none."""
    if joint is None or not joint.is_one:
        return [coaching_session]
    standing = [each for each in (joint.first, joint.second) if is_standing(each)]
    return standing or [coaching_session]


def make_entries(
    sessions: Iterable[CoachingSession], joints: Mapping[int, JointTime]
) -> list[Entry]:
    """The entries of `sessions`; `joints` says which were booked as one time, which is one."""
    shown = list(sessions)
    numbers = {each.id for each in shown}
    return [
        make_entry(each, joint)
        for each in shown
        if _stands_in(joint := joints.get(each.id), each) not in numbers
    ]


def _stands_in(joint: JointTime | None, coaching_session: CoachingSession) -> int | None:
    """The first session, in whose entry this one stands as the second."""
    is_second = joint is not None and joint.is_one and joint.second_id == coaching_session.id
    return joint.first_id if is_second and joint is not None else None
