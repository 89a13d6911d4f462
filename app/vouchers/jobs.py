"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.extensions import db
from app.transactions import writing
from app.vouchers.actions.lapsing import lapse_vouchers, remind_of_vouchers

_TOGETHER = 20


def let_vouchers_run_out(app: Flask, at: datetime) -> int:
    """Vouchers whose last day is over lapse, and founders are told of last days that are near.

    Committed in small groups, so that nobody waits long. Returns how many there were.
    """
    done = 0
    with app.app_context():
        for action in (lapse_vouchers, remind_of_vouchers):
            while True:
                with writing(db.session):
                    count = action(db.session, actor=Installation.CLOCK, at=at, limit=_TOGETHER)
                done += count
                if count < _TOGETHER:
                    break
    return done
