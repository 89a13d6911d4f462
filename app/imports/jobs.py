"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.extensions import db
from app.imports.actions import continue_imports
from app.imports.queries import list_applying
from app.web.engine import get_engine


def apply_imports(app: Flask, at: datetime) -> int:
    """One more chunk of each confirmed import is done; returns how many rows that were."""
    with app.app_context():
        if not list_applying(db.session):
            return 0
        return continue_imports(db.session, engine=get_engine(), at=at)
