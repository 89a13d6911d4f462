"""Two hundred writers are killed at random moments: nothing is lost, nothing is half done.

A writer says before each commit what the whole database will hold after it. Whenever it is
killed, the database must hold exactly what stood after its last commit that it knew of, or after
the one that it was at. An engine that starts from what was left must answer as one that was built
from the database alone, and so must one that lived through all of it.
"""

import json
import signal
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.transactions import writing
from matching.encoders.hashing import HashingEncoder
from matching.engine import Engine
from matching.records import Query
from models.providers import Provider, ProviderPassage
from models.revisions import ProviderTombstone, get_database_identity, get_latest_revision
from models.vocabulary import ProviderKind
from tests.app.engagements.scenes import make_scene
from tests.factories import make_mentor
from tests.faults.state import State, list_differing, read_state
from tests.faults.writer import APPLICATION_NAME, open_engine
from tests.faults.zygote import Order, Outcome, Zygote

# For each of four databases of SQLite and one of PostgreSQL.
KILLS = 40
QUERIES = (
    "Wafer yield and epitaxy defects. Trench gate oxide fails.",
    "轴承与激光。谁做过样机中试？",
    "Catheter trial pilot, electrolyte audit",
)


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as zygote:
        yield zygote


class Ledger:
    """What the writers have said, held against what the database says after each kill."""

    def __init__(self, database: DatabaseEngine, cache_folder: Path) -> None:
        self._database = database
        self._cache_folder = cache_folder
        self._follower = open_engine(database, None)
        self._revision = 0
        # Each text and each kind after each kill, all their pairs after three.
        self._questions = cycle(
            Query(text=words, kind=kind.value, all_published=True)
            for shift in range(len(ProviderKind))
            for words, kind in zip(QUERIES, (*ProviderKind, *ProviderKind)[shift:], strict=False)
        )
        self.started_from_snapshots = 0
        with database.connect() as connection:
            self._state: State = read_state(connection)

    def check(self, outcome: Outcome) -> None:
        """Nothing that was acknowledged is lost, nothing is half done, nothing is damaged."""
        committed, announced = self._state, None
        for line in outcome.lines:
            mark, _, facts = line.partition(" ")
            assert mark != "failed", json.loads(facts)
            if mark == "committing":
                announced = json.loads(facts)
            elif mark == "committed" and announced is not None:
                committed, announced = announced, None
        assert outcome.signal == signal.SIGKILL
        self._wait_until_nobody_writes()
        with self._database.connect() as connection:
            self._state = read_state(connection)
        possible = [committed] if announced is None else [committed, announced]
        assert self._state in possible, [list_differing(self._state, each) for each in possible]
        self._check_database()
        self._check_engines()

    def _wait_until_nobody_writes(self) -> None:
        """PostgreSQL ends what a killed process began only when it notices that it is gone."""
        if self._database.dialect.name == "sqlite":
            return
        query = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
        for _ in range(500):
            with self._database.connect() as connection:
                if connection.scalar(query, {"name": APPLICATION_NAME}) == 0:
                    return
            time.sleep(0.01)
        raise AssertionError("the server still works for a process that was killed")

    def _check_database(self) -> None:
        with self._database.connect() as connection:
            if self._database.dialect.name == "sqlite":
                assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        with Session(self._database) as session:
            revision = get_latest_revision(session)
            assert revision >= self._revision
            self._revision = revision
            newest = (
                session.scalar(select(func.max(Provider.revision))) or 0,
                session.scalar(select(func.max(ProviderTombstone.revision))) or 0,
            )
            assert max(newest) == revision
            both = select(Provider.id).join(
                ProviderTombstone, ProviderTombstone.provider_id == Provider.id
            )
            # A draft may have the number of somebody who is gone; no index knows a draft.
            later = both.where(
                Provider.revision > 0, ProviderTombstone.revision >= Provider.revision
            )
            assert session.scalars(later).all() == []
            for provider in session.scalars(select(Provider).where(Provider.state == "published")):
                self._check_passages(provider.published_text, provider.passages)

    def _check_passages(self, published_text: str, passages: list[ProviderPassage]) -> None:
        spans = [(p.start, p.end) for p in passages if p.role == "whole"]
        assert spans == [(0, len(published_text))]
        pieces = [published_text[p.start : p.end] for p in passages]
        expected = HashingEncoder().encode(pieces, role="passage")
        assert [p.vector for p in passages] == [vector.tobytes() for vector in expected]
        assert {p.fingerprint for p in passages} == {HashingEncoder().fingerprint}

    def _check_engines(self) -> None:
        asked = [next(self._questions) for _ in ProviderKind]
        fresh = answer(open_engine(self._database, None), asked)
        left = list((self._cache_folder / "index").glob("*/manifest.json"))
        assert answer(open_engine(self._database, self._cache_folder), asked) == fresh
        assert answer(self._follower, asked) == fresh
        # What was whole is still there: nothing that a killed process leaves is taken for damaged.
        self.started_from_snapshots += any(path.exists() for path in left)

    def clear_up(self) -> None:
        """What killed processes left unfinished goes with the next snapshot that is written."""
        matching = open_engine(self._database, self._cache_folder)
        with Session(self._database) as session, writing(session):
            make_mentor(session)
        matching.catch_up()
        assert matching.save_snapshot()
        names = [path.name for path in (self._cache_folder / "index").iterdir()]
        # The lock, the mark of the last removal and one snapshot.
        kinds = sorted(name.split("-")[0] for name in names)
        with Session(self._database) as session:
            assert kinds == sorted(["lock", "removed", get_database_identity(session)])
        assert [path.name for path in self._cache_folder.iterdir()] == ["index"]


