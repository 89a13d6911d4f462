"""What waits for somebody in one room, as its lists say."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor
from app.rooms import ROOMS
from app.telling.waiting import WaitingItem, list_waiting_now, sort_by_due_time


def make_lister(room: str) -> Callable[[Session, Actor, datetime], list[WaitingItem]]:
    """A function that lists what waits for an actor at a time in the room so named."""
    (lists,) = (each.waiting for each in ROOMS if each.name == room)

    def list_waiting(session: Session, viewer: Actor, at: datetime) -> list[WaitingItem]:
        return sort_by_due_time(list_waiting_now(session, lists, viewer, at))

    return list_waiting
