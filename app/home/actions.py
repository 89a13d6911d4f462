"""What people change here: the language they read in, and which notices they have read."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.notices import Notice
from models.people import LOCALES, Person


def choose_locale(session: Session, *, person: Person, locale: str) -> None:
    """Pages and mail for `person` are in `locale` from now on. Raises ValueError for another."""
    if locale not in LOCALES:
        raise ValueError(f"no such locale: {locale!r}")
    person.locale = locale
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
