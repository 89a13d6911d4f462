"""Count what is refused, by the hour

Revision: 0029
Follows: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_stranger = sa.text("person_id IS NULL")
    op.create_table(
        "refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("hour_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "forgery",
                "throttle",
                "permission",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_refusal_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
    )
    op.create_index(op.f("ix_refusal_hour_at"), "refusal", ["hour_at"])
    op.create_index(
        "uq_refusal_person", "refusal", ["person_id", "hour_at", "kind", "what"], unique=True
    )
    op.create_index(
        "uq_refusal_stranger",
        "refusal",
        ["hour_at", "kind", "what"],
        unique=True,
        sqlite_where=is_stranger,
        postgresql_where=is_stranger,
    )


def downgrade() -> None:
    op.drop_table("refusal")
