"""Keep who counted that a time was not kept

Revision: 0050
Follows: 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("missed_time") as batch:
        batch.add_column(sa.Column("counted_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_missed_time_counted_by_id"),
            "person",
            ["counted_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_index(op.f("ix_missed_time_counted_by_id"), ["counted_by_id"])
    # The record of acts knows it of those that there are.
    op.execute(
        "UPDATE missed_time SET counted_by_id = (SELECT max(audit_entry.actor_id)"
        " FROM audit_entry WHERE audit_entry.kind = 'missed_time_counted'"
        " AND audit_entry.subject_table = 'missed_time'"
        " AND audit_entry.subject_public_id = missed_time.public_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("missed_time") as batch:
        batch.drop_index(op.f("ix_missed_time_counted_by_id"))
        batch.drop_constraint(op.f("fk_missed_time_counted_by_id"), type_="foreignkey")
        batch.drop_column("counted_by_id")
