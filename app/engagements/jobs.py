"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from app.access import Installation
from app.engagements.actions.engagements import expire_due
from app.engagements.actions.queue import settle_queue
from app.extensions import db
from app.transactions import writing
from models.lifecycle import QUEUE_PLACE_OPEN
from models.queues import QueuePlace

_EXPIRE_TOGETHER = 20


def expire_requests(app: Flask, at: datetime) -> int:
    """Requests whose time to answer has run out at `at` have expired; both sides are told.

    They are committed in small groups, so that nobody waits long; returns how many there were.
    """
    expired = 0
    with app.app_context():
        while True:
            with writing(db.session):
                count = expire_due(
                    db.session, actor=Installation.CLOCK, at=at, limit=_EXPIRE_TOGETHER
                )
            expired += count
            if count < _EXPIRE_TOGETHER:
                return expired


def settle_queues(app: Flask, at: datetime) -> int:
    """Free places are offered to who waits first, and offers that ran out go on to the next.

    Each queue is committed by itself; returns how many places in queues changed.
    """
    changed = 0
    with app.app_context():
        queues = db.session.scalars(
            select(QueuePlace.provider_id)
            .where(QueuePlace.state.in_(QUEUE_PLACE_OPEN))
            .distinct()
            .order_by(QueuePlace.provider_id)
        ).all()
        db.session.rollback()
        for provider_id in queues:
            with writing(db.session):
                changed += settle_queue(
                    db.session, provider_id=provider_id, actor=Installation.CLOCK, at=at
                )
    return changed
