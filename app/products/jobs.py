"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.extensions import db
from app.products.actions.minding import lapse_products, remind_of_products
from app.transactions import write_in_groups

_TOGETHER = 50


def mind_products(app: Flask, at: datetime) -> int:
    """Products whose last day is over are shown no more, and operators are told of near ones.

    Committed in small groups, so that nobody waits long. Returns how many there were.
    """
    with app.app_context():
        return sum(
            write_in_groups(db.session, each, size=_TOGETHER, actor=Installation.CLOCK, at=at)
            for each in (lapse_products, remind_of_products)
        )
