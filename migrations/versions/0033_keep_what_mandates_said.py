"""Keep with each list of matches what mandates said, and let matching read mandates

Revision: 0033
Follows: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("match_run") as batch:
        batch.add_column(sa.Column("mandates", sa.JSON(), server_default="{}", nullable=False))
        batch.add_column(sa.Column("sought", sa.JSON(), nullable=True))
    # Funds that have published a mandate are read again by every index.
    published = "SELECT provider_id FROM mandate WHERE state = 'published'"
    op.execute(
        f"UPDATE revision_counter SET value = value + 1 WHERE EXISTS ({published})"  # noqa: S608  # nosec B608  # a constant
    )
    op.execute(
        "UPDATE provider SET revision = (SELECT value FROM revision_counter)"  # noqa: S608  # nosec B608  # a constant
        f" WHERE revision > 0 AND id IN ({published})"
    )


def downgrade() -> None:
    with op.batch_alter_table("match_run") as batch:
        batch.drop_column("sought")
        batch.drop_column("mandates")
