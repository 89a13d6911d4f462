"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.arrangements.actions.minding import lapse_offers, mind_arrangements
from app.extensions import db
from app.transactions import writing

# So many in one transaction, each with its startup locked.
_AT_ONCE = 20


def mind_all_arrangements(app: Flask, at: datetime) -> int:
    """What nobody has answered ends, and all that binds is judged once more, a few at a time.

    Returns how many transactions that took.
    """
    turns, after = 0, 0
    with app.app_context():
        while True:
            with writing(db.session):
                ended = lapse_offers(db.session, actor=Installation.CLOCK, at=at, limit=_AT_ONCE)
            turns += 1
            if ended < _AT_ONCE:
                break
        while True:
            with writing(db.session):
                last = mind_arrangements(
                    db.session, actor=Installation.CLOCK, at=at, after=after, limit=_AT_ONCE
                )
            turns += 1
            if last is None:
                return turns
            after = last
