"""Keep when a request is recalled to whose turn it is

Revision: 0061
Follows: 0060
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("engagement") as batch:
        batch.add_column(sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_index("ix_engagement_remind_at", ["remind_at"])


def downgrade() -> None:
    with op.batch_alter_table("engagement") as batch:
        batch.drop_index("ix_engagement_remind_at")
        batch.drop_column("remind_at")
