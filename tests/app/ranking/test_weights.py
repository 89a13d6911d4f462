"""From a history to learned weights, to weights that rank: nothing changes by itself."""

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.commands.cli import main
from app.extensions import db
from app.ranking.indexing import Matching
from app.ranking.learning import learn
from app.ranking.versions import Activation, VersionRefused, VersionUnknown, list_versions
from app.ranking.weights import (
    activate_weights,
    find_active_weights,
    read_values,
    write_values,
)
from app.settings import Settings
from app.transactions import writing
from app.web.engine import get_engine
from matching.ranking.weights import SHIPPED
from matching.records import Query
from models.audit import AuditEntry
from models.learned import WeightsVersion
from models.orm import begin_writing
from tests.app.lived_history import live_through
from tests.factories import AT, make_mentor

QUERY = Query("We need somebody who ran a silicon-carbide wafer line.", all_published=True)
BETTER = {"against": SHIPPED.version, "difference": 0.03, "low": 0.01, "high": 0.05}
WORSE = {"against": SHIPPED.version, "difference": -0.01, "low": -0.02, "high": 0.001}


@pytest.fixture
def installation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What the commands work on: the database of this test, without a model."""
    monkeypatch.setenv("YINQIAO_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("YINQIAO_INSTANCE_PATH", str(settings.instance_path))
    monkeypatch.setenv("YINQIAO_ENCODER", "hashing")
    return settings


def store(session: Session, version: str, **values: Any) -> WeightsVersion:
    """A learned version that goes by words alone, stored and not active."""
    learned = replace(SHIPPED, whole=0.0, late=0.1, back=0.0, words=0.9)
    given = {"values": write_values(learned), "trained_on": {}, "quality": BETTER} | values
    stored = WeightsVersion(version=version, made_at=AT, **given)
    session.add(stored)
    session.flush()
    return stored


def activate(session: Session, version: str, *, forced: bool = False) -> Activation:
    return activate_weights(session, version=version, forced=forced, actor=None, at=AT)


def count_versions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(WeightsVersion)) or 0


# ---- records -----------------------------------------------------------------------------------


def test_weights_come_back_as_they_were_written() -> None:
    weights = replace(SHIPPED, version="learned-1", whole=0.23, words=0.35, silence=0.2)
    stored = json.loads(json.dumps(write_values(weights)))
    assert "version" not in stored
    assert read_values("learned-1", stored) == weights


def test_constants_of_other_times_are_filled_up_and_left_out() -> None:
    stored = write_values(SHIPPED)
    del stored["silence"], stored["soft"]["gate"]
    stored["soft"]["fields"] = 0.2
    stored["of_long_ago"] = 3.0
    found = read_values("learned-1", stored)
    assert (found.silence, found.soft["gate"]) == (SHIPPED.silence, SHIPPED.soft["gate"])
    assert found.soft["fields"] == 0.2


def test_without_an_active_version_the_shipped_weights_rank(session: Session) -> None:
    store(session, "learned-1")
    assert find_active_weights(session) == SHIPPED


def test_a_version_that_cannot_be_read_leaves_the_shipped_weights(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    store(session, "learned-1", values=write_values(SHIPPED) | {"whole": 0.9}, active=True)
    assert find_active_weights(session) == SHIPPED
    assert "learned-1 cannot be read" in caplog.text
    store(session, "learned-2", values={"whole": "much"})
    with pytest.raises(VersionUnknown):
        activate(session, "learned-2", forced=True)


@pytest.mark.parametrize(
    "values",
    [
        [],
        "much",
        {"soft": []},
        {"load": None},
        {"load": 10**400},
        {"load": "inf"},
        {"exposure": "nan"},
        {"soft": {"fields": "nan"}},
        {"whole": "nan"},
    ],
)
def test_what_is_stored_and_is_no_record_of_weights_never_ranks(
    session: Session, values: Any
) -> None:
    store(session, "learned-1", values=values, active=True)
    assert find_active_weights(session) == SHIPPED
    store(session, "learned-2", values=values)
    with pytest.raises(VersionUnknown):
        activate(session, "learned-2", forced=True)


def test_a_difference_that_is_no_number_proves_nothing(session: Session) -> None:
    store(session, "learned-1", quality=BETTER | {"difference": "nan"})
    with pytest.raises(VersionRefused):
        activate(session, "learned-1")


def test_the_database_holds_one_active_version_at_most(session: Session) -> None:
    store(session, "learned-1", active=True)
    with pytest.raises(IntegrityError):
        store(session, "learned-2", active=True)


# ---- activating --------------------------------------------------------------------------------


def test_a_better_version_ranks_once_it_is_activated_and_the_record_says_so(
    session: Session,
) -> None:
    stored = store(session, "learned-1")
    assert activate(session, "learned-1") == Activation(SHIPPED.version, "learned-1")
    assert find_active_weights(session).version == "learned-1"
    assert find_active_weights(session).words == 0.9
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.kind == "weights_activated"))
    assert (entry.actor_id, entry.subject_public_id) == (None, stored.public_id)
    assert entry.detail == {"before": SHIPPED.version, "now": "learned-1", "forced": "no"}


def test_activating_what_ranks_already_changes_and_records_nothing(session: Session) -> None:
    assert activate(session, SHIPPED.version) == Activation(SHIPPED.version, SHIPPED.version)
    store(session, "learned-1")
    activate(session, "learned-1")
    activate(session, "learned-1")
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_a_worse_version_is_refused_unless_forced(session: Session) -> None:
    store(session, "learned-1", quality=WORSE)
    with pytest.raises(VersionRefused, match="is worse"):
        activate(session, "learned-1")
    assert find_active_weights(session) == SHIPPED
    activate(session, "learned-1", forced=True)
    assert find_active_weights(session).version == "learned-1"
    # Back to what was measured to be better needs no force.
    activate(session, SHIPPED.version)
    assert find_active_weights(session) == SHIPPED


def test_going_back_to_what_was_measured_to_be_worse_takes_force(session: Session) -> None:
    store(session, "learned-1")
    activate(session, "learned-1")
    with pytest.raises(VersionRefused, match=r"is worse \(-0.03"):
        activate(session, SHIPPED.version)
    activate(session, SHIPPED.version, forced=True)
    assert find_active_weights(session) == SHIPPED


def test_a_version_that_was_measured_against_another_is_refused(session: Session) -> None:
    store(session, "learned-1")
    store(session, "learned-2")
    activate(session, "learned-1")
    with pytest.raises(VersionRefused, match="never measured against learned-1"):
        activate(session, "learned-2")
    assert find_active_weights(session).version == "learned-1"


def test_what_nobody_learned_cannot_be_activated(session: Session) -> None:
    with pytest.raises(VersionUnknown, match="learned-7"):
        activate(session, "learned-7", forced=True)


# ---- engines -----------------------------------------------------------------------------------


@pytest.mark.concurrency
def test_every_engine_ranks_by_the_activated_version_within_a_second(
    app: Flask, settings: Settings, fresh_engine: DatabaseEngine
) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        make_mentor(session, summary="Ran a silicon-carbide wafer line.")
        make_mentor(session, summary="Sells devices to hospitals.", can_help_with="Finds buyers.")
        store(session, "learned-1")
        session.commit()
    with app.app_context():
        first = get_engine()
    second = Matching(settings, fresh_engine).get_engine()
    before = [engine.match(QUERY) for engine in (first, second)]
    assert [found.versions.weights for found in before] == [SHIPPED.version] * 2

    with Session(fresh_engine) as session:
        begin_writing(session)
        activate(session, "learned-1")
        session.commit()
    committed = time.monotonic()
    after = [engine.match(QUERY) for engine in (first, second)]
    assert time.monotonic() - committed < 1

    assert [found.versions.weights for found in after] == ["learned-1"] * 2
    for old, new in zip(before, after, strict=True):
        assert new.versions.revision == old.versions.revision + 1
        scores = [result.score for result in new.results]
        assert scores != [result.score for result in old.results]
        for result in new.results:
            relevance = 0.1 * result.features["late"] + 0.9 * result.features["words"]
            assert result.features["relevance"] == pytest.approx(relevance, abs=1e-5)


@pytest.mark.concurrency
def test_an_activation_that_is_taken_back_reaches_no_engine(
    settings: Settings, fresh_engine: DatabaseEngine
) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        make_mentor(session)
        store(session, "learned-1")
        session.commit()
        engine = Matching(settings, fresh_engine).get_engine()
        begin_writing(session)
        activate(session, "learned-1")
        session.rollback()
    assert engine.match(QUERY).versions.weights == SHIPPED.version


@pytest.mark.parametrize("is_activated_before", [True, False])
def test_an_engine_that_starts_from_a_snapshot_ranks_by_the_active_version(
    settings: Settings, fresh_engine: DatabaseEngine, is_activated_before: bool
) -> None:
    def activate_for_all() -> None:
        with Session(fresh_engine) as session, writing(session):
            activate(session, "learned-1")

    with Session(fresh_engine) as session:
        begin_writing(session)
        make_mentor(session)
        store(session, "learned-1")
        session.commit()
    if is_activated_before:
        activate_for_all()
    engine = Matching(settings, fresh_engine).get_engine()
    engine.match(QUERY)
    assert engine.save_snapshot()
    if not is_activated_before:
        activate_for_all()

    restarted = Matching(settings, fresh_engine).get_engine()
    assert restarted.match(QUERY).versions.weights == "learned-1"


@pytest.mark.concurrency
def test_of_two_activations_at_once_one_ranks(fresh_engine: DatabaseEngine) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        for number in range(1, 5):
            store(session, f"learned-{number}")
        session.commit()
    start = threading.Barrier(4)

    def activate_alone(number: int) -> str:
        with Session(fresh_engine) as session:
            start.wait()
            with writing(session):
                return activate(session, f"learned-{number}", forced=True).before

    with ThreadPoolExecutor(4) as threads:
        before = list(threads.map(activate_alone, range(1, 5)))

    with Session(fresh_engine) as session:
        assert [each.active for each in list_versions(session, WeightsVersion)].count(True) == 1
        last = find_active_weights(session).version
        assert session.scalar(text("SELECT value FROM revision_counter")) == 4
    # One after the other: each saw what the one before had made active.
    assert {SHIPPED.version, *(f"learned-{n}" for n in range(1, 5))} - set(before) == {last}


_WATCHER = """
import sys, time
from app import create_app
from app.web.engine import get_engine
from matching.records import Query

