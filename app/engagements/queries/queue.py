"""Where needs wait for a place, with their place in the queue."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from app.access import Actor
from models.engagements import Engagement
from models.lifecycle import QUEUE_PLACE_OPEN
from models.needs import Need
from models.queues import QueuePlace

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class QueuePlaceView:
    """`number` counts from 1, requests that wait for an answer included; None once it is over."""

    public_id: str
    state: str
    need_public_id: str
    need_title: str
    provider_public_id: str
    provider_name: str
    number: int | None
    joined_at: datetime
    offer_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some of the places, the latest first; `older` is where the list goes on."""

    rows: tuple[QueuePlaceView, ...]
    older: str | None


def find_queue_place(session: Session, public_id: str) -> QueuePlace | None:
    """The one with this public id."""
    return session.scalar(
        select(QueuePlace)
        .where(QueuePlace.public_id == public_id)
        .options(
            joinedload(QueuePlace.need).joinedload(Need.startup), joinedload(QueuePlace.provider)
        )
    )


def is_own(viewer: Actor) -> ColumnElement[bool]:
    """Those of needs of the startups for which `viewer` acts: the rule "queue_place:leave"."""
    return Need.startup_id.in_(viewer.founds)


def select_places(viewer: Actor, *, state: str | None = None) -> Select[QueuePlace]:
    """Those of the viewer's own startups; `state` narrows it."""
    query = (
        select(QueuePlace)
        .join(QueuePlace.need)
        .where(is_own(viewer))
        .options(
            contains_eager(QueuePlace.need).joinedload(Need.startup),
            joinedload(QueuePlace.provider),
        )
    )
    return query if state is None else query.where(QueuePlace.state == state)


def list_open(session: Session, viewer: Actor, *, before: str | None = None) -> QueuePage:
    """A page of what the viewer's startups wait for, from after the one with public id `before`."""
    query = select_places(viewer).where(QueuePlace.state.in_(QUEUE_PLACE_OPEN))
    if before is not None:
        edge = select(QueuePlace.id).where(QueuePlace.public_id == before).scalar_subquery()
        query = query.where(QueuePlace.id < edge)
    found = session.scalars(query.order_by(QueuePlace.id.desc()).limit(PAGE_SIZE + 1)).all()
    numbers = number_places(session, found[:PAGE_SIZE])
    rows = tuple(view_place(row, numbers) for row in found[:PAGE_SIZE])
    return QueuePage(rows, rows[-1].public_id if len(found) > PAGE_SIZE else None)


def number_places(session: Session, places: Collection[QueuePlace]) -> Mapping[int, int]:
    """Which number each of `places` has, by its id, in one query; those that are over have none."""
    other = aliased(QueuePlace)
    requests = (
        select(func.count())
        .where(Engagement.provider_id == QueuePlace.provider_id, Engagement.state == "requested")
        .correlate(QueuePlace)
        .scalar_subquery()
    )
    ahead = (
        select(func.count())
        .select_from(other)
        .where(
            other.provider_id == QueuePlace.provider_id,
            other.state.in_(QUEUE_PLACE_OPEN),
            other.id < QueuePlace.id,
        )
        .correlate(QueuePlace)
        .scalar_subquery()
    )
    rows = session.execute(
        select(QueuePlace.id, requests + ahead + 1).where(
            QueuePlace.id.in_([place.id for place in places]),
            QueuePlace.state.in_(QUEUE_PLACE_OPEN),
        )
    )
    return {row[0]: row[1] for row in rows}


def view_place(place: QueuePlace, numbers: Mapping[int, int]) -> QueuePlaceView:
    """What its startup reads of `place`."""
    return QueuePlaceView(
        public_id=place.public_id,
        state=place.state,
        need_public_id=place.need.public_id,
        need_title=place.need.title,
        provider_public_id=place.provider.public_id,
        provider_name=place.provider.name,
        number=numbers.get(place.id),
        joined_at=place.joined_at,
        offer_due_at=place.offer_due_at,
    )
