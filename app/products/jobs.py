"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.extensions import db
from app.products.actions.minding import lapse_products, remind_of_products
from app.transactions import writing

_TOGETHER = 50


def mind_products(app: Flask, at: datetime) -> int:
    """Products whose last day is over are shown no more, and operators are told of near ones.

    Committed in small groups, so that nobody waits long. Returns how many there were.
    """
    done = 0
    with app.app_context():
        for action in (lapse_products, remind_of_products):
            while True:
                with writing(db.session):
                    count = action(db.session, actor=Installation.CLOCK, at=at, limit=_TOGETHER)
                done += count
                if count < _TOGETHER:
                    break
    return done
