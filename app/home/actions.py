"""What people change here: the language they read in, and which notices they have read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from models.notice_codes import NoticeDelivery, NoticeTopic
from models.notices import Notice, NoticePreference
from models.people import LOCALES, Person


def choose_locale(session: Session, *, person: Person, locale: str) -> None:
    """Pages and mail for `person` are in `locale` from now on. Raises ValueError for another."""
    if locale not in LOCALES:
        raise ValueError(f"no such locale: {locale!r}")
    person.locale = locale
    session.flush()


def choose_deliveries(
    session: Session,
    *,
    person: Person,
    chosen: Mapping[NoticeTopic, NoticeDelivery],
    actor: Actor,
    at: datetime,
) -> None:
    """Mail of each topic in `chosen` comes to `person` as it says from now on.

    Raises NotFound unless `actor` is that person and nobody who stands in for them.
    """
    require(actor, "person:edit", person)
    _keep(session, person, chosen)
    record(session, actor=actor, kind="chose_mail", subject=person, at=at)
    session.flush()


def stop_mail(
    session: Session, *, person_public_id: str, topic: NoticeTopic | None, at: datetime
) -> None:
    """The person gets no more mail of `topic`, of None no more daily mail; whoever is gone gets
    none anyway. The right to ask for it is the link in a mail of theirs."""
    person = session.scalar(select(Person).where(Person.public_id == person_public_id))
    if person is None:
        return
    if topic is not None:
        _keep(session, person, {topic: NoticeDelivery.NONE})
    else:
        daily = session.scalars(
            select(NoticePreference.topic).where(
                NoticePreference.person_id == person.id,
                NoticePreference.delivery == NoticeDelivery.DAILY,
            )
        ).all()
        _keep(session, person, dict.fromkeys(daily, NoticeDelivery.NONE))
    record(session, actor=None, kind="stopped_mail", subject=person, at=at)
    session.flush()


def _keep(session: Session, person: Person, chosen: Mapping[NoticeTopic, NoticeDelivery]) -> None:
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    for topic, delivery in chosen.items():
        wanted = session.get(NoticePreference, (person.id, topic))
        if wanted is None:
            session.add(NoticePreference(person_id=person.id, topic=topic, delivery=delivery))
        else:
            wanted.delivery = delivery
    session.flush()


def read_notices(
    session: Session, *, person_id: int, notices: Sequence[Notice], at: datetime
) -> None:
    """These notices count as read, if they are this person's; one read before keeps its time."""
    session.execute(
        update(Notice)
        .where(
            Notice.id.in_([notice.id for notice in notices]),
            Notice.person_id == person_id,
            Notice.read_at.is_(None),
        )
        .values(read_at=at)
    )


def read_all_notices(session: Session, *, person_id: int, at: datetime) -> int:
    """All notices of this person up to `at` count as read. Returns how many were unread.

    What arrives after the page was asked for stays unread.
    """
    result = session.execute(
        update(Notice)
        .where(Notice.person_id == person_id, Notice.created_at <= at, Notice.read_at.is_(None))
        .values(read_at=at)
        .returning(Notice.id)
    )
    return len(result.all())
