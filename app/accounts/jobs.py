"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.accounts.actions import forget_address_changes, forget_log_ins, forget_tokens
from app.extensions import db
from app.transactions import writing
from app.web.refusals import forget_refusals
from app.web.throttles import forget_tries


def forget_ended(app: Flask, at: datetime) -> int:
    """Nothing is kept of log-ins, tries, changes and tokens that are over; returns of how many."""
    with app.app_context(), writing(db.session):
        return (
            forget_log_ins(db.session, at=at)
            + forget_tries(db.session, at=at)
            + forget_address_changes(db.session, at=at)
            + forget_tokens(db.session, at=at)
            + forget_refusals(db.session, at=at)
        )
