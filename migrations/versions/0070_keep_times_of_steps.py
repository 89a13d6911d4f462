"""Keep which time a step of an engagement was about

Revision: 0070
Follows: 0069
"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

_MOMENTS = ("starts_at", "ends_at", "former_starts_at", "former_ends_at")


def upgrade() -> None:
    # What earlier steps were about was kept nowhere: sessions say alone what came of them.
    with op.batch_alter_table("engagement_event") as batch:
        batch.add_column(sa.Column("coaching_session_id", sa.Integer(), nullable=True))
        for name in _MOMENTS:
            batch.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("offered", sa.JSON(), server_default="[]", nullable=False))
        batch.create_foreign_key(
            op.f("fk_engagement_event_coaching_session_id"),
            "coaching_session",
            ["coaching_session_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_index(op.f("ix_engagement_event_coaching_session_id"), ["coaching_session_id"])


def downgrade() -> None:
    with op.batch_alter_table("engagement_event") as batch:
        batch.drop_index(op.f("ix_engagement_event_coaching_session_id"))
        batch.drop_constraint(op.f("fk_engagement_event_coaching_session_id"), type_="foreignkey")
        for name in ("offered", *reversed(_MOMENTS), "coaching_session_id"):
            batch.drop_column(name)
