"""Let two sessions that were booked as one time be one entry of calendars

Revision: 0065
Follows: 0064
"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "joint_time", sa.Column("is_one", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    # Those that calendars have already stand there as two.
    op.execute(sa.text("UPDATE joint_time SET is_one = false"))


def downgrade() -> None:
    op.drop_column("joint_time", "is_one")
