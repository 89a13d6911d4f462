"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.extensions import db
from app.financings.actions.raising import end_financings
from app.transactions import writing


def end_due_financings(app: Flask, at: datetime) -> int:
    """Financings whose last day is over close or lapse, one by one, so that nobody waits long.

    Returns how many there were.
    """
    ended = 0
    with app.app_context():
        while True:
            with writing(db.session):
                count = end_financings(db.session, actor=Installation.CLOCK, at=at, limit=1)
            ended += count
            if not count:
                return ended
