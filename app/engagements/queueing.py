"""What the queue of a provider keeps, and how a request comes out of it.

A place is kept for whoever was offered it, and for who asked upon that until the request is
answered. The caller holds the lock of the provider's row where it has to be sure.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.access import Acting
from app.audit import record
from app.ranking import track_records
from models.engagements import Engagement
from models.lifecycle import QUEUE_PLACE, QUEUE_PLACE_OPEN
from models.needs import Need
from models.organisations import Startup
from models.providers import Provider
from models.queues import QueuePlace


def find_open_place(session: Session, need: Need, provider: Provider) -> QueuePlace | None:
    """Where `need` waits for a place with `provider`."""
    return session.scalar(
        select(QueuePlace).where(
            QueuePlace.need_id == need.id,
            QueuePlace.provider_id == provider.id,
            QueuePlace.state.in_(QUEUE_PLACE_OPEN),
        )
    )


def count_requests_kept_for(session: Session, provider_id: int) -> int:
    """How many requests out of the queue wait for an answer: a place is kept for each."""
    return (
        session.scalar(
            select(func.count())
            .select_from(QueuePlace)
            .join(QueuePlace.engagement)
            .where(
                QueuePlace.provider_id == provider_id,
                QueuePlace.state == "taken",
                Engagement.state == "requested",
            )
        )
        or 0
    )


def count_free_places(
    session: Session, provider: Provider, *, own: QueuePlace | None = None
) -> int:
    """How many places of `provider` can be asked for: neither taken nor somebody else's turn.

    `own` is where the asking need waits: who comes after it stands in nobody's way.
    """
    taken = track_records.count_taken_places(session, [provider.id]).get(provider.id, 0)
    ahead: ColumnElement[bool] = QueuePlace.state.in_(QUEUE_PLACE_OPEN)
    if own is not None and own.state == "offered":
        ahead = and_(QueuePlace.state == "offered", QueuePlace.id != own.id)
    elif own is not None:
        ahead = or_(
            QueuePlace.state == "offered",
            and_(QueuePlace.state == "waiting", QueuePlace.id < own.id),
        )
    waiting = session.scalar(
        select(func.count()).where(QueuePlace.provider_id == provider.id, ahead)
    )
    kept = count_requests_kept_for(session, provider.id)
    return provider.capacity - taken - kept - (waiting or 0)


def count_open_places(session: Session, startup: Startup, *, apart_from: QueuePlace | None) -> int:
    """In how many queues `startup` waits."""
    query = (
        select(func.count())
        .select_from(QueuePlace)
        .join(QueuePlace.need)
        .where(Need.startup_id == startup.id, QueuePlace.state.in_(QUEUE_PLACE_OPEN))
    )
    if apart_from is not None:
        query = query.where(QueuePlace.id != apart_from.id)
    return session.scalar(query) or 0


def follow(
    session: Session, place: QueuePlace, action: str, *, actor: Acting | None, at: datetime
) -> None:
    """`place`, which is locked, goes its way, and the record says so. Raises ActionNotAllowed."""
    place.state = QUEUE_PLACE.follow(action, place.state)
    if place.state != "offered":
        place.offer_due_at = None
    if place.state not in QUEUE_PLACE_OPEN:
        place.closed_at = at
    session.flush()
    record(
        session,
        actor=actor,
        kind=f"queue_{_PAST[action]}",
        subject=place,
        at=at,
        incubator_id=place.need.startup.incubator_id,
    )
    session.flush()


def lock_place(session: Session, place: QueuePlace) -> None:
    """Read afresh; the caller holds the lock of the provider."""
    session.execute(select(QueuePlace.id).where(QueuePlace.id == place.id).with_for_update())
    session.refresh(place)


_PAST = {
    "offer": "place_offered",
    "put_back": "place_put_back",
    "lapse": "offer_lapsed",
    "take": "place_taken",
    "leave": "left",
    "close": "closed",
}
