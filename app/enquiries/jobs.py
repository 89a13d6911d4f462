"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.enquiries.actions.answering import remind_of_enquiries
from app.extensions import db
from app.transactions import write_in_groups

_TOGETHER = 20


def recall_enquiries(app: Flask, at: datetime) -> int:
    """Whoever has to answer a question about a list is told again; how many questions that were.

    Committed in small groups.
    """
    contact = app.extensions["yinqiao_settings"].privacy_contact
    with app.app_context():
        return write_in_groups(
            db.session,
            remind_of_enquiries,
            size=_TOGETHER,
            contact=contact,
            actor=Installation.CLOCK,
            at=at,
        )
