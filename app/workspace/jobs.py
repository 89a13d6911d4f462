"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.extensions import db
from app.transactions import writing
from app.workspace.actions.guests import end_invitations

_END_TOGETHER = 20


def end_readings_along(app: Flask, at: datetime) -> int:
    """Operators read along no longer where the engagement is over for long enough at `at`.

    Committed in small groups; returns how many invitations ended.
    """
    ended = 0
    with app.app_context():
        while True:
            with writing(db.session):
                count = end_invitations(
                    db.session, actor=Installation.CLOCK, at=at, limit=_END_TOGETHER
                )
            ended += count
            if count < _END_TOGETHER:
                return ended
