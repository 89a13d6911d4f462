"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.extensions import db
from app.transactions import writing
from app.verification.actions.quoting import expire_quotes
from app.verification.actions.reporting import lapse_reports

_TOGETHER = 20


def let_run_out(app: Flask, at: datetime) -> int:
    """Quotes and reports whose last day is over stand no more; all concerned are told.

    They are committed in small groups, so that nobody waits long; returns how many there were.
    """
    ended = 0
    with app.app_context():
        for action in (expire_quotes, lapse_reports):
            while True:
                with writing(db.session):
                    count = action(db.session, actor=Installation.CLOCK, at=at, limit=_TOGETHER)
                ended += count
                if count < _TOGETHER:
                    break
    return ended
