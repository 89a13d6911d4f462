"""The migrations make exactly the tables that the models describe, and stand in one line."""

from sqlalchemy import Engine, inspect

from app.database import is_schema_current, list_schema_differences, upgrade_schema
from models.orm import Base
from tests.rules.migrations import list_problems


def test_migrated_database_and_models_agree(engine: Engine) -> None:
    assert list_schema_differences(engine) == []
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_migrating_twice_changes_nothing(fresh_engine: Engine) -> None:
    upgrade_schema(fresh_engine)
    assert is_schema_current(fresh_engine)
    assert list_schema_differences(fresh_engine) == []


def test_migrations_stand_in_one_line() -> None:
    assert list_problems() == []
