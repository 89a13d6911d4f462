"""Keep the terms of incubators, and name in runs of matching those that were used

Revision: 0052
Follows: 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_TABLE = "incubator_term"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column("chinese", sa.JSON(), nullable=False),
        sa.Column("english", sa.JSON(), nullable=False),
        sa.Column("abbreviations", sa.JSON(), nullable=False),
        sa.Column("added_version", sa.Integer(), nullable=False),
        sa.Column("taken_back_version", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("added_version >= 1", name=op.f("ck_incubator_term_added_version")),
        sa.CheckConstraint(
            "taken_back_version > added_version",
            name=op.f("ck_incubator_term_taken_back_version"),
        ),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_incubator_term_incubator_id"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["person.id"], name=op.f(f"fk_{_TABLE}_{column}"), ondelete="SET NULL"
            )
            for column in ("added_by_id", "taken_back_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_term")),
        sa.UniqueConstraint("public_id", name=op.f("uq_incubator_term_public_id")),
    )
    for column in ("incubator_id", "added_by_id", "taken_back_by_id"):
        op.create_index(op.f(f"ix_{_TABLE}_{column}"), _TABLE, [column])
    op.create_index(
        "uq_incubator_term_added_version", _TABLE, ["incubator_id", "added_version"], unique=True
    )
    with op.batch_alter_table("match_run") as batch:
        batch.add_column(
            sa.Column("terms_version", sa.String(length=40), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("match_run") as batch:
        batch.drop_column("terms_version")
    op.drop_table(_TABLE)
