"""Count tries in one place for all processes

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tried_lately",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("waits_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tried_lately")),
        sa.UniqueConstraint("key", name=op.f("uq_tried_lately_key")),
    )
    op.create_index(op.f("ix_tried_lately_waits_until"), "tried_lately", ["waits_until"])


def downgrade() -> None:
    op.drop_table("tried_lately")
