"""Waiting for a place: joining the queue of a provider, leaving it, and being offered a place."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.access import Acting, Actor, require
from app.audit import record
from app.engagements import queueing
from app.engagements.actions.engagements import count_taken_places
from app.engagements.addresses import QUEUE
from app.engagements.errors import (
    AlreadyInQueue,
    AlreadyRequested,
    ConflictOfInterest,
    PlaceIsFree,
)
from app.engagements.may_ask import has_open, is_available, require_few_open
from app.engagements.queries.request_rules import get_rules
from app.engagements.trace import lock_provider
from app.engagements.working_time import add_working_hours
from app.errors import OutOfOrder
from app.matches.queries.conflicts import find_conflict
from app.pools.errors import ProviderNotAvailable
from app.telling.notices import list_people_of, tell
from app.words.wording import keep_moments
from models.lifecycle import QUEUE_PLACE_OPEN
from models.needs import Need
from models.pools import PoolEntry
from models.providers import Provider
from models.queues import QueuePlace
from models.vocabulary import ProviderKind


def join_queue(
    session: Session, *, need: Need, provider: Provider, actor: Actor, at: datetime
) -> QueuePlace:
    """The need waits for a place with `provider`, behind who joined before.

    It counts among the answers for which the startup may wait. Raises NotFound, NotPermitted,
    OutOfOrder when the need is not open, ProviderNotAvailable, ConflictOfInterest,
    AlreadyRequested, AlreadyInQueue (also of two at the same time), PlaceIsFree when nobody has to
    wait, TooManyOpenRequests.
    """
    require(actor, "engagement:request", need)
    if need.state != "open":
        raise OutOfOrder
    if conflict := find_conflict(session, need.startup, provider):
        raise ConflictOfInterest(because=conflict.because)
    lock_provider(session, provider.id)
    session.refresh(provider, ["state", "capacity"])
    if not is_available(session, provider, need.startup):
        raise ProviderNotAvailable
    if has_open(session, need, provider):
        raise AlreadyRequested
    if queueing.find_open_place(session, need, provider) is not None:
        raise AlreadyInQueue
    if queueing.count_free_places(session, provider) > 0:
        raise PlaceIsFree
    rules = get_rules(session, need.startup.incubator_id)
    require_few_open(session, need.startup, rules.open_requests)
    place = QueuePlace(need=need, provider=provider, joined_by_id=actor.acts_as_id, joined_at=at)
    try:
        with session.begin_nested():
            session.add(place)
    except IntegrityError:
        raise AlreadyInQueue from None
    record(
        session,
        actor=actor,
        kind="queue_joined",
        subject=place,
        at=at,
        incubator_id=need.startup.incubator_id,
    )
    session.flush()
    return place


def leave_queue(session: Session, *, place: QueuePlace, actor: Actor, at: datetime) -> None:
    """The need waits no longer; what was offered goes to the next. Raises NotFound, NotPermitted,
    ActionNotAllowed."""
    require(actor, "queue_place:leave", place)
    lock_provider(session, place.provider_id)
    queueing.lock_place(session, place)
    queueing.follow(session, place, "leave", actor=actor, at=at)


def settle_queue(session: Session, *, provider_id: int, actor: Acting, at: datetime) -> int:
    """The queue of one provider is as it has to be at `at`; gives how many places changed.

    What nobody can wait for any more is closed. An offer whose hours of working days have run out
    goes to the next. Free places are offered to the first who can ask now; where the provider took
    somebody else meanwhile, or is paused, offers go back and the wait goes on in the same place.
    Raises NotPermitted for anybody but the clock.
    """
    require(actor, "queue:settle")
    capacity = lock_provider(session, provider_id)
    # Its state decides, as it is now.
    session.get_one(Provider, provider_id, populate_existing=True)
    places = session.scalars(
        select(QueuePlace)
        .where(QueuePlace.provider_id == provider_id, QueuePlace.state.in_(QUEUE_PLACE_OPEN))
        .options(joinedload(QueuePlace.need).joinedload(Need.startup))
        .order_by(QueuePlace.id)
        .with_for_update(of=QueuePlace)
        .execution_options(populate_existing=True)
    ).all()
    before = {place.id: place.state for place in places}
    for place in places:
        _close_if_vain(session, place, actor, at)
        if place.state == "offered" and place.offer_due_at and place.offer_due_at <= at:
            queueing.follow(session, place, "lapse", actor=actor, at=at)
            _tell(session, place, "queue_offer_lapsed", at)
    free = capacity - count_taken_places(session, provider_id)
    free -= queueing.count_requests_kept_for(session, provider_id)
    _share_out(session, places, max(0, free), actor, at)
    return sum(place.state != before[place.id] for place in places)


def _share_out(
    session: Session, places: Sequence[QueuePlace], free: int, actor: Acting, at: datetime
) -> None:
    for place in places:
        can_ask = is_available(session, place.provider, place.need.startup)
        if place.state == "offered" and (free == 0 or not can_ask):
            queueing.follow(session, place, "put_back", actor=actor, at=at)
            _tell(session, place, "queue_place_put_back", at)
        elif place.state == "offered":
            free -= 1
    for place in places:
        if free == 0:
            return
        if place.state != "waiting" or not is_available(
            session, place.provider, place.need.startup
        ):
            continue
        rules = get_rules(session, place.need.startup.incubator_id)
        place.offer_due_at = due = add_working_hours(at, rules.offer_hours)
        queueing.follow(session, place, "offer", actor=actor, at=at)
        _tell(session, place, "queue_place_offered", at, times={"due": due})
        free -= 1


def _close_if_vain(session: Session, place: QueuePlace, actor: Acting, at: datetime) -> None:
    """What can come to nothing is over; who waits is told where it is not their own doing."""
    need, provider = place.need, place.provider
    if need.state != "open" or has_open(session, need, provider):
        queueing.follow(session, place, "close", actor=actor, at=at)
    elif _is_gone(session, place):
        queueing.follow(session, place, "close", actor=actor, at=at)
        _tell(session, place, "queue_closed", at)


def _is_gone(session: Session, place: QueuePlace) -> bool:
    """Whether the provider left for good: who is paused, here or in a pool, comes back."""
    provider, startup = place.provider, place.need.startup
    if provider.state not in ("published", "paused"):
        return True
    if provider.kind is not ProviderKind.MENTOR or provider.open_to_all:
        return False
    entry = select(PoolEntry.id).where(
        PoolEntry.provider_id == provider.id,
        PoolEntry.incubator_id == (startup.incubator_id or 0),
        PoolEntry.state.in_(("admitted", "paused")),
    )
    return session.scalar(entry) is None


def _tell(
    session: Session,
    place: QueuePlace,
    kind: str,
    at: datetime,
    *,
    times: Mapping[str, datetime] | None = None,
) -> None:
    for person in list_people_of(session, startup_id=place.need.startup_id):
        tell(
            session,
            person=person,
            kind=kind,
            facts={"provider": place.provider.name, "need": place.need.title}
            | keep_moments(times or {}),
            path=QUEUE,
            at=at,
        )
