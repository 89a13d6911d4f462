"""The migrations make exactly the tables that the models describe, and stand in one line."""

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from app.database import (
    get_alembic_config,
    is_schema_current,
    list_schema_differences,
    upgrade_schema,
)
from models.orm import Base


def test_migrated_database_and_models_agree(engine: Engine) -> None:
    assert list_schema_differences(engine) == []
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_migrating_twice_changes_nothing(fresh_engine: Engine) -> None:
    upgrade_schema(fresh_engine)
    assert is_schema_current(fresh_engine)
    assert list_schema_differences(fresh_engine) == []


def test_migrations_stand_in_one_line() -> None:
    script = ScriptDirectory.from_config(get_alembic_config())
    assert len(script.get_heads()) == 1
    assert all(not isinstance(each.down_revision, tuple) for each in script.walk_revisions())
