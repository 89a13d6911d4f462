"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.extensions import db
from app.transactions import write_in_groups
from app.vouchers.actions.lapsing import lapse_vouchers, remind_of_vouchers

_TOGETHER = 20


def let_vouchers_run_out(app: Flask, at: datetime) -> int:
    """Vouchers whose last day is over lapse, and founders are told of last days that are near.

    Committed in small groups, so that nobody waits long. Returns how many there were.
    """
    with app.app_context():
        return sum(
            write_in_groups(db.session, each, size=_TOGETHER, actor=Installation.CLOCK, at=at)
            for each in (lapse_vouchers, remind_of_vouchers)
        )
