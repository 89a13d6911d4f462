"""Telling people: one row for the application and one for the outbox, in the same transaction.

No Flask here: the words are chosen when they are shown or sent (`app/words/wording.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.telling.delivery import choose_delivery, get_digest
from app.words.wording import keep_one_more
from models.notice_codes import NoticeDelivery
from models.notices import Notice, OutboxMail
from models.people import Membership, Person

# What happens within these minutes goes into one mail, where it is told together.
TOGETHER: Final = timedelta(minutes=5)

# So many notices are told in the mail of a day.
MOST_OF_A_DAY: Final = 100


@dataclass(frozen=True, slots=True)
class Named:
    """What of several is named in a notice, who has to see to it, and by when."""

    what: str
    owner: str = ""
    due_on: date | None = None


def tell(
    session: Session,
    *,
    person: Person,
    kind: str,
    facts: Mapping[str, str],
    path: str,
    at: datetime,
    calendar: str | None = None,
    calendar_method: str | None = None,
    link: str = "",
) -> None:
    """`person` will see it in the application and get it by mail, each in their own language.

    The mail comes as the person chose for the topic of `kind`: at once, with the day's, or not.
    It leads to `link` where there is one, which the application does not show.

    `kind` is one of those that the rooms word, `path` an address of this site. `calendar` is an
    iCalendar text (RFC 5545) with its method.
    """
    notice = Notice(person_id=person.id, kind=kind, facts=dict(facts), path=path, created_at=at)
    session.add(notice)
    delivery = choose_delivery(session, person=person, kind=kind, at=at)
    if delivery is NoticeDelivery.NONE:
        return
    # An invitation for a calendar is of no use the next morning.
    if delivery is NoticeDelivery.DAILY and calendar is None:
        _add_to_digest(session, person, notice, at)
        return
    send_mail(
        session,
        address=person.email,
        locale=person.locale,
        person=person,
        kind=kind,
        facts={**facts, "link": link} if link else facts,
        path=path,
        at=at,
        calendar=calendar,
        calendar_method=calendar_method,
    )


def tell_together(
    session: Session,
    *,
    person: Person,
    kind: str,
    facts: Mapping[str, str],
    path: str,
    at: datetime,
    named: Named | None = None,
) -> None:
    """`person` is told how often `kind` happened at `path` within some minutes, once.

    The mail waits for `TOGETHER`; what happens meanwhile, or before the notice was read, counts in
    the same one. The wording says the number by %(count)s, and by %(items)s what was `named`.
    """
    delivery = choose_delivery(session, person=person, kind=kind, at=at)
    if delivery is NoticeDelivery.AT_ONCE:
        _mail_together(session, person, kind, facts, path, at, named)
    notice = session.scalar(
        select(Notice)
        .where(
            Notice.person_id == person.id,
            Notice.kind == kind,
            Notice.path == path,
            Notice.read_at.is_(None),
        )
        .order_by(Notice.id.desc())
        .limit(1)
    )
    if notice is None:
        notice = Notice(person_id=person.id, kind=kind, facts={}, path=path)
        session.add(notice)
    notice.facts = _count_one_more(notice.facts, facts, named)
    notice.created_at = at
    if delivery is NoticeDelivery.DAILY:
        _add_to_digest(session, person, notice, at)


def _add_to_digest(session: Session, person: Person, notice: Notice, at: datetime) -> None:
    digest = get_digest(session, person=person, at=at)
    # What is more stands in the application, to which the mail leads.
    if notice not in digest.notices and len(digest.notices) < MOST_OF_A_DAY:
        digest.notices.append(notice)


def _mail_together(
    session: Session,
    person: Person,
    kind: str,
    facts: Mapping[str, str],
    path: str,
    at: datetime,
    named: Named | None,
) -> None:
    mail = session.scalar(
        select(OutboxMail)
        .where(
            OutboxMail.person_id == person.id,
            OutboxMail.kind == kind,
            OutboxMail.path == path,
            OutboxMail.sent_at.is_(None),
            OutboxMail.attempts == 0,
        )
        .order_by(OutboxMail.id.desc())
        .limit(1)
        .with_for_update()
    )
    if mail is None:
        send_mail(
            session,
            address=person.email,
            locale=person.locale,
            person=person,
            kind=kind,
            facts=_count_one_more({}, facts, named),
            path=path,
            at=at,
            wait=TOGETHER,
        )
    else:
        mail.facts = _count_one_more(mail.facts, facts, named)


def _count_one_more(
    told: Mapping[str, str], facts: Mapping[str, str], named: Named | None
) -> dict[str, str]:
    items = keep_one_more(told, named.what, owner=named.owner, due_on=named.due_on) if named else {}
    return {**facts, **items, "count": str(int(told.get("count", "0")) + 1)}


def send_mail(
    session: Session,
    *,
    address: str,
    locale: str,
    kind: str,
    facts: Mapping[str, str],
    path: str,
    at: datetime,
    person: Person | None = None,
    calendar: str | None = None,
    calendar_method: str | None = None,
    wait: timedelta = timedelta(0),
) -> None:
    """A mail to `address` leaves after the commit; for someone without an account, mail alone.

    It leaves after `wait` at the earliest.
    """
    session.add(
        OutboxMail(
            person_id=person.id if person else None,
            address=address,
            locale=locale,
            kind=kind,
            facts=dict(facts),
            path=path,
            calendar=calendar,
            calendar_method=calendar_method,
            created_at=at,
            not_before=at + wait,
        )
    )


def list_people_of(
    session: Session,
    *,
    startup_id: int | None = None,
    provider_id: int | None = None,
    incubator_id: int | None = None,
) -> list[Person]:
    """The active people who act for one organisation, by the order in which they joined."""
    query = select(Person).join(Membership).where(Person.deactivated_at.is_(None))
    if startup_id is not None:
        query = query.where(Membership.startup_id == startup_id)
    if provider_id is not None:
        query = query.where(Membership.provider_id == provider_id)
    if incubator_id is not None:
        query = query.where(Membership.incubator_id == incubator_id)
    return list(session.scalars(query.order_by(Membership.id)))


def count_unread(session: Session, *, person_id: int) -> int:
    """How many notices this person has not read. Answered from an index: every page asks."""
    query = select(func.count()).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return session.scalar(query) or 0
