"""Keep what providers answer, and the rules that incubators set for requests

Revision: 0018
Follows: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_REASONS = (
    "no_time",
    "other_field",
    "not_the_stage",
    "not_independent",
    "unclear",
    "other",
)


def upgrade() -> None:
    reasons = sa.Enum(
        *_REASONS, name="decline_reason", native_enum=False, create_constraint=True, length=40
    )
    op.create_table(
        "engagement_answer",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("decline_reason", reasons, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_answer_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_engagement_answer")),
    )
    op.create_table(
        "request_rules",
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column("answer_hours", sa.Integer(), nullable=False),
        sa.Column("silences", sa.Integer(), nullable=False),
        sa.Column("open_requests", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer_hours BETWEEN 8 AND 720", name=op.f("ck_request_rules_answer_hours")
        ),
        sa.CheckConstraint("silences BETWEEN 1 AND 20", name=op.f("ck_request_rules_silences")),
        sa.CheckConstraint(
            "open_requests BETWEEN 1 AND 100", name=op.f("ck_request_rules_open_requests")
        ),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_request_rules_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("incubator_id", name=op.f("pk_request_rules")),
    )


def downgrade() -> None:
    op.drop_table("request_rules")
    op.drop_table("engagement_answer")
