"""The schema: bringing a database to the newest migration, and saying where it stands."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

import migrations
from models.orm import WRITER_OPTION, Base


def get_alembic_config() -> Config:
    """Alembic's settings; the caller adds the connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return config


def upgrade_schema(engine: Engine) -> None:
    """Bring the schema to the newest migration, in one transaction. Twice does no harm."""
    config = get_alembic_config()
    with engine.connect().execution_options(**{WRITER_OPTION: True}) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def is_schema_current(engine: Engine) -> bool:
    """Whether the database stands at the newest migration."""
    head = ScriptDirectory.from_config(get_alembic_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def list_schema_differences(engine: Engine) -> list[object]:
    """What the models say and the migrated database does not, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))
