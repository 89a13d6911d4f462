"""Keep what both sides say at the end of an engagement, and objections to evaluations

Revision: 0028
Follows: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_objection",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "answered",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "figure",
            sa.Enum(
                "answers",
                "sessions",
                "feedback",
                "goals",
                "breadth",
                name="figure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(state = 'answered') = (answered_at IS NOT NULL)",
            name=op.f("ck_evaluation_objection_answered_at"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["person.id"],
            name=op.f("fk_evaluation_objection_answered_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_evaluation_objection_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["person.id"],
            name=op.f("fk_evaluation_objection_made_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_evaluation_objection_provider_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_objection")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evaluation_objection_public_id")),
    )
    op.create_index(
        op.f("ix_evaluation_objection_answered_by_id"), "evaluation_objection", ["answered_by_id"]
    )
    op.create_index(
        op.f("ix_evaluation_objection_incubator_id"), "evaluation_objection", ["incubator_id"]
    )
    op.create_index(
        op.f("ix_evaluation_objection_made_by_id"), "evaluation_objection", ["made_by_id"]
    )
    op.create_index(
        op.f("ix_evaluation_objection_provider_id"), "evaluation_objection", ["provider_id"]
    )
    op.create_index(
        "uq_evaluation_objection_open",
        "evaluation_objection",
        ["provider_id", "incubator_id", "figure"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "engagement_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
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
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("usefulness", sa.Integer(), nullable=False),
        sa.Column("understanding", sa.Integer(), nullable=True),
        sa.Column("reliability", sa.Integer(), nullable=True),
        sa.Column(
            "goal_reached",
            sa.Enum(
                "yes",
                "partly",
                "no",
                name="goal_reached",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("would_meet_again", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reliability BETWEEN 1 AND 5", name=op.f("ck_engagement_feedback_reliability")
        ),
        sa.CheckConstraint(
            "understanding BETWEEN 1 AND 5", name=op.f("ck_engagement_feedback_understanding")
        ),
        sa.CheckConstraint(
            "usefulness BETWEEN 1 AND 5", name=op.f("ck_engagement_feedback_usefulness")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["person.id"],
            name=op.f("fk_engagement_feedback_author_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_feedback_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_feedback")),
    )
    op.create_index(op.f("ix_engagement_feedback_author_id"), "engagement_feedback", ["author_id"])
    op.create_index(
        op.f("ix_engagement_feedback_engagement_id"), "engagement_feedback", ["engagement_id"]
    )
    op.create_index(
        "uq_engagement_feedback_side", "engagement_feedback", ["engagement_id", "side"], unique=True
    )
    op.create_table(
        "fit_answer",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
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
            "fit",
            sa.Enum(
                "good",
                "unsure",
                "poor",
                name="fit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["person.id"],
            name=op.f("fk_fit_answer_answered_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_fit_answer_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("engagement_id", "side", name=op.f("pk_fit_answer")),
    )
    op.create_index(op.f("ix_fit_answer_answered_by_id"), "fit_answer", ["answered_by_id"])


def downgrade() -> None:
    op.drop_table("fit_answer")
    op.drop_table("engagement_feedback")
    op.drop_table("evaluation_objection")
