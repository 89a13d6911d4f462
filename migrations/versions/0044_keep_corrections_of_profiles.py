"""Keep what owners of profiles corrected of how their sentences are read

Revision: 0044
Follows: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_ROLES = ("does", "done", "condition", "anecdote", "seeks", "refusal")


def upgrade() -> None:
    role = sa.Enum(*_ROLES, name="role", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "profile_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("sentence_key", sa.String(length=64), nullable=False),
        sa.Column("role", role, nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_profile_correction_provider_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_correction")),
    )
    op.create_index(
        op.f("ix_profile_correction_provider_id"), "profile_correction", ["provider_id"]
    )
    op.create_index(
        "uq_profile_correction_sentence_key",
        "profile_correction",
        ["provider_id", "sentence_key"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_table("profile_correction")
