"""A person's calendars: the address of a feed of ours, and addresses of others that are read."""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.calendars.errors import CalendarAddressRefused, CalendarKnown, TooManyCalendars
from app.calendars.fetching import make_https
from app.calendars.queries.connections import find_feed_of, hash_feed_token
from app.errors import DomainError
from app.webhooks.destinations import check_address
from models.calendars import MOST_SOURCES, SOURCE_URL_LIMIT, BusySource, CalendarFeed
from models.people import Person

_TOKEN_BYTES: Final = 24


def renew_feed(session: Session, *, person: Person, actor: Actor, at: datetime) -> str:
    """`person` has a feed with a new secret, which is given back once; a former one is void.

    Raises NotFound.
    """
    require(actor, "calendar:connect", person)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    feed = find_feed_of(session, person)
    if feed is None:
        feed = CalendarFeed(person_id=person.id)
        session.add(feed)
    feed.token_hash = hash_feed_token(token)
    feed.created_at = at
    feed.read_at = None
    session.flush()
    record(session, actor=actor, kind="renewed_calendar_feed", subject=person, at=at)
    return token


def revoke_feed(session: Session, *, person: Person, actor: Actor, at: datetime) -> None:
    """Nobody fetches the sessions of `person` any more. Raises NotFound."""
    require(actor, "calendar:connect", person)
    feed = find_feed_of(session, person)
    if feed is not None:
        session.delete(feed)
        session.flush()
        record(session, actor=actor, kind="revoked_calendar_feed", subject=person, at=at)


def add_source(
    session: Session, *, person: Person, url: str, actor: Actor, at: datetime
) -> BusySource:
    """The worker reads from `url` when `person` is taken elsewhere, from now on.

    Raises NotFound, CalendarAddressRefused, CalendarKnown, TooManyCalendars.
    """
    require(actor, "calendar:connect", person)
    try:
        check_address(make_https(url), ())
    except (DomainError, ValueError):
        raise CalendarAddressRefused from None
    if len(url) > SOURCE_URL_LIMIT:
        raise CalendarAddressRefused
    # The person's row stands for all of their calendars: two forms at once are counted one by one.
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    theirs = select(BusySource).where(BusySource.person_id == person.id)
    if session.scalar(theirs.where(BusySource.url == url)) is not None:
        raise CalendarKnown
    count = session.scalar(select(func.count()).select_from(theirs.subquery())) or 0
    if count >= MOST_SOURCES:
        raise TooManyCalendars(limit=MOST_SOURCES)
    source = BusySource(person_id=person.id, url=url, created_at=at, not_before=at)
    session.add(source)
    session.flush()
    record(session, actor=actor, kind="added_busy_calendar", subject=person, at=at)
    return source


def remove_source(session: Session, *, source: BusySource, actor: Actor, at: datetime) -> None:
    """The calendar is not read any more, and what was read of it is gone. Raises NotFound."""
    require(actor, "calendar:remove_source", source)
    person = source.person
    session.delete(source)
    session.flush()
    record(session, actor=actor, kind="removed_busy_calendar", subject=person, at=at)
