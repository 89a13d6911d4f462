"""Keep which confirmed times a side did not keep to, and what an incubator counts as late

Revision: 0041
Follows: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "time_rules",
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column("late_cancel_hours", sa.Integer(), nullable=False),
        sa.Column("late_move_hours", sa.Integer(), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "late_cancel_hours BETWEEN 0 AND 168", name=op.f("ck_time_rules_late_cancel_hours")
        ),
        sa.CheckConstraint(
            "late_move_hours BETWEEN 0 AND 168", name=op.f("ck_time_rules_late_move_hours")
        ),
        sa.CheckConstraint("appeal_days BETWEEN 1 AND 90", name=op.f("ck_time_rules_appeal_days")),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_time_rules_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("incubator_id", name=op.f("pk_time_rules")),
    )
    op.create_table(
        "missed_time",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("coaching_session_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "startup",
                "provider",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "no_show",
                "late_cancel",
                "late_move",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "counted",
                "appealed",
                "upheld",
                "taken_back",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_hours", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("appealed_by_id", sa.Integer(), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(state IN ('upheld', 'taken_back')) = (decided_at IS NOT NULL)",
            name=op.f("ck_missed_time_decided_at"),
        ),
        sa.ForeignKeyConstraint(
            ["appealed_by_id"],
            ["person.id"],
            name=op.f("fk_missed_time_appealed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["coaching_session_id"],
            ["coaching_session.id"],
            name=op.f("fk_missed_time_coaching_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_missed_time_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_missed_time_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_time")),
        sa.UniqueConstraint("public_id", name=op.f("uq_missed_time_public_id")),
    )
    op.create_index("ix_missed_time_engagement_id_side", "missed_time", ["engagement_id", "side"])
    op.create_index(op.f("ix_missed_time_appealed_by_id"), "missed_time", ["appealed_by_id"])
    op.create_index(
        op.f("ix_missed_time_coaching_session_id"), "missed_time", ["coaching_session_id"]
    )
    op.create_index(op.f("ix_missed_time_decided_by_id"), "missed_time", ["decided_by_id"])
    op.create_index(op.f("ix_missed_time_state"), "missed_time", ["state"])
    op.create_index(
        "uq_missed_time_no_show",
        "missed_time",
        ["coaching_session_id", "side"],
        unique=True,
        sqlite_where=sa.text("kind = 'no_show'"),
        postgresql_where=sa.text("kind = 'no_show'"),
    )


def downgrade() -> None:
    op.drop_table("missed_time")
    op.drop_table("time_rules")
