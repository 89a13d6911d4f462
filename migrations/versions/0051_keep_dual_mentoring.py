"""Keep which two mentors coach a startup together, and the times that they share

Revision: 0051
Follows: 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_OPEN = "state IN ('asked', 'agreed')"


def upgrade() -> None:
    op.create_table(
        "dual_mentoring",
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "agreed",
                "declined",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lead_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("partner_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("lead_id <> partner_id", name=op.f("ck_dual_mentoring_two")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["engagement.id"],
                name=op.f(f"fk_dual_mentoring_{column}"),
                ondelete="CASCADE",
            )
            for column in ("lead_id", "partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["person.id"],
            name=op.f("fk_dual_mentoring_asked_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dual_mentoring")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dual_mentoring_public_id")),
    )
    op.create_index(op.f("ix_dual_mentoring_asked_by_id"), "dual_mentoring", ["asked_by_id"])
    for column in ("lead_id", "partner_id"):
        op.create_index(
            f"uq_dual_mentoring_open_{column}",
            "dual_mentoring",
            [column],
            unique=True,
            sqlite_where=sa.text(_OPEN),
            postgresql_where=sa.text(_OPEN),
        )
    op.create_table(
        "joint_time",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["coaching_session.id"],
                name=op.f(f"fk_joint_time_{column}"),
                ondelete="CASCADE",
            )
            for column in ("first_id", "second_id")
        ),
        sa.PrimaryKeyConstraint("first_id", name=op.f("pk_joint_time")),
        sa.UniqueConstraint("second_id", name=op.f("uq_joint_time_second_id")),
    )


def downgrade() -> None:
    op.drop_table("joint_time")
    op.drop_table("dual_mentoring")
