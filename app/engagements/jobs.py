"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.engagements.actions.engagements import expire_due
from app.extensions import db
from app.transactions import writing

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