def answer(matching: Engine, asked: Sequence[Query]) -> list[object]:
    return [matching.match(query, limit=20) for query in asked]


def choose_moment(chance: Random) -> tuple[str, int, float]:
    """A mark, how many of it, and how long after: often enough inside a commit."""
    match chance.randrange(10):
        case 0:
            # While it opens the database and the folder that the one before it left.
            return "started", 1, chance.uniform(0, 0.05)
        case 1 | 2:
            # While a snapshot of the index is written, verified and put in place of another.
            return "saving", chance.randint(1, 2), chance.uniform(0, 0.1)
        case 3 | 4 | 5 | 6:
            return "committing", chance.randint(1, 4), chance.choice([0, chance.uniform(0, 0.003)])
        case _:
            return "committed", chance.randint(1, 4), chance.uniform(0, 0.03)


def kill_writers(
    zygote: Zygote, database: DatabaseEngine, url: str, cache_folder: Path, seed: int
) -> None:
    with Session(database) as session, writing(session):
        make_scene(session)
    ledger = Ledger(database, cache_folder)
    chance = Random(seed)  # noqa: S311
    for _ in range(KILLS):
        mark, count, delay = choose_moment(chance)
        seed_of_writer = chance.randrange(10**6)
        order = Order(url, str(cache_folder), seed_of_writer, mark, count, delay)
        ledger.check(zygote.run(order))
    assert ledger.started_from_snapshots >= KILLS / 8
    ledger.clear_up()


@pytest.mark.faults
@pytest.mark.concurrency
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(4))
def test_killed_writers_lose_nothing_and_leave_nothing_half_done(
    zygote: Zygote, fresh_engine: DatabaseEngine, fresh_database_url: str, tmp_path: Path, seed: int
) -> None:
    kill_writers(zygote, fresh_engine, fresh_database_url, tmp_path, seed)


@pytest.mark.faults
@pytest.mark.concurrency
@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgres"], indirect=True)
def test_killed_clients_lose_nothing_and_leave_nothing_half_done(
    zygote: Zygote, fresh_engine: DatabaseEngine, fresh_database_url: str, tmp_path: Path
) -> None:
    kill_writers(zygote, fresh_engine, fresh_database_url, tmp_path, seed=4)
