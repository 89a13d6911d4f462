"""One click that ends mails of a topic (RFC 8058): the token in the link and its meaning."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.signing import Signer
from app.telling.topics import DIGEST_KIND, find_topic
from models.notice_codes import NoticeTopic
from models.notices import OutboxMail

_PURPOSE: Final = "stop mail"

# Mail programs keep mails for long, and a click on an old one should still do what it says.
_GOOD_FOR: Final = timedelta(days=730)

# Stands for every topic that comes by the day.
_DAILY: Final = "daily"


class Stopping(NamedTuple):
    """Whose mails end, of which topic; None for all that come together once a day."""

    person_public_id: str
    topic: NoticeTopic | None


def make_stop_token(signer: Signer, mail: OutboxMail, *, at: datetime) -> str | None:
    """A token that ends mails like `mail`; None for one that cannot be ended."""
    topic = find_topic(mail.kind)
    if mail.person is None or (topic is None and mail.kind != DIGEST_KIND):
        return None
    facts = {"person": mail.person.public_id, "topic": topic.value if topic else _DAILY}
    return signer.sign(_PURPOSE, facts, expires_at=at + _GOOD_FOR)


def read_stop_token(signer: Signer, token: str, *, at: datetime) -> Stopping | None:
    """What `token` stands for; None for one that is not ours or too old."""
    facts = signer.read(_PURPOSE, token, at=at)
    if facts is None:
        return None
    topic = facts["topic"]
    return Stopping(facts["person"], None if topic == _DAILY else NoticeTopic(topic))
