"""What waits in this room: steps of orders, and slots that no longer fit."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.access import Actor
from app.telling.waiting import WaitingItem, WaitingList
from app.verification.queries import instruments, orders


def list_waiting(session: Session, viewer: Actor, at: datetime) -> list[WaitingItem]:
    """What each side of an order is expected to do next, and what a centre has to solve."""
    return [
        *orders.list_waiting(session, viewer, at),
        *instruments.list_waiting(session, viewer, at),
    ]


WAITING: Final = (
    WaitingList(orders.select_waiting, orders.list_waiting),
    WaitingList(instruments.select_waiting, instruments.list_waiting),
)
