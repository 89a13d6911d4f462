"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.extensions import db
from app.transactions import write_in_groups, writing
from app.verification.actions.quoting import expire_quotes, lapse_requests
from app.verification.actions.reporting import lapse_reports
from app.verification.actions.waiting_lists import tell_due

_TOGETHER = 20


def let_run_out(app: Flask, at: datetime) -> int:
    """Quotes, requests for one and reports whose last day is over stand no more; all concerned are
    told.

    Quotes and requests are committed in small groups, so that nobody waits long, and reports one by
    one: each locks the order and then its startup. Returns how many there were.
    """
    with app.app_context():
        return sum(
            write_in_groups(db.session, each, size=size, actor=Installation.CLOCK, at=at)
            for each, size in (
                (expire_quotes, _TOGETHER),
                (lapse_requests, _TOGETHER),
                (lapse_reports, 1),
            )
        )


def tell_who_is_next(app: Flask, at: datetime) -> int:
    """In waiting lists, the next one is told where the one before has not booked.

    Instruments are committed one by one: each locks its own. Returns how many were looked at.
    """
    seen = 0
    with app.app_context():
        after = 0
        while True:
            with writing(db.session):
                done = tell_due(db.session, actor=Installation.CLOCK, at=at, after=after, limit=1)
            if not done:
                return seen
            seen += len(done)
            after = done[-1]
