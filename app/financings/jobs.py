"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.extensions import db
from app.financings.actions.raising import end_financings
from app.transactions import write_in_groups


def end_due_financings(app: Flask, at: datetime) -> int:
    """Financings whose last day is over close or lapse, one by one, so that nobody waits long.

    Returns how many there were.
    """
    with app.app_context():
        return write_in_groups(db.session, end_financings, size=1, actor=Installation.CLOCK, at=at)
