"""The matching engine of an application: one a process, made when it is first asked for."""

from flask import Flask, current_app
from sqlalchemy import Engine as DatabaseEngine

from app.ranking.indexing import Matching
from app.settings import Settings
from matching.engine import Engine


def register_matching(app: Flask, settings: Settings, database: DatabaseEngine) -> None:
    """Give `app` its engine, unmade."""
    app.extensions["yinqiao_matching"] = Matching(settings, database)


def get_matching() -> Matching:
    """What keeps the matching engine of this process, and knows how it is."""
    matching = current_app.extensions["yinqiao_matching"]
    if not isinstance(matching, Matching):
        raise RuntimeError("this application has no matching engine")
    return matching


def get_engine() -> Engine:
    """The matching engine of this process."""
    return get_matching().get_engine()
