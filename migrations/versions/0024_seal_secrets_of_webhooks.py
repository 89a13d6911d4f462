"""Seal secrets of webhooks: wider columns, for what the next clean-up seals

Revision: 0024
Follows: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_COLUMNS = {"secret": "sealed_secret", "former_secret": "former_sealed_secret"}


def upgrade() -> None:
    op.add_column(
        "webhook",
        sa.Column("sealed_secret", sa.String(length=300), nullable=False, server_default=""),
    )
    op.add_column("webhook", sa.Column("former_sealed_secret", sa.String(length=300)))
    _move(_COLUMNS)
    # What was kept for repeats was not sealed, and is kept for a day alone.
    op.execute("UPDATE api_request SET body = '' WHERE done_at IS NOT NULL")


def downgrade() -> None:
    """Sealed secrets cannot be used by what does not know of seals: each webhook gets a new one."""
    op.add_column(
        "webhook", sa.Column("secret", sa.String(length=80), nullable=False, server_default="")
    )
    op.add_column("webhook", sa.Column("former_secret", sa.String(length=80)))
    for column in _COLUMNS.values():
        op.drop_column("webhook", column)


def _move(columns: dict[str, str]) -> None:
    for old, new in columns.items():
        op.execute(f"UPDATE webhook SET {new} = {old}")  # noqa: S608  (names from above)
        op.drop_column("webhook", old)
