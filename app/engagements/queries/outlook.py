"""What a founder knows of a provider before asking: how long it takes, and whether it can."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.engagements.queries.queue import QueuePlaceView, number_places, view_place
from app.engagements.queries.request_rules import get_rules
from app.engagements.queueing import count_free_places, find_open_place
from app.engagements.working_time import add_working_hours
from app.ranking.track_records import count_taken_places, list_answer_hours
from app.telling.notices import list_people_of
from models.engagements import Engagement
from models.lifecycle import QUEUE_PLACE_OPEN
from models.needs import Need
from models.organisations import Startup
from models.providers import Provider
from models.queues import QueuePlace


@dataclass(frozen=True, slots=True)
class Outlook:
    """`answer_hours` is the median of `answers` answers, None where there is none yet.

    `waiting` requests of others are open already, and `queued` needs wait for a place, of which
    `free` of `capacity` are free; `may_ask` says whether one of those is nobody else's turn.
    `own_place` is where the need waits already. `due_at` is when a request made now expires.
    """

    answer_hours: float | None
    answers: int
    free: int
    capacity: int
    waiting: int
    queued: int
    may_ask: bool
    own_place: QueuePlaceView | None
    has_account: bool
    has_operator: bool
    due_at: datetime

    @property
    def place_in_queue(self) -> int | None:
        """The place of whoever waits for a place from now on; None while one is free."""
        return None if self.may_ask else self.waiting + self.queued + 1


def get_outlook(
    session: Session,
    *,
    provider: Provider,
    startup: Startup,
    at: datetime,
    need: Need | None = None,
) -> Outlook:
    """What `startup` can expect of `provider` at `at`, with `need` where that waits already."""
    counted = select(func.count()).where(Engagement.provider_id == provider.id)
    taken = count_taken_places(session, [provider.id]).get(provider.id, 0)
    rules = get_rules(session, startup.incubator_id)
    own = find_open_place(session, need, provider) if need is not None else None
    queued = select(func.count()).where(
        QueuePlace.provider_id == provider.id, QueuePlace.state.in_(QUEUE_PLACE_OPEN)
    )
    return Outlook(
        answer_hours=list_answer_hours(session, [provider.id]).get(provider.id),
        answers=session.scalar(counted.where(Engagement.answered_at.is_not(None))) or 0,
        free=max(0, provider.capacity - taken),
        capacity=provider.capacity,
        waiting=session.scalar(counted.where(Engagement.state == "requested")) or 0,
        queued=session.scalar(queued) or 0,
        may_ask=count_free_places(session, provider, own=own) > 0,
        own_place=view_place(own, number_places(session, [own])) if own else None,
        has_account=any(
            person.has_way_in for person in list_people_of(session, provider_id=provider.id)
        ),
        has_operator=startup.incubator_id is not None,
        due_at=add_working_hours(at, rules.answer_hours),
    )
