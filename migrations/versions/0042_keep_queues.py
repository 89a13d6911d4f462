"""Keep who waits for a place with a provider

Revision: 0042
Follows: 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "queue_rules",
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "offer_hours BETWEEN 8 AND 168", name=op.f("ck_queue_rules_offer_hours")
        ),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_queue_rules_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("incubator_id", name=op.f("pk_queue_rules")),
    )
    op.create_table(
        "queue_place",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "offered",
                "lapsed",
                "taken",
                "left",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("joined_by_id", sa.Integer(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "state <> 'offered' OR offer_due_at IS NOT NULL",
            name=op.f("ck_queue_place_offer_due_at"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_queue_place_engagement_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["joined_by_id"],
            ["person.id"],
            name=op.f("fk_queue_place_joined_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_queue_place_need_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_queue_place_provider_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_place")),
        sa.UniqueConstraint("public_id", name=op.f("uq_queue_place_public_id")),
    )
    op.create_index(op.f("ix_queue_place_engagement_id"), "queue_place", ["engagement_id"])
    op.create_index(op.f("ix_queue_place_joined_by_id"), "queue_place", ["joined_by_id"])
    op.create_index(op.f("ix_queue_place_need_id"), "queue_place", ["need_id"])
    op.create_index("ix_queue_place_provider_id_state", "queue_place", ["provider_id", "state"])
    op.create_index(op.f("ix_queue_place_state"), "queue_place", ["state"])
    op.create_index(
        "uq_queue_place_open",
        "queue_place",
        ["need_id", "provider_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'offered')"),
        postgresql_where=sa.text("state IN ('waiting', 'offered')"),
    )


def downgrade() -> None:
    op.drop_table("queue_place")
    op.drop_table("queue_rules")
