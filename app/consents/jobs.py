"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.consents.actions import lapse_consents, tell_of_notice
from app.extensions import db
from app.transactions import write_in_groups

_TOGETHER = 50


def ask_again(app: Flask, at: datetime) -> int:
    """What rests on no consent to the present words is not shown, and people are told of another
    privacy notice; returns how many mentors and people that were. Committed in small groups."""
    with app.app_context():
        return sum(
            write_in_groups(db.session, each, size=_TOGETHER, actor=Installation.CLOCK, at=at)
            for each in (lapse_consents, tell_of_notice)
        )
