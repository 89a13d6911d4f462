"""An engine over the real database, with the encoder that needs no model."""

import pytest
from sqlalchemy import Engine as DatabaseEngine

from app.ranking.indexing import DatabaseChangeSource
from matching.background import Background, prepare_background
from matching.encoders.hashing import HashingEncoder
from matching.engine import Engine


@pytest.fixture(scope="session")
def background() -> Background:
    """Computed once: it depends on the encoder alone."""
    return prepare_background(HashingEncoder())


@pytest.fixture
def matching(fresh_engine: DatabaseEngine, background: Background) -> Engine:
    """The engine of one process, on a database of this test alone."""
    return Engine(HashingEncoder(), DatabaseChangeSource(fresh_engine), background=background)
