"""A time as a calendar program reads it (iCalendar, RFC 5545 and RFC 5546), whatever it is of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vDuration


class Method(StrEnum):
    """What a calendar is to do with an entry (RFC 5546, 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


class Status(StrEnum):
    """Whether an entry stands (RFC 5545, 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who is asked to a time by mail; `is_asked` of whom a reply is wanted."""

    email: str
    name: str
    has_agreed: bool = False
    is_required: bool = True
    is_asked: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a calendar of one time. Times are in UTC, `path` is an address of this site.

    `uid` stays the same for the life of the time and `sequence` counts its changes, so that a
    calendar replaces what it has (RFC 5545, 3.8.4.7 and 3.8.7.4). `status` is None where those who
    are written to come no more, and others do: it is not cancelled for all (RFC 5546, 3.2.5).
    """

    uid: str
    sequence: int
    status: Status | None
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    path: str
    link: str = ""


def choose_method(entry: Entry) -> Method:
    """CANCEL for what no longer stands, REQUEST for everything else."""
    stands = entry.status in (Status.TENTATIVE, Status.CONFIRMED)
    return Method.REQUEST if stands else Method.CANCEL


def write_entry(
    entry: Entry,
    *,
    method: Method,
    at: datetime,
    root: str = "",
    invited: Sequence[Invited] = (),
) -> str:
    """The calendar text of one entry, whose time stamp is `at`.

    `root` is the address of this site; without it no page is named. Those who are `invited`, whose
    programs may be asked for a reply, are left out of a PUBLISH (RFC 5545, 3.8.4.1). The mail that
    goes out names as the organizer the address that it comes from.
    """
    event = _make_event(entry, at=at, root=root)
    if method is not Method.PUBLISH:
        for each in invited:
            event.add("attendee", _make_attendee(each))
    calendar = _make_calendar(method)
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def write_feed(entries: Iterable[Entry], *, at: datetime, root: str) -> str:
    """All of `entries` as a calendar that programs fetch again and again (RFC 7986, 5.7).

    `root` is the address of this site. Programs decide themselves how often they come; the wish is
    every hour.
    """
    calendar = _make_calendar(Method.PUBLISH)
    calendar.add("x-wr-calname", "引桥 Yinqiao")
    calendar["refresh-interval"] = vDuration(timedelta(hours=1))
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    calendar["x-published-ttl"] = vDuration(timedelta(hours=1))
    for entry in entries:
        calendar.add_component(_make_event(entry, at=at, root=root))
    text: str = calendar.to_ical().decode()
    return text


def _make_calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Yinqiao//Yinqiao//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    return calendar


def _make_event(entry: Entry, *, at: datetime, root: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@yinqiao")
    event.add("dtstamp", at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("sequence", entry.sequence)
    if entry.status is not None:
        event.add("status", entry.status.value)
    event.add("summary", entry.summary)
    event.add("location", entry.location)
    details = [text for text in (entry.link, root + entry.path if root else "") if text]
    if details:
        event.add("description", "\n".join(details))
    return event


def _make_attendee(invited: Invited) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{invited.email}")
    attendee.params["CN"] = invited.name
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT" if invited.is_required else "OPT-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED" if invited.has_agreed else "NEEDS-ACTION"
    attendee.params["RSVP"] = "TRUE" if invited.is_asked else "FALSE"
    return attendee
