"""The migrations make exactly the tables that the models describe, and stand in one line."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, inspect, text

from app.database import is_schema_current, list_schema_differences, upgrade_schema
from models.orm import Base, create_engine_for
from tests.databases import Databases
from tests.rules.migrations import list_problems
from tests.rules.schema import compare, describe, list_drift


@pytest.fixture
def empty_engines(databases: Databases) -> Iterator[list[Engine]]:
    urls = [databases.create_empty() for _ in range(2)]
    engines = [create_engine_for(url) for url in urls]
    yield engines
    for engine, url in zip(engines, urls, strict=True):
        engine.dispose()
        databases.drop(url)


def test_migrated_database_and_models_agree(engine: Engine) -> None:
    assert list_schema_differences(engine) == []
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_migrated_up_and_down_they_agree_in_every_constraint(empty_engines: list[Engine]) -> None:
    assert list_drift(*empty_engines) == []


# What each database says when the models and it differ in one thing: the plant, and the words by
# which somebody finds it.
PLANTS = {
    "a state": (
        "ALTER TABLE engagement DROP CONSTRAINT ck_engagement_state;"
        "ALTER TABLE engagement ADD CONSTRAINT ck_engagement_state CHECK (state IN ('frosted'))",
        ["engagement: check ck_engagement_state", "'frosted'", "'withdrawn'"],
    ),
    "a predicate": (
        "DROP INDEX uq_engagement_open;"
        "CREATE UNIQUE INDEX uq_engagement_open ON engagement (need_id, provider_id)"
        " WHERE state IN ('accepted')",
        ["engagement: index uq_engagement_open", "'active'"],
    ),
    "a default": (
        "ALTER TABLE provider ALTER COLUMN exposure SET DEFAULT 7",
        ["provider: column exposure", "7"],
    ),
    "what a deletion does": (
        "ALTER TABLE need DROP CONSTRAINT fk_need_startup_id;"
        "ALTER TABLE need ADD CONSTRAINT fk_need_startup_id"
        " FOREIGN KEY (startup_id) REFERENCES startup (id)",
        ["need: foreign key fk_need_startup_id", "CASCADE"],
    ),
    "a table": ("CREATE TABLE strayed (id INTEGER)", ["strayed: a migration makes this table"]),
}


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgres"], indirect=True, scope="session")
@pytest.mark.parametrize("plant", PLANTS)
def test_what_differs_on_postgresql_is_named(plant: str, fresh_engine: Engine) -> None:
    before = describe(fresh_engine)
    statements, words = PLANTS[plant]
    with fresh_engine.begin() as connection:
        for statement in statements.split(";"):
            connection.execute(text(statement))

    (line,) = compare(before, describe(fresh_engine))

    assert [word for word in words if word not in line] == []


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")
def test_what_differs_on_sqlite_is_named(fresh_engine: Engine) -> None:
    before = describe(fresh_engine)
    with fresh_engine.begin() as connection:
        connection.execute(text("DROP INDEX uq_engagement_open"))
        connection.execute(
            text(
                "CREATE UNIQUE INDEX uq_engagement_open ON engagement (need_id, provider_id)"
                " WHERE state IN ('accepted')"
            )
        )
        connection.execute(text("ALTER TABLE need ADD COLUMN strayed TEXT"))
        connection.execute(text("DROP TABLE session_quarter"))

    index, column, table = compare(before, describe(fresh_engine))

    assert index.startswith("engagement: index uq_engagement_open is not the same. Models: ")
    assert "'active'" in index
    assert column.startswith("need: column strayed is not the same. Models: nothing")
    assert table.startswith("session_quarter: the models describe this table")


def test_migrating_twice_changes_nothing(fresh_engine: Engine) -> None:
    upgrade_schema(fresh_engine)
    assert is_schema_current(fresh_engine)
    assert list_schema_differences(fresh_engine) == []


def test_migrations_stand_in_one_line() -> None:
    assert list_problems() == []
