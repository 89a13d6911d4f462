"""An installation is copied while it runs, into a sealed file, and put back whole."""

import sqlite3
import stat
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.backups import BackupImpossible, check_backup, make_backup, restore_backup
from app.commands.cli import main
from app.sealed_files import SealBroken, SealedReader, SealedWriter
from app.settings import SettingInvalid, Settings, read_settings
from app.vault.storage.choice import make_store
from models.people import Person
from tests.app.vault.scenes import keep
from tests.factories import AT, make_person, make_startup

pytestmark = [
    pytest.mark.trust,
    pytest.mark.faults,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

KEY = "5b1c0f9e7d3a48261f0e9d8c7b6a5948"
CONTENT = b"What we know of the line.\n"


@pytest.fixture
def here(settings: Settings, fresh_engine: Engine) -> Settings:
    """An installation with somebody, and a document of theirs."""
    settings = replace(settings, backup_key=KEY)
    settings.instance_path.mkdir(parents=True)
    with Session(fresh_engine) as session:
        founder = make_person(session, email="founder@example.org")
        startup = make_startup(session, founder=founder)
        keep(session, make_store(settings), startup, founder, name="plan.txt", content=CONTENT)
        session.commit()
    return settings


@pytest.fixture
def there(here: Settings, tmp_path: Path) -> Settings:
    """Another machine, with nothing on it but the key of the backups."""
    instance = tmp_path / "there"
    instance.mkdir()
    (instance / "secret_key").write_text("made by the first start there")
    return replace(
        here,
        instance_path=instance,
        database_url=f"sqlite:///{instance / 'yinqiao.db'}",
        secret_key="made by the first start there",
    )


def back_up(settings: Settings, target: Path) -> Path:
    assert make_backup(settings, make_store(settings), target, at=AT).lost == ()
    return target


def read_emails(settings: Settings) -> list[str]:
    with closing(sqlite3.connect(settings.instance_path / "yinqiao.db")) as connection:
        return [row[0] for row in connection.execute("SELECT email FROM person ORDER BY id")]


def test_all_is_there_again(here: Settings, there: Settings, tmp_path: Path) -> None:
    made = back_up(here, tmp_path / "copy")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert b"founder@example.org" not in made.read_bytes()
    assert check_backup(there, made).documents == 1
    assert not (there.instance_path / "yinqiao.db").exists()

    report = restore_backup(there, make_store(there), made)

    assert (report.documents, report.lost, report.made_at) == (1, (), AT.isoformat())
    assert read_emails(there) == ["founder@example.org"]
    assert (there.instance_path / "secret_key").read_text() == here.secret_key
    store = make_store(there)
    assert [store.read(file.key) for file in store.list_files()] == [CONTENT]
    with pytest.raises(BackupImpossible, match="move it away"):
        restore_backup(there, make_store(there), made)
    assert [path.name for path in there.instance_path.iterdir() if path.name[0] == "."] == []


def test_it_is_of_one_moment_while_others_write(
    here: Settings, there: Settings, fresh_engine: Engine, tmp_path: Path
) -> None:
    stop, written = threading.Event(), []

    def write() -> None:
        # Each transaction writes two rows that belong together.
        while not stop.is_set() and len(written) < 400:
            number = len(written)
            with Session(fresh_engine) as session:
                for half in "ab":
                    person = Person(email=f"{half}{number}@example.org", name="N", created_at=AT)
                    session.add(person)
                session.commit()
            written.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        copies = [back_up(here, tmp_path / f"copy{number}") for number in range(3)]
    finally:
        stop.set()
        thread.join()

    assert written
    restore_backup(there, make_store(there), copies[-1])
    emails = set(read_emails(there)) - {"founder@example.org"}
    assert {email[1:] for email in emails if email[0] == "a"} == {
        email[1:] for email in emails if email[0] == "b"
    }


@pytest.mark.parametrize("harm", ["cut", "longer", "flipped", "swapped", "empty", "another key"])
def test_what_is_not_whole_is_refused_before_anything_is_put_back(
    here: Settings, there: Settings, tmp_path: Path, harm: str
) -> None:
    made = back_up(here, tmp_path / "copy")
    content = made.read_bytes()
    if harm == "another key":
        there = replace(there, backup_key=KEY[::-1])
    harmed = {
        "cut": content[:-40],
        "longer": content + b"x",
        "flipped": content[:5000] + bytes([content[5000] ^ 1]) + content[5001:],
        "swapped": content[:26] + content[40:] + content[26:40],
        "empty": b"",
        "another key": content,
    }
    made.write_bytes(harmed[harm])

    for attempt in (
        lambda: check_backup(there, made),
        lambda: restore_backup(there, make_store(there), made),
    ):
        with pytest.raises(BackupImpossible):
            attempt()

    assert [path.name for path in there.instance_path.iterdir()] in (
        ["secret_key"],
        ["secret_key", "documents"],
        ["documents", "secret_key"],
    )
    assert (there.instance_path / "secret_key").read_text() == there.secret_key


def test_what_stands_against_it_is_said(
    here: Settings, there: Settings, fresh_engine: Engine, tmp_path: Path
) -> None:
    made, store = back_up(here, tmp_path / "copy"), make_store(here)
    with pytest.raises(BackupImpossible, match="exists"):
        make_backup(here, store, made, at=AT)
    with pytest.raises(BackupImpossible, match="YINQIAO_BACKUP_KEY"):
        make_backup(replace(here, backup_key=None), store, tmp_path / "x", at=AT)
    with pytest.raises(BackupImpossible, match="no database"):
        make_backup(there, store, tmp_path / "x", at=AT)
    with fresh_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer = back_up(here, tmp_path / "newer")
    with pytest.raises(BackupImpossible, match="newer release"):
        restore_backup(there, make_store(there), newer)
    assert not (tmp_path / "x").exists()


def test_a_lost_file_is_named_and_the_rest_is_kept(
    here: Settings, there: Settings, tmp_path: Path
) -> None:
    store = make_store(here)
    (kept,) = store.list_files()
    store.remove(kept.key)

    report = make_backup(here, store, tmp_path / "copy", at=AT)

    assert (report.documents, report.lost) == (0, (kept.key,))
    assert restore_backup(there, make_store(there), tmp_path / "copy").lost == (kept.key,)


def test_the_commands(here: Settings, there: Settings, tmp_path: Path) -> None:
    target = str(tmp_path / "copy")

    def run(settings: Settings, *words: str) -> tuple[int, str]:
        environment = {
            "YINQIAO_INSTANCE_PATH": str(settings.instance_path),
            "YINQIAO_DATABASE_URL": settings.database_url,
            "YINQIAO_BACKUP_KEY": KEY,
            "YINQIAO_SECRET_KEY": settings.secret_key,
        }
        result = CliRunner(env=environment).invoke(main, words)
        return result.exit_code, result.output

    assert run(here, "backup", target)[0] == 0
    assert run(here, "backup", target)[0] == 1
    assert run(there, "restore", "--check", target)[0] == 0
    code, said = run(there, "restore", target)
    assert (code, "Now run: yinqiao db upgrade" in said) == (0, True)
    assert run(there, "restore", str(tmp_path / "nothing"))[0] == 1
    assert read_emails(there) == ["founder@example.org"]


def test_a_weak_key_is_refused_by_its_name(tmp_path: Path, dialect: str) -> None:
    for key in ("short", "a" * 64):
        with pytest.raises(SettingInvalid, match="YINQIAO_BACKUP_KEY"):
            read_settings({"YINQIAO_INSTANCE_PATH": str(tmp_path), "YINQIAO_BACKUP_KEY": key})


def test_large_files_are_sealed_in_pieces(tmp_path: Path, dialect: str) -> None:
    content = bytes(range(256)) * 10_000
    path = tmp_path / "sealed"
    with path.open("wb") as file:
        writer = SealedWriter(file, KEY)
        for start in range(0, len(content), 70_001):
            writer.write(content[start : start + 70_001])
        writer.close()
    with path.open("rb") as file:
        reader = SealedReader(file, KEY)
        assert reader.read(len(content) + 1) == content
        reader.finish()
    pieces = path.read_bytes()
    # The first two pieces in each other's place.
    length = 5 + 1_048_576 + 16
    head, first, second = (
        pieces[:26],
        pieces[26 : 26 + length],
        pieces[26 + length : 26 + 2 * length],
    )
    path.write_bytes(head + second + first + pieces[26 + 2 * length :])
    with path.open("rb") as file, pytest.raises(SealBroken):
        SealedReader(file, KEY).read(1)
