"""A check is widened on both databases, and nothing that hangs on the rows is lost."""

from collections.abc import Iterator

import pytest
from alembic import op
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.transactions import writing
from migrations.checks import ForeignKeysKept, change_check, change_codes
from migrations.references import (
    DanglingReferences,
    check_references,
    not_keeping_foreign_keys,
)
from models.lifecycle import ENGAGEMENT
from tests.app.engagements.scenes import hold, make_accepted, make_scene
from tests.rules.schema import compare, describe

WIDER = (*ENGAGEMENT.states, "frosted")
HANGS_ON = ("engagement", "engagement_event", "coaching_session", "session_quarter")


@pytest.fixture
def lived(fresh_engine: Engine) -> Engine:
    """A database with an engagement, on which events, a session and its quarters hang."""
    with Session(fresh_engine) as session, writing(session):
        scene = make_scene(session)
        hold(session, scene, make_accepted(session, scene))
    assert all(count(fresh_engine, table) for table in HANGS_ON[:3])
    return fresh_engine


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0


@pytest.fixture
def migrating(lived: Engine) -> Iterator[Connection]:
    """A connection as a migration has it."""
    with (
        lived.connect() as connection,
        not_keeping_foreign_keys(connection),
        Operations.context(MigrationContext.configure(connection)),
    ):
        yield connection


def freeze(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE engagement SET state = 'frosted'"))


def test_a_widened_check_takes_the_new_state_and_loses_nothing(
    lived: Engine, migrating: Connection
) -> None:
    counts = [count(lived, table) for table in HANGS_ON]
    before = describe(lived)
    with pytest.raises(IntegrityError):
        freeze(lived)

    change_codes("engagement", "state", WIDER)
    check_references(migrating)
    migrating.commit()

    assert [count(lived, table) for table in HANGS_ON] == counts
    freeze(lived)
    (line,) = compare(before, describe(lived))
    assert line.startswith("engagement: check ck_engagement_state")
    assert "frosted" in line
    # What hangs on the rows still does.
    with lived.begin() as connection:
        connection.execute(text("DELETE FROM engagement"))
    assert [count(lived, table) for table in HANGS_ON] == [0] * len(HANGS_ON)


def test_a_check_that_rows_do_not_meet_is_refused(migrating: Connection) -> None:
    with pytest.raises(IntegrityError):
        change_codes("engagement", "state", ("requested",))


def test_a_check_that_stands_with_its_column_is_changed_too(
    lived: Engine, migrating: Connection
) -> None:
    before = describe(lived)
    change_check("provider", "ck_provider_exposure", "exposure BETWEEN 0 AND 32")
    migrating.commit()
    (line,) = compare(before, describe(lived))
    assert line.startswith("provider: check ck_provider_exposure")
    assert "32" in line


def test_a_check_that_is_not_there_is_named(migrating: Connection) -> None:
    with pytest.raises(LookupError, match="ck_engagement_weather"):
        change_codes("engagement", "weather", ("sunny",))


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")
def test_nothing_is_laid_out_anew_while_foreign_keys_are_kept(lived: Engine) -> None:
    with (
        lived.begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
        pytest.raises(ForeignKeysKept),
    ):
        change_codes("engagement", "state", WIDER)
    assert count(lived, "engagement") > 0


def test_batch_mode_loses_nothing_either(lived: Engine, migrating: Connection) -> None:
    counts = [count(lived, table) for table in HANGS_ON]
    with op.batch_alter_table("engagement", recreate="auto") as batch:
        batch.alter_column("match_id", new_column_name="of_match_id")
        batch.alter_column("message", nullable=True)
    check_references(migrating)
    migrating.commit()
    assert [count(lived, table) for table in HANGS_ON] == counts


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")
def test_rows_that_refer_to_nothing_are_not_committed(lived: Engine, migrating: Connection) -> None:
    migrating.execute(text("DELETE FROM engagement"))
    with pytest.raises(DanglingReferences, match="engagement_event to engagement"):
        check_references(migrating)
    migrating.rollback()
    assert count(lived, "engagement") > 0


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")
def test_foreign_keys_are_kept_again_afterwards(lived: Engine) -> None:
    with lived.connect() as connection:
        with not_keeping_foreign_keys(connection):
            assert connection.scalar(text("PRAGMA foreign_keys")) == 0
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        with pytest.raises(RuntimeError), not_keeping_foreign_keys(connection):
            pass
