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
from app.transactions import write_in_groups

_TOGETHER = 50


def mind_commissioners(app: Flask, at: datetime) -> int:
    """Offers find their accounts, and what has its last day behind it ends.

    Committed in small groups, so that nobody waits long. Returns how many there were.
    """
    with app.app_context():
        return sum(
            write_in_groups(db.session, each, size=_TOGETHER, actor=Installation.CLOCK, at=at)
            for each in (link_commissioners, lapse_commissioners, lapse_cares)
        )
