"""The commands of the index, and the worker's job that saves a large one."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import jobs
from app.commands.cli import main
from app.settings import Settings
from models.orm import begin_writing
from models.providers import Provider
from models.revisions import mark_changed
from tests.factories import make_centre, make_investor, make_mentor


@pytest.fixture
def installation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What the commands work on: the database of this test, without a model."""
    monkeypatch.setenv("YINQIAO_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("YINQIAO_INSTANCE_PATH", str(settings.instance_path))
    monkeypatch.setenv("YINQIAO_ENCODER", "hashing")
    return settings


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["index", *arguments])


def publish_three(engine: DatabaseEngine) -> int:
    """The number of one of them."""
    with Session(engine) as session:
        begin_writing(session)
        mentor = make_mentor(session)
        make_investor(session)
        make_centre(session)
        session.commit()
        return mentor.id


def list_snapshots(settings: Settings) -> list[Path]:
    folder = settings.cache_path / "index"
    return [path for path in folder.glob("*") if path.is_dir()]


def test_an_index_that_was_built_is_found_to_hold_what_the_database_does(
    installation: Settings, fresh_engine: DatabaseEngine
) -> None:
    publish_three(fresh_engine)
    checked = run("check")
    assert checked.exit_code == 0, checked.output
    assert "there is no snapshot" in checked.output
    built = run("rebuild")
    assert built.exit_code == 0, built.output
    assert built.output.startswith("3 providers at revision 1 in ")
    (path,) = list_snapshots(installation)
    again = run("rebuild")
    assert again.exit_code == 0, again.output
    assert list_snapshots(installation) != [path]
    checked = run("check")
    assert checked.exit_code == 0, checked.output
    assert "from a snapshot" in checked.output


def test_a_change_that_took_no_revision_is_found_and_put_right(
    installation: Settings, fresh_engine: DatabaseEngine
) -> None:
    mentor = publish_three(fresh_engine)
    run("rebuild")
    with fresh_engine.begin() as connection:
        connection.execute(text("UPDATE provider SET place_code = '110105' WHERE id = 1"))
    checked = run("check")
    assert checked.exit_code == 1
    assert f"1 providers differ: {mentor}" in checked.output
    assert run("rebuild").exit_code == 0
    assert run("check").exit_code == 0


def test_the_worker_saves_a_large_index_and_leaves_a_small_one_alone(
    app: Flask,
    settings: Settings,
    fresh_engine: DatabaseEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mentor = publish_three(fresh_engine)
    assert jobs.keep_snapshot(app) == 0
    assert list_snapshots(settings) == []
    monkeypatch.setattr(jobs, "PASSAGES_SAVED_IN_PASSING", 1)
    monkeypatch.setattr("matching.engine.PASSAGES_SAVED_IN_PASSING", 1)
    monkeypatch.setattr("matching.engine._LEAST_UNSAVED", 1)
    assert jobs.keep_snapshot(app) == 1
    assert len(list_snapshots(settings)) == 1
    assert jobs.keep_snapshot(app) == 0
    with Session(fresh_engine) as session:
        begin_writing(session)
        session.get_one(Provider, mentor).capacity = 9
        mark_changed(session, mentor, standing_only=True)
        session.commit()
    assert jobs.keep_snapshot(app) == 1
