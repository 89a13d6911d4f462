"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.access import Installation
from app.extensions import db
from app.transactions import write_in_groups
from app.workspace.actions.guests import end_invitations

_END_TOGETHER = 20


def end_readings_along(app: Flask, at: datetime) -> int:
    """Operators read along no longer where the engagement is over for long enough at `at`.

    Committed in small groups; returns how many invitations ended.
    """
    with app.app_context():
        return write_in_groups(
            db.session, end_invitations, size=_END_TOGETHER, actor=Installation.CLOCK, at=at
        )
