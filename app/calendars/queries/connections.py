"""A person's calendars: the feed of ours, and those elsewhere that are read."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendars import BusySource, CalendarFeed
from models.people import Person


def hash_feed_token(token: str) -> str:
    """What is stored of a feed's token. It is random, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_feed_of(session: Session, person: Person) -> CalendarFeed | None:
    """The feed of `person`, if there is one."""
    return session.get(CalendarFeed, person.id)


def find_feed(session: Session, token: str) -> CalendarFeed | None:
    """The feed that `token` opens, of somebody who may log in."""
    return session.scalar(
        select(CalendarFeed)
        .join(Person, Person.id == CalendarFeed.person_id)
        .where(CalendarFeed.token_hash == hash_feed_token(token), Person.deactivated_at.is_(None))
    )


def find_source(session: Session, public_id: str) -> BusySource | None:
    """The calendar elsewhere with this public id."""
    return session.scalar(select(BusySource).where(BusySource.public_id == public_id))


def list_sources(session: Session, person: Person) -> Sequence[BusySource]:
    """The calendars elsewhere that are read for `person`, the oldest first."""
    return session.scalars(
        select(BusySource).where(BusySource.person_id == person.id).order_by(BusySource.id)
    ).all()
