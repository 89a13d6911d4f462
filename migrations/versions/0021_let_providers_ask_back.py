"""Let providers ask back before they answer

Revision: 0021
Follows: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_STATES = ("asked", "replied", "lapsed")
_PEOPLE = ("asked_by_id", "replied_by_id")


def upgrade() -> None:
    states = sa.Enum(*_STATES, name="state", native_enum=False, create_constraint=True, length=20)
    op.create_table(
        "engagement_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("minutes_left", sa.Integer(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes_left >= 0", name=op.f("ck_engagement_question_minutes_left")),
        sa.CheckConstraint(
            "(state = 'replied') = (replied_at IS NOT NULL)",
            name=op.f("ck_engagement_question_replied_at"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_question_engagement_id"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["person.id"],
                name=op.f(f"fk_engagement_question_{column}"),
                ondelete="SET NULL",
            )
            for column in _PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_question")),
    )
    for column in ("engagement_id", *_PEOPLE):
        op.create_index(op.f(f"ix_engagement_question_{column}"), "engagement_question", [column])
    op.create_index(
        "uq_engagement_question_open",
        "engagement_question",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def downgrade() -> None:
    op.drop_table("engagement_question")
