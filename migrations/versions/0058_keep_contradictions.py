"""Keep who recorded what became of a session, and where the other side says otherwise

Revision: 0058
Follows: 0057
"""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_codes

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_STATES = ("cancelled", "confirmed", "contested", "held", "missed", "proposed")
_SIDES = ("startup", "provider")


def upgrade() -> None:
    change_codes("coaching_session", "state", _STATES)
    with op.batch_alter_table("coaching_session") as batch:
        batch.add_column(sa.Column("recorded_side", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("recorded_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_check_constraint(
            op.f("ck_coaching_session_recorded_side"), sa.column("recorded_side").in_(_SIDES)
        )
        batch.create_foreign_key(
            op.f("fk_coaching_session_recorded_by_id"),
            "person",
            ["recorded_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_index(op.f("ix_coaching_session_recorded_by_id"), ["recorded_by_id"])
    op.create_table(
        "contradiction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coaching_session_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "overturned",
                "upheld",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("was_held", sa.Boolean(), nullable=False),
        sa.Column(
            "missed_by",
            sa.Enum(
                "startup",
                "provider",
                "both",
                name="missed_by_code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "side",
            sa.Enum(*_SIDES, name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(state <> 'open') = (decided_at IS NOT NULL)",
            name=op.f("ck_contradiction_decided_at"),
        ),
        sa.CheckConstraint(
            "was_held = (missed_by IS NOT NULL)", name=op.f("ck_contradiction_missed_by")
        ),
        sa.ForeignKeyConstraint(
            ["coaching_session_id"],
            ["coaching_session.id"],
            name=op.f("fk_contradiction_coaching_session_id"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["person.id"],
                name=op.f(f"fk_contradiction_{column}"),
                ondelete="SET NULL",
            )
            for column in ("made_by_id", "decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contradiction")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contradiction_public_id")),
    )
    op.create_index(
        "uq_contradiction_coaching_session_id",
        "contradiction",
        ["coaching_session_id"],
        unique=True,
    )
    for column in ("state", "made_by_id", "decided_by_id"):
        op.create_index(op.f(f"ix_contradiction_{column}"), "contradiction", [column])


def downgrade() -> None:
    op.drop_table("contradiction")
    op.execute("UPDATE coaching_session SET state = 'missed' WHERE state = 'contested'")
    with op.batch_alter_table("coaching_session") as batch:
        batch.drop_index(op.f("ix_coaching_session_recorded_by_id"))
        batch.drop_constraint(op.f("fk_coaching_session_recorded_by_id"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_coaching_session_recorded_side"), type_="check")
        for column in ("recorded_side", "recorded_by_id", "recorded_at"):
            batch.drop_column(column)
    change_codes("coaching_session", "state", [each for each in _STATES if each != "contested"])
