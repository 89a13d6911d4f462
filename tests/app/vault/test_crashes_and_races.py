"""Nothing is lost and nothing dangles, whoever is killed and whoever comes at the same moment."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.access import Actor
from app.clock import now
from app.errors import ChangedMeanwhile, NotPermitted
from app.transactions import writing
from app.vault.actions.deleting import delete_document
from app.vault.actions.reporting import stop_document
from app.vault.actions.uploading import add_version, upload_document
from app.vault.contents import check_file
from app.vault.errors import DocumentDeleted, QuotaExhausted
from app.vault.keeping import StoredFile, keeping
from app.vault.queries.documents import count_used_bytes
from app.vault.sweeping import GRACE, list_orphans, sweep_files
from app.vault.verifying import verify_vault
from models.documents import Document, DocumentVersion
from models.lifecycle import ActionNotAllowed
from models.organisations import Startup
from models.vocabulary import DocumentKind
from tests.app.vault.scenes import Scene, keep, make_scene
from tests.app.vault.uploader import DEATHS
from tests.factories import AT, act_as
from tests.rules.project import ROOT


def quiet(step: str, done: int, total: int) -> None:
    """Show no progress."""


@pytest.fixture
def scene(fresh_engine: Engine, tmp_path: Path) -> Scene:
    with Session(fresh_engine, expire_on_commit=False) as session:
        made = make_scene(session, tmp_path / "documents")
        # Read once, so that the scene can be used without its session.
        act_as(made.founder)
        act_as(made.operator)
        session.commit()
        return made


def run_at_once(
    engine: Engine, *steps: Callable[[Session], object]
) -> list[type[BaseException] | None]:
    """Take every step in a thread and a connection of its own; what each of them raised."""
    barrier = threading.Barrier(len(steps))
    outcomes: list[type[BaseException] | None] = [None] * len(steps)

    def take(number: int, step: Callable[[Session], object]) -> None:
        with Session(engine) as session:
            session.scalar(select(Document.id).limit(1))
            barrier.wait(20)
            try:
                with writing(session):
                    step(session)
            except Exception as error:
                outcomes[number] = type(error)

    threads = [
        threading.Thread(target=take, args=(number, step)) for number, step in enumerate(steps)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


@pytest.mark.faults
@pytest.mark.parametrize("death", DEATHS)
def test_whoever_is_killed_leaves_every_kept_file_and_no_row_without_one(
    fresh_engine: Engine, scene: Scene, tmp_path: Path, death: str
) -> None:
    command = [
        sys.executable, "-m", "tests.app.vault.uploader",
        fresh_engine.url.render_as_string(hide_password=False), str(tmp_path / "documents"),
        str(scene.startup.id), str(scene.founder.id), death,
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:  # noqa: S603  # our own module
        assert process.stdout is not None
        said = [process.stdout.readline()]
        if death == "any":
            time.sleep(random.Random(death).uniform(0.01, 0.2))  # noqa: S311  # no secret
            process.send_signal(signal.SIGKILL)
        said += process.stdout.readlines()
    assert process.returncode == -signal.SIGKILL

    with Session(fresh_engine) as session:
        kept = set(session.scalars(select(DocumentVersion.sha256)))
        assert {line.strip() for line in said if line.endswith("\n")} <= kept
        later = now() + GRACE + timedelta(hours=1)
        before = verify_vault(session, scene.store, at=later, progress=quiet)
        assert (before.is_whole, before.checked) == (True, len(kept))
        assert before.orphans == (1 if death in ("draft", "file", "row") else before.orphans)

        # Fresh files may belong to an upload that is under way.
        assert sweep_files(session, scene.store, at=now()) == 0
        assert sweep_files(session, scene.store, at=later) == before.orphans
        after = verify_vault(session, scene.store, at=later, progress=quiet)
        assert (after.is_whole, after.orphans, after.checked) == (True, 0, len(kept))


def test_what_is_missing_or_damaged_is_named(
    fresh_engine: Engine, scene: Scene, tmp_path: Path
) -> None:
    with Session(fresh_engine) as session, writing(session):
        startup = session.get_one(Startup, scene.startup.id)
        for name, content in (("a.txt", b"whole"), ("b.txt", b"lost"), ("c.txt", b"hurt")):
            keep(session, scene.store, startup, scene.founder, name=name, content=content)
    with Session(fresh_engine) as session:
        keys = {
            version.filename: version.storage_key
            for version in session.scalars(select(DocumentVersion))
        }
        (tmp_path / "documents" / str(keys["b.txt"])).unlink()
        (tmp_path / "documents" / str(keys["c.txt"])).write_bytes(b"HURT")

        report = verify_vault(session, scene.store, at=now(), progress=quiet)

        assert [flaw.key for flaw in report.missing] == [keys["b.txt"]]
        assert [flaw.key for flaw in report.damaged] == [keys["c.txt"]]
        assert (report.checked, report.size, report.is_whole) == (3, 5, False)
        assert list(list_orphans(session, scene.store)) == []


def put(scene: Scene, content: bytes) -> StoredFile:
    with keeping(scene.store, check_file("a.txt", content, megabytes=1)) as stored:
        return stored


@pytest.mark.concurrency
def test_two_uploads_at_once_do_not_pass_the_quota(fresh_engine: Engine, scene: Scene) -> None:
    def upload(content: bytes) -> Callable[[Session], object]:
        stored = put(scene, content)
        return lambda session: upload_document(
            session,
            owner=session.get_one(Startup, scene.startup.id),
            stored=stored,
            title="",
            kind=DocumentKind.OTHER,
            is_declared=True,
            quota_megabytes=1,
            actor=act_as(scene.founder),
            at=AT,
        )

    outcomes = run_at_once(
        fresh_engine, *(upload(letter * 400_000) for letter in (b"x", b"y", b"z"))
    )

    assert sorted(map(str, outcomes)) == sorted(map(str, [None, None, QuotaExhausted]))
    with Session(fresh_engine) as session:
        assert count_used_bytes(session, session.get_one(Startup, scene.startup.id)) == 800_000


@pytest.mark.concurrency
def test_of_two_new_versions_at_once_the_second_is_told(fresh_engine: Engine, scene: Scene) -> None:
    document_id = keep_committed(fresh_engine, scene)

    def add(content: bytes) -> Callable[[Session], object]:
        stored = put(scene, content)
        return lambda session: add_version(
            session,
            document=session.get_one(Document, document_id),
            stored=stored,
            after=1,
            is_declared=True,
            quota_megabytes=1,
            actor=act_as(scene.founder),
            at=AT,
        )

    outcomes = run_at_once(fresh_engine, add(b"one"), add(b"two"))

    assert outcomes.count(None) == 1
    assert {each for each in outcomes if each} <= {ChangedMeanwhile, StaleDataError}
    with Session(fresh_engine) as session:
        versions = session.get_one(Document, document_id).versions
        assert [version.number for version in versions] == [1, 2]


@pytest.mark.concurrency
def test_who_deletes_what_is_being_stopped_comes_first_or_is_refused(
    fresh_engine: Engine, scene: Scene
) -> None:
    founder: Actor = act_as(scene.founder)
    operator: Actor = act_as(scene.operator)
    for _round in range(4):
        document_id = keep_committed(fresh_engine, scene)
        deleted, stopped = run_at_once(
            fresh_engine,
            lambda s, i=document_id: delete_document(
                s, document=s.get_one(Document, i), actor=founder, at=AT
            ),
            lambda s, i=document_id: stop_document(
                s, document=s.get_one(Document, i), reason="x", actor=operator, at=AT
            ),
        )
        with Session(fresh_engine) as session:
            state = session.get_one(Document, document_id).state
        if deleted is None:
            assert state == "deleted"
            assert stopped in (ActionNotAllowed, DocumentDeleted, StaleDataError)
        else:
            assert (state, stopped) == ("stopped", None)
            assert deleted in (NotPermitted, StaleDataError)


def keep_committed(engine: Engine, scene: Scene) -> int:
    with Session(engine) as session, writing(session):
        startup = session.get_one(Startup, scene.startup.id)
        return keep(session, scene.store, startup, scene.founder, name="a.txt", content=b"first").id
