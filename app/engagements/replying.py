"""What a calendar program says to an invitation (RFC 5546, REPLY), and nothing else of the mail."""

from datetime import UTC, datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from typing import Any, Final, NamedTuple

from icalendar import Calendar

from models.email_addresses import canonical_email
from models.session_replies import ReplyAnswer

# The end of what stands as UID in our entries.
_UID_END: Final = "@yinqiao"
_MOST_PARTS: Final = 30
# Of the calendar text alone, in bytes.
_MOST_TEXT: Final = 100_000
_MOST_SEQUENCE: Final = 1_000_000

_ANSWERS: Final = {
    "ACCEPTED": ReplyAnswer.ACCEPTED,
    "DECLINED": ReplyAnswer.DECLINED,
    "TENTATIVE": ReplyAnswer.TENTATIVE,
}


class Reply(NamedTuple):
    """Somebody's answer to one version of the entry of a session; `address` is in our form."""

    session_public_id: str
    address: str
    answer: ReplyAnswer
    sequence: int
    said_at: datetime


def read_reply(content: bytes) -> Reply | None:
    """The reply that stands in a mail; None where there is none that is ours.

    Only one whose sender (From) is the one attendee who answers. Whatever else a mail holds, also
    one that is no mail at all, is no reply.
    """
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content)
        sender = _read_sender(message)
        text = _find_calendar(message)
        return _read(text, sender) if text is not None and sender else None
    except (
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        TypeError,
        LookupError,
        RecursionError,
        OverflowError,
    ):
        # What anybody can send has any form.
        return None


def _read_sender(message: Message) -> str:
    """The address of the one sender; "" where there is none, or several."""
    found = getaddresses([str(each) for each in message.get_all("From", [])])
    return canonical_email(found[0][1]) if len(found) == 1 and found[0][1] else ""


def _find_calendar(message: Message) -> bytes | None:
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            return None
        if part.get_content_type() in ("text/calendar", "application/ics"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and len(content) <= _MOST_TEXT:
                return content
    return None


def _read(text: bytes, sender: str) -> Reply | None:
    calendar = Calendar.from_ical(text.decode("utf-8-sig"))
    events = list(calendar.walk("VEVENT"))
    if str(calendar.get("method", "")).upper() != "REPLY" or len(events) != 1:
        return None
    event: Any = events[0]
    attendee = event.get("attendee")
    uid = str(event.get("uid", ""))
    # Whoever answers stands alone in a reply (RFC 5546, 3.2.3).
    if attendee is None or isinstance(attendee, list) or not uid.endswith(_UID_END):
        return None
    scheme, _, address = str(attendee).partition(":")
    answer = _ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper())
    sequence = int(event.get("sequence", 0))
    said_at = event["dtstamp"].dt
    if (
        scheme.lower() != "mailto"
        or canonical_email(address) != sender
        or answer is None
        or not 0 <= sequence <= _MOST_SEQUENCE
        or not isinstance(said_at, datetime)
    ):
        return None
    stamped = said_at if said_at.tzinfo else said_at.replace(tzinfo=UTC)
    return Reply(uid.removesuffix(_UID_END), sender, answer, sequence, stamped.astimezone(UTC))
