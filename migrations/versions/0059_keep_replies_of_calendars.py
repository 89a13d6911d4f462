"""Keep what calendar programs answered to invitations

Revision: 0059
Follows: 0058
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_reply",
        sa.Column("coaching_session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "accepted",
                "declined",
                "tentative",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_session_reply_{table}_id"),
                ondelete="CASCADE",
            )
            for table in ("coaching_session", "person")
        ),
        sa.PrimaryKeyConstraint("coaching_session_id", "person_id", name=op.f("pk_session_reply")),
    )
    op.create_index(op.f("ix_session_reply_person_id"), "session_reply", ["person_id"])


def downgrade() -> None:
    op.drop_table("session_reply")
