"""What happens in this room without anybody asking."""

from datetime import datetime

from flask import Flask

from app.extensions import db
from app.vault.storage.choice import get_store
from app.vault.sweeping import sweep_files


def sweep_vault(app: Flask, at: datetime) -> int:
    """Files that no document has had for a day are removed; returns how many."""
    with app.app_context():
        return sweep_files(db.session, get_store(), at=at)
