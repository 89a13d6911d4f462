"""Keep what was learned about what sentences do

Revision: 0057
Follows: 0056
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_TABLE = "roles_version"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("background", sa.String(length=64), nullable=False),
        sa.Column("need_model", sa.LargeBinary(), nullable=True),
        sa.Column("profile_model", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trained_on", sa.JSON(), nullable=False),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_roles_version_public_id")),
        sa.UniqueConstraint("version", name=op.f("uq_roles_version_version")),
    )
    op.create_index(
        "uq_roles_version_active",
        _TABLE,
        ["active"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )


def downgrade() -> None:
    op.drop_table(_TABLE)
