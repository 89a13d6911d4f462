"""Let startups and providers choose whether earlier matches count, and name it in runs

Revision: 0060
Follows: 0059
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_TABLES = ("startup", "provider", "match_run")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(
            table, sa.Column("uses_history", sa.Boolean(), server_default=sa.true(), nullable=False)
        )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "uses_history")