with create_app().app_context():
    engine = get_engine()
    seen = None
    while seen != "learned-1":
        found = engine.match(Query("silicon carbide", all_published=True)).versions.weights
        if found != seen:
            print(found, flush=True)
            seen = found
        time.sleep(0.05)
"""


@pytest.mark.concurrency
def test_a_running_process_takes_what_another_one_activates_within_a_second(
    installation: Settings, fresh_engine: DatabaseEngine
) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        make_mentor(session)
        store(session, "learned-1")
        session.commit()
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", _WATCHER], stdout=subprocess.PIPE, text=True
    ) as watcher:
        assert watcher.stdout is not None
        assert watcher.stdout.readline() == f"{SHIPPED.version}\n"
        with Session(fresh_engine) as session, writing(session):
            activate(session, "learned-1")
        committed = time.monotonic()
        assert watcher.stdout.readline() == "learned-1\n"
        assert time.monotonic() - committed < 1
        assert watcher.wait(30) == 0


# ---- the whole way -----------------------------------------------------------------------------


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["weights", *arguments])


def test_what_happened_is_learned_and_ranks_when_it_is_told_to(
    installation: Settings, fresh_engine: DatabaseEngine
) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        live_through(session, 90)
        session.commit()

    told = run("learn")
    assert told.exit_code == 0, told.output
    assert "startups" in told.output
    assert "yinqiao weights activate learned-1" in told.output
    learned = json.loads(run("learn", "--json").output)
    assert learned["version"] == "learned-2"
    assert learned["quality"]["against"] == SHIPPED.version
    assert learned["quality"]["low"] > 0
    assert learned["values"]["whole"] > SHIPPED.whole
    assert learned["values"]["soft"] == dict(SHIPPED.soft)
    assert learned["trained_on"]["startups"] >= 60

    # Learning alone changes no ranking.
    listed = json.loads(run("list", "--json").output)
    assert [(row["version"], row["active"]) for row in listed] == [
        (SHIPPED.version, True),
        ("learned-1", False),
        ("learned-2", False),
    ]
    activated = run("activate", "learned-2")
    assert activated.exit_code == 0
    assert activated.output == f"learned-2 is in use from now on. Before, {SHIPPED.version} was.\n"
    assert "* learned-2" in run("list").output
    assert run("activate", "learned-2").output == "learned-2 is in use already.\n"

    # The next version is measured against the one that ranks now, and hardly differs from it.
    again = json.loads(run("learn", "--json").output)
    assert again["quality"]["against"] == "learned-2"
    refused = run("activate", "learned-1")
    assert refused.exit_code == 1
    assert "never measured against learned-2" in refused.output
    assert "--force" in refused.output
    assert run("activate", "learned-1", "--force").exit_code == 0


def test_where_too_little_happened_learning_says_so_and_changes_nothing(
    installation: Settings, fresh_engine: DatabaseEngine
) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        live_through(session, 5)
        session.commit()
        revision = session.scalar(text("SELECT value FROM revision_counter"))

    told = run("learn")
    assert told.exit_code == 0, told.output
    assert "Nothing was learned" in told.output
    assert f"{SHIPPED.version} goes on ranking" in told.output
    found = json.loads(run("learn", "--json").output)
    assert found["version"] is None
    assert found["trained_on"]["startups"] <= 5

    with Session(fresh_engine) as session:
        assert count_versions(session) == 0
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
        assert session.scalar(text("SELECT value FROM revision_counter")) == revision


def test_an_empty_installation_learns_nothing(installation: Settings) -> None:
    told = run("learn")
    assert told.exit_code == 0
    assert "0 lists led somewhere (no outcomes): 0 preferences of 0 startups." in told.output
    assert run("activate", "nothing").exit_code == 1
    assert f"* {SHIPPED.version}" in run("list").output


def test_learning_leaves_what_was_stored_before_alone(
    app: Flask, fresh_engine: DatabaseEngine
) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        store(session, "earlier")
        live_through(session, 60)
        session.commit()
    with app.app_context():
        lesson = learn(db.session, get_engine(), at=AT)
        db.session.rollback()
        versions = list_versions(db.session, WeightsVersion)
        assert [each.version for each in versions] == ["earlier", lesson.version]
        assert not any(each.active for each in versions)
        assert versions[1].values == lesson.values
        assert versions[1].quality == lesson.quality
