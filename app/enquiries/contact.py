"""Whom the settings name for what no incubator answers."""

from flask import current_app


def get_contact() -> str:
    """An address, "" where the settings name nobody."""
    contact: str = current_app.extensions["yinqiao_settings"].privacy_contact
    return contact
