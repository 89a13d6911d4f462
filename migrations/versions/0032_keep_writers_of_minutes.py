"""Keep who wrote any version of minutes

Revision: 0032
Follows: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "minutes_writer",
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["minutes_id"],
            ["session_minutes.id"],
            name=op.f("fk_minutes_writer_minutes_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_minutes_writer_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("minutes_id", "person_id", name=op.f("pk_minutes_writer")),
    )
    op.create_index(op.f("ix_minutes_writer_person_id"), "minutes_writer", ["person_id"])
    # Of those before, only the last is known.
    op.execute(
        "INSERT INTO minutes_writer (minutes_id, person_id)"
        " SELECT id, written_by_id FROM session_minutes WHERE written_by_id IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("minutes_writer")
