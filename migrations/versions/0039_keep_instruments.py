"""Keep instruments of centres, slots at them, and who waits for one

Revision: 0039
Follows: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instrument",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("least_minutes", sa.Integer(), nullable=False),
        sa.Column("most_minutes", sa.Integer(), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.Column("is_weekdays_only", sa.Boolean(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("day_minutes", sa.Integer(), nullable=True),
        sa.Column("cancel_hours", sa.Integer(), nullable=False),
        sa.Column("most_missed", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "cancel_hours BETWEEN 0 AND 336", name=op.f("ck_instrument_cancel_hours")
        ),
        sa.CheckConstraint(
            "day_minutes BETWEEN 30 AND 1440", name=op.f("ck_instrument_day_minutes")
        ),
        sa.CheckConstraint(
            "horizon_days BETWEEN 1 AND 365", name=op.f("ck_instrument_horizon_days")
        ),
        sa.CheckConstraint(
            "least_minutes >= 30 AND most_minutes >= least_minutes AND most_minutes <= 20160",
            name=op.f("ck_instrument_length"),
        ),
        sa.CheckConstraint("most_missed BETWEEN 1 AND 20", name=op.f("ck_instrument_most_missed")),
        sa.CheckConstraint(
            "notice_hours BETWEEN 0 AND 336", name=op.f("ck_instrument_notice_hours")
        ),
        sa.CheckConstraint(
            "opens_minute >= 0 AND closes_minute > opens_minute AND closes_minute <= 1440",
            name=op.f("ck_instrument_hours"),
        ),
        sa.CheckConstraint("places BETWEEN 1 AND 50", name=op.f("ck_instrument_places")),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_instrument_provider_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("public_id", name=op.f("uq_instrument_public_id")),
    )
    op.create_index(op.f("ix_instrument_provider_id"), "instrument", ["provider_id"])
    op.create_table(
        "instrument_outage",
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_instrument_outage_span")),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name=op.f("fk_instrument_outage_instrument_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_outage")),
        sa.UniqueConstraint("public_id", name=op.f("uq_instrument_outage_public_id")),
    )
    op.create_index(
        op.f("ix_instrument_outage_instrument_id"), "instrument_outage", ["instrument_id"]
    )
    op.create_table(
        "slot",
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "booked",
                "cancelled",
                "cancelled_late",
                "moved",
                "used",
                "missed",
                "waived",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "state = 'booked' OR ended_at IS NOT NULL", name=op.f("ck_slot_ended_at")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_slot_span")),
        sa.CheckConstraint("place >= 1", name=op.f("ck_slot_place")),
        sa.ForeignKeyConstraint(
            ["booked_by_id"], ["person.id"], name=op.f("fk_slot_booked_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_slot_ended_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["slot.id"], name=op.f("fk_slot_follows_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name=op.f("fk_slot_instrument_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["verification_order.id"],
            name=op.f("fk_slot_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_slot_public_id")),
    )
    op.create_index(op.f("ix_slot_booked_by_id"), "slot", ["booked_by_id"])
    op.create_index(op.f("ix_slot_ended_by_id"), "slot", ["ended_by_id"])
    op.create_index(op.f("ix_slot_follows_id"), "slot", ["follows_id"])
    op.create_index(op.f("ix_slot_instrument_id"), "slot", ["instrument_id"])
    op.create_index(op.f("ix_slot_order_id"), "slot", ["order_id"])
    op.create_index(op.f("ix_slot_starts_at"), "slot", ["starts_at"])
    op.create_index(op.f("ix_slot_state"), "slot", ["state"])
    op.create_table(
        "slot_wish",
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_slot_wish_span")),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name=op.f("fk_slot_wish_instrument_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["verification_order.id"],
            name=op.f("fk_slot_wish_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_wish")),
        sa.UniqueConstraint("public_id", name=op.f("uq_slot_wish_public_id")),
    )
    op.create_index(op.f("ix_slot_wish_instrument_id"), "slot_wish", ["instrument_id"])
    op.create_index(op.f("ix_slot_wish_order_id"), "slot_wish", ["order_id"])
    op.create_index("uq_slot_wish_order", "slot_wish", ["instrument_id", "order_id"], unique=True)
    op.create_table(
        "slot_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name=op.f("fk_slot_step_instrument_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slot.id"], name=op.f("fk_slot_step_slot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_step")),
    )
    op.create_index(op.f("ix_slot_step_slot_id"), "slot_step", ["slot_id"])
    op.create_index(
        "uq_slot_step_place", "slot_step", ["instrument_id", "place", "begins_at"], unique=True
    )


def downgrade() -> None:
    for table in ("slot_step", "slot_wish", "slot", "instrument_outage", "instrument"):
        op.drop_table(table)
