"""Count in one place what programs and previews ask for in a minute

Revision: 0053
Follows: 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_TABLE = "request_count"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_request_count")),
    )
    op.create_index(op.f("ix_request_count_ends_at"), _TABLE, ["ends_at"])


def downgrade() -> None:
    op.drop_table(_TABLE)
