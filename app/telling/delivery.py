"""How somebody gets mail of a topic: at once, once a day, or not at all."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.telling.addresses import NOTICES
from app.telling.topics import DIGEST_KIND, find_topic
from models.notice_codes import NoticeDelivery
from models.notices import NoticePreference, OutboxMail
from models.people import Person

# When the mail of a day leaves, in its reader's zone.
DIGEST_TIME: Final = time(8)

# So many mails of one kind reach a person at once within such a time.
MOST_AT_ONCE: Final = 30
COUNTED_FOR: Final = timedelta(hours=1)


def choose_delivery(session: Session, *, person: Person, kind: str, at: datetime) -> NoticeDelivery:
    """How `person` gets mail of `kind`; what concerns the account itself comes at once.

    Of the rest so many of one kind do in an hour, and what is more with the day's: whoever asks
    and takes back all day long fills nobody's mailbox.
    """
    topic = find_topic(kind)
    if topic is None:
        return NoticeDelivery.AT_ONCE
    wanted = session.get(NoticePreference, (person.id, topic))
    delivery = wanted.delivery if wanted else NoticeDelivery.AT_ONCE
    if delivery is NoticeDelivery.AT_ONCE and _is_flooded(session, person, kind, at):
        return NoticeDelivery.DAILY
    return delivery


def _is_flooded(session: Session, person: Person, kind: str, at: datetime) -> bool:
    lately = (
        select(OutboxMail.id)
        .where(
            OutboxMail.person_id == person.id,
            OutboxMail.kind == kind,
            OutboxMail.created_at > at - COUNTED_FOR,
        )
        .limit(MOST_AT_ONCE)
    )
    # Whoever tells is in the middle of something, which may not be whole yet.
    with session.no_autoflush:
        return len(session.scalars(lately).all()) >= MOST_AT_ONCE


def get_digest(session: Session, *, person: Person, at: datetime) -> OutboxMail:
    """The mail that gathers what `person` is told until it leaves, made where there is none."""
    digest = session.scalar(
        select(OutboxMail)
        .where(
            OutboxMail.person_id == person.id,
            OutboxMail.kind == DIGEST_KIND,
            OutboxMail.sent_at.is_(None),
            OutboxMail.attempts == 0,
        )
        .order_by(OutboxMail.id.desc())
        .limit(1)
        .with_for_update()
    )
    if digest is None:
        digest = OutboxMail(
            person_id=person.id,
            address=person.email,
            locale=person.locale,
            kind=DIGEST_KIND,
            facts={},
            path=NOTICES,
            created_at=at,
            not_before=find_digest_time(at, ZoneInfo(person.time_zone)),
        )
        session.add(digest)
    return digest


def find_digest_time(at: datetime, zone: ZoneInfo) -> datetime:
    """The next `DIGEST_TIME` in `zone` after `at`."""
    local = at.astimezone(zone)
    today = datetime.combine(local.date(), DIGEST_TIME, zone)
    return (
        today
        if today > local
        else datetime.combine(local.date() + timedelta(days=1), DIGEST_TIME, zone)
    )
