"""The database as a whole: its schema, and what its files keep of rows that were deleted."""

import logging
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError

import migrations
import models  # noqa: F401  (every table)
from migrations.references import check_references, not_keeping_foreign_keys
from models.orm import WRITER_OPTION, Base, create_engine_for

log = logging.getLogger(__name__)

# How often, and how long apart in seconds, SQLite is asked to empty its log while others read it.
_CHECKPOINT_TRIES = 50
_CHECKPOINT_PAUSE = 0.1


class SchemaDiffers(Exception):
    """The database has the schema of another release; the message says what to do."""


def get_alembic_config() -> Config:
    """Alembic's settings; the caller adds the connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return config


def upgrade_schema(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to the newest migration, in one transaction. Twice does no harm.

    Raises DanglingReferences.
    """
    _move_schema(engine, command.upgrade, revision)


def downgrade_schema(engine: Engine, revision: str) -> None:
    """Take the migrations after `revision` back, in one transaction; "base" takes back all.

    Raises DanglingReferences.
    """
    _move_schema(engine, command.downgrade, revision)


def _move_schema(engine: Engine, move: Callable[[Config, str], None], revision: str) -> None:
    config = get_alembic_config()
    with (
        engine.connect().execution_options(**{WRITER_OPTION: True}) as connection,
        not_keeping_foreign_keys(connection),
    ):
        before = MigrationContext.configure(connection).get_current_revision()
        config.attributes["connection"] = connection
        move(config, revision)
        # Looking through every row takes its time: not when nothing has changed.
        if MigrationContext.configure(connection).get_current_revision() != before:
            check_references(connection)
        connection.commit()


def upgrade_within(connection: Connection, revision: str) -> None:
    """The schema of `revision` stands in the transaction of `connection`, which is left open.

    Raises CommandError of Alembic for a revision that this release does not know.
    """
    config = get_alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def is_schema_current(engine: Engine) -> bool:
    """Whether the database stands at the newest migration and has every column of the models."""
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() != _find_head():
            return False
        # Somebody may have restored or altered a table by hand since it was migrated.
        found = inspect(connection).get_multi_columns()
    return all(
        {column.name for column in table.columns}
        <= {column["name"] for column in found.get((None, table.name), ())}
        for table in Base.metadata.sorted_tables
    )


def require_schema(url: str) -> None:
    """The database at `url` has the schema of this release, or cannot be reached yet.

    Raises SchemaDiffers: whoever starts on another schema fails at every second page.
    """
    engine = create_engine_for(url, poolclass=NullPool)
    try:
        if is_schema_current(engine):
            return
    except OperationalError:
        log.exception("the database cannot be reached: pages say so until it can")
        return
    finally:
        engine.dispose()
    raise SchemaDiffers(
        "The database does not have the schema of this release. If it is older, make a backup and"
        " run: yinqiao db upgrade. If it is newer, start the release that it belongs to."
    )


@cache
def _find_head() -> str | None:
    """The newest migration: each of them is loaded to find it, and none comes while we run."""
    return ScriptDirectory.from_config(get_alembic_config()).get_current_head()


def list_schema_differences(engine: Engine) -> list[object]:
    """What the models say and the migrated database does not, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def overwrite_deleted(engine: Engine) -> bool:
    """What was deleted and committed can no longer be read from the database's files; says
    whether that succeeded. To be called while the caller has no transaction open.

    SQLite overwrites deleted rows with zeros (`secure_delete`); its log, which holds earlier
    states of pages, is emptied here, as soon as nobody reads them. PostgreSQL is told to vacuum,
    after which old rows are space to be used again; its own log and backups have their own time.
    """
    if engine.dialect.name == "sqlite":
        return _empty_log(engine)
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # As long as it takes, on a connection that no page gets afterwards.
            connection.detach()
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text(f"VACUUM {tables}"))
    except DBAPIError:
        # Only the owner of the tables may.
        return False
    return True


def _empty_log(engine: Engine) -> bool:
    # Past SQLAlchemy, which would begin a transaction; within one there is no checkpoint.
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for _ in range(_CHECKPOINT_TRIES):
            is_busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                return True
            time.sleep(_CHECKPOINT_PAUSE)
        return False
    finally:
        connection.close()
