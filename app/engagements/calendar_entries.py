"""A session as a calendar program reads it (iCalendar, RFC 5545 and RFC 5546)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vDuration

from app.engagements.addresses import address_of_engagement
from models.dual_mentoring import JointTime
from models.engagements import CoachingSession

_STATUS = {
    "proposed": "TENTATIVE",
    "confirmed": "CONFIRMED",
    "held": "CONFIRMED",
    "contested": "CONFIRMED",
    "missed": "CANCELLED",
    "cancelled": "CANCELLED",
}


class Method(StrEnum):
    """What a calendar is to do with an entry (RFC 5546, 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who is asked to a session by mail."""

    email: str
    name: str
    has_agreed: bool = False
    is_required: bool = True


def choose_method(coaching_session: CoachingSession) -> Method:
    """CANCEL for what no longer stands, REQUEST for everything else."""
    cancelled = _STATUS[coaching_session.state] == "CANCELLED"
    return Method.CANCEL if cancelled else Method.REQUEST


def make_calendar(
    coaching_session: CoachingSession,
    *,
    method: Method,
    at: datetime,
    organizer: str | None = None,
    invited: Sequence[Invited] = (),
    url: str = "",
    joint: JointTime | None = None,
    is_left: bool = False,
) -> str:
    """The calendar text of one session, for people who know both sides.

    The UID stays the same for the life of the session and SEQUENCE counts its changes, so that
    a calendar replaces what it has (RFC 5545, 3.8.4.7 and 3.8.7.4). Times are in UTC. Sessions
    exist only after acceptance: need, startup and provider are named in full. `organizer` is a
    mail address and is left out of a PUBLISH (3.8.4.3), as are those who are `invited`, whose
    programs are asked for a reply; where none is given here, the mail that goes out names the
    address that it comes from. `at` is the time stamp of this text.

    `joint` is as what it was booked with a second mentor. With `is_left` those who are `invited`
    come no more, and others do: the entry is not cancelled for all (RFC 5546, 3.2.5).
    """
    event = _make_event(coaching_session, at=at, url=url, joint=joint)
    if is_left:
        del event["status"]
    if organizer and method is not Method.PUBLISH:
        address = vCalAddress(f"mailto:{organizer}")
        address.params["CN"] = "Yinqiao"
        event["organizer"] = address
    if method is not Method.PUBLISH:
        for each in invited:
            event.add("attendee", _make_attendee(each))
    calendar = Calendar()
    calendar.add("prodid", "-//Yinqiao//Yinqiao//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def is_standing(coaching_session: CoachingSession) -> bool:
    """Whether it has its place in calendars."""
    return _STATUS[coaching_session.state] != "CANCELLED"


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


def _make_event(
    coaching_session: CoachingSession, *, at: datetime, url: str, joint: JointTime | None
) -> Event:
    engagement = coaching_session.engagement
    owner = joint.first if joint is not None and joint.is_one else coaching_session
    event = Event()
    event.add("uid", f"{owner.public_id}@yinqiao")
    event.add("dtstamp", at)
    event.add("dtstart", coaching_session.starts_at)
    event.add("dtend", coaching_session.ends_at)
    event.add("sequence", count_changes(coaching_session, joint))
    event.add("status", _STATUS[coaching_session.state])
    mentors = (each.engagement.provider.name for each in list_together(coaching_session, joint))
    names = " · ".join((engagement.startup.name, *mentors))
    event.add("summary", f"{engagement.need.title} ({names})")
    event.add("location", coaching_session.place or coaching_session.link)
    details = [text for text in (coaching_session.link, url) if text]
    if details:
        event.add("description", "\n".join(details))
    return event


def make_feed(
    sessions: Iterable[CoachingSession],
    *,
    at: datetime,
    root: str,
    joints: Mapping[int, JointTime],
) -> str:
    """All of `sessions` as a calendar that programs fetch again and again (RFC 7986, 5.7).

    `root` is the address of this site; `joints` says which were booked as one time, which is one
    entry. Programs decide themselves how often they come; the wish is every hour.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Yinqiao//Yinqiao//EN")
    calendar.add("version", "2.0")
    calendar.add("method", Method.PUBLISH.value)
    calendar.add("x-wr-calname", "引桥 Yinqiao")
    calendar["refresh-interval"] = vDuration(timedelta(hours=1))
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    calendar["x-published-ttl"] = vDuration(timedelta(hours=1))
    shown = list(sessions)
    numbers = {each.id for each in shown}
    for each in shown:
        joint = joints.get(each.id)
        if _stands_in(joint, each) in numbers:
            continue
        url = root + address_of_engagement(each.engagement)
        calendar.add_component(_make_event(each, at=at, url=url, joint=joint))
    text: str = calendar.to_ical().decode()
    return text


def _stands_in(joint: JointTime | None, coaching_session: CoachingSession) -> int | None:
    """The first session, in whose entry this one stands as the second."""
    is_second = joint is not None and joint.is_one and joint.second_id == coaching_session.id
    return joint.first_id if is_second and joint is not None else None


def _make_attendee(invited: Invited) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{invited.email}")
    attendee.params["CN"] = invited.name
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT" if invited.is_required else "OPT-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED" if invited.has_agreed else "NEEDS-ACTION"
    attendee.params["RSVP"] = "TRUE"
    return attendee
