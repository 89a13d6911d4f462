"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.enquiries.actions.answering import remind_of_enquiries
from app.extensions import db
from app.transactions import writing

_TOGETHER = 20


def recall_enquiries(app: Flask, at: datetime) -> int:
    """Whoever has to answer a question about a list is told again; how many questions that were.

    Committed in small groups.
    """
    contact = app.extensions["yinqiao_settings"].privacy_contact
    done = 0
    with app.app_context():
        while True:
            with writing(db.session):
                count = remind_of_enquiries(
                    db.session,
                    contact=contact,
                    actor=Installation.CLOCK,
                    at=at,
                    limit=_TOGETHER,
                )
            done += count
            if count < _TOGETHER:
                return done
