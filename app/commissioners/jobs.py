"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.commissioners.actions.minding import (
    lapse_cares,
    lapse_commissioners,
    link_commissioners,
)
from app.extensions import db
from app.transactions import writing

_TOGETHER = 50


def mind_commissioners(app: Flask, at: datetime) -> int:
    """Offers find their accounts, and what has its last day behind it ends.

    Committed in small groups, so that nobody waits long. Returns how many there were.
    """
    done = 0
    with app.app_context():
        for action in (link_commissioners, lapse_commissioners, lapse_cares):
            while True:
                with writing(db.session):
                    count = action(db.session, actor=Installation.CLOCK, at=at, limit=_TOGETHER)
                done += count
                if count < _TOGETHER:
                    break
    return done
