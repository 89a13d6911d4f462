"""A database of PostgreSQL is copied while others write, and put back into an empty one."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.backups import BackupImpossible, check_backup, make_backup, restore_backup
from app.database import is_schema_current
from app.settings import Settings
from app.vault.storage.choice import make_store
from models.orm import Base, create_engine_for
from models.people import Person
from tests.app.test_backups import CONTENT, KEY
from tests.app.vault.scenes import keep
from tests.databases import PostgresDatabases
from tests.factories import AT, make_person, make_startup

pytestmark = [
    pytest.mark.trust,
    pytest.mark.faults,
    pytest.mark.postgres,
    pytest.mark.parametrize("dialect", ["postgres"], indirect=True),
]

# Whatever a line of COPY would write otherwise, and what looks like its end.
HARD = "a\tb\\N\n\\.\r\x7f 桥"


@pytest.fixture
def here(settings: Settings, fresh_engine: Engine) -> Settings:
    """An installation with somebody whose name is hard to write, and a document of theirs."""
    settings = replace(settings, backup_key=KEY)
    settings.instance_path.mkdir(parents=True)
    with Session(fresh_engine) as session:
        founder = make_person(session, email="founder@example.org", name=HARD)
        startup = make_startup(session, founder=founder)
        keep(session, make_store(settings), startup, founder, name="plan.txt", content=CONTENT)
        session.commit()
    return settings


@pytest.fixture
def there(here: Settings, databases: PostgresDatabases, tmp_path: Path) -> Iterator[Settings]:
    """Another machine, with an empty database."""
    instance, url = tmp_path / "there", databases.create_empty()
    instance.mkdir()
    yield replace(here, instance_path=instance, database_url=url, secret_key="another")
    databases.drop(url)


def read_all(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_every_row_is_there_again_and_numbers_go_on(
    here: Settings, there: Settings, fresh_engine: Engine, tmp_path: Path
) -> None:
    stop, written = threading.Event(), []

    def write() -> None:
        # Each transaction writes two rows that belong together.
        while not stop.is_set():
            number = len(written)
            with Session(fresh_engine) as session:
                for half in "ab":
                    person = Person(email=f"{half}{number}@example.org", name="N", created_at=AT)
                    session.add(person)
                session.commit()
            written.append(number)

    made, thread = tmp_path / "copy", threading.Thread(target=write)
    thread.start()
    try:
        report = make_backup(here, make_store(here), made, at=AT)
    finally:
        stop.set()
        thread.join()
    assert (report.documents, report.lost) == (1, ())
    assert b"founder@example.org" not in made.read_bytes()
    assert check_backup(there, made).documents == 1

    restore_backup(there, make_store(there), made)

    assert (there.instance_path / "secret_key").read_text() == here.secret_key
    store = make_store(there)
    assert [store.read(file.key) for file in store.list_files()] == [CONTENT]
    restored = create_engine_for(there.database_url)
    try:
        assert is_schema_current(restored)
        before, after = read_all(fresh_engine), read_all(restored)
        emails = {email for row in after["person"] for email in row if "@" in str(email)}
        assert {str(each)[1:] for each in emails if str(each)[0] == "a"} == {
            str(each)[1:] for each in emails if str(each)[0] == "b"
        }
        assert {name: rows for name, rows in after.items() if name != "person"} == {
            name: rows for name, rows in before.items() if name != "person"
        }
        with Session(restored) as session:
            founder = session.scalars(select(Person).where(Person.email.like("founder@%"))).one()
            assert founder.name == HARD
            make_person(session)
            session.commit()
    finally:
        restored.dispose()
    with pytest.raises(BackupImpossible, match="tables in the database"):
        restore_backup(there, make_store(there), made)


def test_what_stands_against_it_is_said_and_nothing_is_put_back(
    here: Settings, there: Settings, fresh_engine: Engine, tmp_path: Path
) -> None:
    made = tmp_path / "copy"
    with pytest.raises(BackupImpossible, match="no schema"):
        make_backup(there, make_store(there), made, at=AT)
    away = replace(here, database_url="postgresql://nobody@127.0.0.1:1/yinqiao")
    with pytest.raises(BackupImpossible, match="cannot be copied"):
        make_backup(away, make_store(here), made, at=AT)
    assert not made.exists()
    make_backup(here, make_store(here), made, at=AT)
    with pytest.raises(BackupImpossible, match="does not answer"):
        restore_backup(away, make_store(there), made)
    file = replace(there, database_url=f"sqlite:///{tmp_path / 'other.db'}")
    with pytest.raises(BackupImpossible, match="of a database of postgresql"):
        restore_backup(file, make_store(there), made)
    harmed = bytearray(made.read_bytes())
    harmed[5000] ^= 1
    made.write_bytes(bytes(harmed))
    with pytest.raises(BackupImpossible, match="cannot be put back"):
        restore_backup(there, make_store(there), made)
    # Somebody altered it by hand: what the server says of that quotes rows.
    with fresh_engine.begin() as connection:
        connection.execute(text("ALTER TABLE person ADD COLUMN by_hand text DEFAULT 'secret'"))
    make_backup(here, make_store(here), tmp_path / "altered", at=AT)
    with pytest.raises(BackupImpossible, match="refused the rows of person") as refused:
        restore_backup(there, make_store(there), tmp_path / "altered")
    assert "by_hand" not in str(refused.value)
    with fresh_engine.begin() as connection:
        connection.execute(text("ALTER TABLE person DROP COLUMN by_hand"))
    with fresh_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    make_backup(here, make_store(here), tmp_path / "newer", at=AT)
    with pytest.raises(BackupImpossible, match="newer release"):
        restore_backup(there, make_store(there), tmp_path / "newer")

    empty = create_engine_for(there.database_url)
    try:
        with empty.connect() as connection:
            found = connection.scalar(
                text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            )
            assert found == 0
    finally:
        empty.dispose()
