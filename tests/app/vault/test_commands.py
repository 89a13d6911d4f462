"""What whoever runs the installation can do about documents, and what the commands end with."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.commands.vault import vault
from app.settings import Settings
from app.transactions import writing
from app.vault.actions.reporting import report_document
from app.vault.storage.folder import FolderStore
from models.documents import Document
from models.vocabulary import ReportReason
from tests.app.vault.s3_server import run_s3
from tests.app.vault.scenes import PDF, keep
from tests.factories import AT, act_as, make_person, make_startup


@pytest.fixture
def folder(fresh_engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    url = fresh_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("YINQIAO_DATABASE_URL", url)
    monkeypatch.setenv("YINQIAO_INSTANCE_PATH", str(settings.instance_path))
    monkeypatch.setenv("YINQIAO_ENCODER", "hashing")
    return settings.documents_path


@pytest.fixture
def document(fresh_engine: Engine, folder: Path) -> str:
    with Session(fresh_engine) as session, writing(session):
        person = make_person(session)
        startup = make_startup(session, founder=person)
        kept = keep(session, FolderStore(folder), startup, person, title="A plan")
        report_document(
            session,
            document=kept,
            reason=ReportReason.CLASSIFIED,
            words="page 3",
            actor=act_as(person),
            at=AT,
        )
        return kept.public_id


def run(*arguments: str) -> Result:
    return CliRunner().invoke(vault, list(arguments))


def test_a_whole_vault_ends_with_zero(document: str) -> None:
    plain, told = run("verify"), run("verify", "--json")

    assert (plain.exit_code, told.exit_code) == (0, 0), plain.output
    assert json.loads(told.stdout) == {
        "checked": 1, "bytes": len(PDF), "orphans": 0, "missing": [], "damaged": [],
    }  # fmt: skip


def test_lost_and_damaged_files_end_with_one(document: str, folder: Path) -> None:
    (path,) = (each for each in folder.rglob("*") if each.is_file())
    key = path.relative_to(folder).as_posix()
    path.write_bytes(b"%PDF-")
    damaged = run("verify")
    path.unlink()
    missing = run("verify", "--json")

    assert (damaged.exit_code, missing.exit_code) == (1, 1)
    assert f"damaged: document {document}, version 1: {key}" in damaged.output
    assert json.loads(missing.stdout)["missing"] == [
        {"document": document, "version": 1, "key": key}
    ]


def test_files_that_no_document_has_end_with_three_and_are_swept(
    document: str, folder: Path
) -> None:
    store, key = FolderStore(folder), "ab/" + "ab" * 32 + "." + "0" * 16
    store.put(key, b"x")
    assert run("verify").exit_code == 0, "it may belong to an upload that is under way"
    os.utime(folder / key, (0, 0))

    assert run("verify").exit_code == 3
    assert "1 files removed." in run("sweep").output
    assert run("verify").exit_code == 0


def test_reports_are_listed_and_decided_where_no_incubator_does(
    document: str, fresh_engine: Engine, folder: Path
) -> None:
    listed = run("reports").output
    assert f"{document}  A plan  [you decides]" in listed
    assert "classified" in listed
    assert "page 3" in listed

    assert run("decide", document, "stop").exit_code == 2
    assert run("decide", document, "resume").exit_code == 1
    assert run("decide", "0" * 16, "stop", "--reason", "x").exit_code == 1
    assert run("decide", document, "stop", "--reason", "classified").exit_code == 0
    assert "No document waits" in run("reports").output
    assert run("decide", document, "resume").exit_code == 0
    assert run("decide", document, "delete").exit_code == 0
    with Session(fresh_engine) as session:
        assert session.scalars(select(Document.state)).all() == ["deleted"]
    assert [each for each in folder.rglob("*") if each.is_file()] == []


def test_a_store_that_is_away_is_one_sentence(
    document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run_s3() as server:
        monkeypatch.setenv("YINQIAO_DOCUMENTS_URL", server.url.replace("access:", "other:"))
        refused = run("verify")

    assert refused.exit_code == 1
    assert "the store of documents answers" in refused.output
    assert "Traceback" not in refused.output
