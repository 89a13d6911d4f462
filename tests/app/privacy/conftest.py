"""An installation to erase somebody from."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine as DatabaseEngine

from app.settings import Settings
from tests.app.privacy.scenes import Installation
from tests.faults.process import AnotherProcess
from tests.faults.writer import open_engine


@pytest.fixture(scope="module")
def another_process() -> Iterator[AnotherProcess]:
    with AnotherProcess() as process:
        yield process


@pytest.fixture
def installation(fresh_engine: DatabaseEngine, settings: Settings) -> Installation:
    settings.instance_path.mkdir(parents=True)
    matching = open_engine(fresh_engine, settings.cache_path)
    return Installation(fresh_engine, matching, settings)
