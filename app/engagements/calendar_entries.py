"""A session as a calendar program reads it (iCalendar, RFC 5545 and RFC 5546)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vDuration

from app.engagements.addresses import address_of_engagement
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
) -> str:
    """The calendar text of one session, for people who know both sides.

    The UID stays the same for the life of the session and SEQUENCE counts its changes, so that
    a calendar replaces what it has (RFC 5545, 3.8.4.7 and 3.8.7.4). Times are in UTC. Sessions
    exist only after acceptance: need, startup and provider are named in full. `organizer` is a
    mail address and is left out of a PUBLISH (3.8.4.3), as are those who are `invited`, whose
    programs are asked for a reply; where none is given here, the mail that goes out names the
    address that it comes from. `at` is the time stamp of this text.
    """
    event = _make_event(coaching_session, at=at, url=url)
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


def _make_event(coaching_session: CoachingSession, *, at: datetime, url: str) -> Event:
    engagement = coaching_session.engagement
    event = Event()
    event.add("uid", f"{coaching_session.public_id}@yinqiao")
    event.add("dtstamp", at)
    event.add("dtstart", coaching_session.starts_at)
    event.add("dtend", coaching_session.ends_at)
    event.add("sequence", coaching_session.sequence)
    event.add("status", _STATUS[coaching_session.state])
    names = f"{engagement.startup.name} · {engagement.provider.name}"
    event.add("summary", f"{engagement.need.title} ({names})")
    event.add("location", coaching_session.place or coaching_session.link)
    details = [text for text in (coaching_session.link, url) if text]
    if details:
        event.add("description", "\n".join(details))
    return event


def make_feed(sessions: Iterable[CoachingSession], *, at: datetime, root: str) -> str:
    """All of `sessions` as a calendar that programs fetch again and again (RFC 7986, 5.7).

    `root` is the address of this site. Programs decide themselves how often they come; the wish
    is every hour.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Yinqiao//Yinqiao//EN")
    calendar.add("version", "2.0")
    calendar.add("method", Method.PUBLISH.value)
    calendar.add("x-wr-calname", "引桥 Yinqiao")
    calendar["refresh-interval"] = vDuration(timedelta(hours=1))
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    calendar["x-published-ttl"] = vDuration(timedelta(hours=1))
    for each in sessions:
        url = root + address_of_engagement(each.engagement)
        calendar.add_component(_make_event(each, at=at, url=url))
    text: str = calendar.to_ical().decode()
    return text


def _make_attendee(invited: Invited) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{invited.email}")
    attendee.params["CN"] = invited.name
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT" if invited.is_required else "OPT-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED" if invited.has_agreed else "NEEDS-ACTION"
    attendee.params["RSVP"] = "TRUE"
    return attendee
