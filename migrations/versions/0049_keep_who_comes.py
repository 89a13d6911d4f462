"""Keep who of a startup comes to a session

Revision: 0049
Follows: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_attendee",
        sa.Column("coaching_session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coaching_session_id"],
            ["coaching_session.id"],
            name=op.f("fk_session_attendee_coaching_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_session_attendee_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "coaching_session_id", "person_id", name=op.f("pk_session_attendee")
        ),
    )
    op.create_index(op.f("ix_session_attendee_person_id"), "session_attendee", ["person_id"])


def downgrade() -> None:
    op.drop_table("session_attendee")
