"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from app.access import Installation
from app.datarooms.actions.keeping import suspend_in_conflict
from app.extensions import db
from app.transactions import writing
from models.datarooms import RoomGrant


def look_for_conflicts(app: Flask, at: datetime) -> int:
    """Grants whose investors have come into conflict are suspended, one by one; how many.

    Nobody in conflict gets in meanwhile: each visit looks as well.
    """
    suspended = 0
    with app.app_context():
        numbers = db.session.scalars(
            select(RoomGrant.id).where(RoomGrant.state == "open").order_by(RoomGrant.id)
        ).all()
        db.session.rollback()
        for number in numbers:
            with writing(db.session):
                grant = db.session.get(RoomGrant, number)
                if grant is not None and suspend_in_conflict(
                    db.session, grant=grant, actor=Installation.CLOCK, at=at
                ):
                    suspended += 1
    return suspended
