"""Seal secrets of webhooks: wider columns, for what the next clean-up seals

Revision: 0024
Follows: 0023
"""

import re

import sqlalchemy as sa
from alembic import op

from migrations.checks import lay_out_anew

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_COLUMNS = {"secret": "sealed_secret", "former_secret": "former_sealed_secret"}  # nosec B105  # names of columns


def upgrade() -> None:
    for old, new in _COLUMNS.items():
        op.execute(f"ALTER TABLE webhook RENAME COLUMN {old} TO {new}")
    _change_lengths(80, 300)
    # What was kept for repeats was not sealed, and is kept for a day alone.
    op.execute("UPDATE api_request SET body = '' WHERE done_at IS NOT NULL")


def downgrade() -> None:
    """What does not know of seals cannot use what is sealed: each webhook needs a new secret."""
    op.execute("UPDATE webhook SET sealed_secret = '', former_sealed_secret = NULL")
    _change_lengths(300, 80)
    for old, new in _COLUMNS.items():
        op.execute(f"ALTER TABLE webhook RENAME COLUMN {new} TO {old}")


def _change_lengths(present: int, wanted: int) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        for column in _COLUMNS.values():
            op.alter_column("webhook", column, type_=sa.String(wanted))
        return
    query = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'webhook'")
    sql = str(connection.scalar(query))
    lay_out_anew(
        connection,
        "webhook",
        re.sub(rf"(sealed_secret\W? VARCHAR)\({present}\)", rf"\1({wanted})", sql),
    )
