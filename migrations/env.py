"""How Alembic reaches the database: the caller gives an open connection, or a URL."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

import models  # noqa: F401  (registers every table)
from migrations.references import check_references, not_keeping_foreign_keys
from models.orm import Base, create_engine_for


def _render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    # Our own column types are written as what the database sees, so that old migrations do not
    # depend on later code.
    if kind == "type" and type(item).__module__ == "models.orm":
        return f"sa.{item.impl_instance!r}"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    engine = create_engine_for(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as opened, not_keeping_foreign_keys(opened):
        _run(opened)
        check_references(opened)
        opened.commit()
    engine.dispose()
