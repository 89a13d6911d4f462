"""Tell changed texts from changed standings, and one database from another

Revision: 0004
Follows: 0003
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "provider",
        sa.Column("text_revision", sa.Integer(), nullable=False, server_default="0"),
    )
    op.execute("UPDATE provider SET text_revision = revision")
    op.add_column(
        "revision_counter",
        sa.Column("identity", sa.String(length=32), nullable=False, server_default=""),
    )
    counter = sa.table("revision_counter", sa.column("identity", sa.String))
    op.execute(counter.update().values(identity=secrets.token_hex(16)))


def downgrade() -> None:
    op.drop_column("revision_counter", "identity")
    op.drop_column("provider", "text_revision")
