"""Keep when the worker last went through its jobs

Revision: 0054
Follows: 0053
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_TABLE = "worker_beat"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_worker_beat")),
    )


def downgrade() -> None:
    op.drop_table(_TABLE)
