"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.consents.actions import lapse_consents, tell_of_notice
from app.extensions import db
from app.transactions import writing

_TOGETHER = 50


def ask_again(app: Flask, at: datetime) -> int:
    """What rests on no consent to the present words is not shown, and people are told of another
    privacy notice; returns how many mentors and people that were. Committed in small groups."""
    done = 0
    with app.app_context():
        for step in (lapse_consents, tell_of_notice):
            count = _TOGETHER
            while count == _TOGETHER:
                with writing(db.session):
                    count = step(db.session, actor=Installation.CLOCK, at=at, limit=_TOGETHER)
                done += count
    return done
