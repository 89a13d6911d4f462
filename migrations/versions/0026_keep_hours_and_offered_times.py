"""Keep when providers can be met, and the times that they offer

Revision: 0026
Follows: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_IS_SPAN = (
    "begins_minute >= 0 AND ends_minute > begins_minute AND ends_minute <= 1440"
    " AND begins_minute % 15 = 0 AND ends_minute % 15 = 0"
)


def upgrade() -> None:
    op.create_table(
        "availability",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("week_limit", sa.Integer(), nullable=True),
        sa.Column("month_limit", sa.Integer(), nullable=True),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "buffer_minutes BETWEEN 0 AND 120 AND buffer_minutes % 15 = 0",
            name=op.f("ck_availability_buffer"),
        ),
        sa.CheckConstraint("week_limit BETWEEN 1 AND 50", name=op.f("ck_availability_week_limit")),
        sa.CheckConstraint(
            "month_limit BETWEEN 1 AND 200", name=op.f("ck_availability_month_limit")
        ),
        sa.CheckConstraint(
            "notice_hours BETWEEN 0 AND 336", name=op.f("ck_availability_notice_hours")
        ),
        sa.CheckConstraint(
            "horizon_days BETWEEN 1 AND 180", name=op.f("ck_availability_horizon_days")
        ),
        _refer("availability", "provider_id", "provider.id"),
        _refer("availability", "host_id", "person.id", "SET NULL"),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_availability")),
    )
    op.create_index(op.f("ix_availability_host_id"), "availability", ["host_id"])
    op.create_table(
        "weekly_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begins_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_hours_weekday")),
        sa.CheckConstraint(_IS_SPAN, name=op.f("ck_weekly_hours_span")),
        _refer("weekly_hours", "provider_id", "availability.provider_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_hours")),
    )
    op.create_index(op.f("ix_weekly_hours_provider_id"), "weekly_hours", ["provider_id"])
    op.create_table(
        "availability_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "away",
                "extra",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("begins_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_availability_exception_days")),
        sa.CheckConstraint(_IS_SPAN, name=op.f("ck_availability_exception_span")),
        _refer("availability_exception", "provider_id", "availability.provider_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_exception")),
        sa.UniqueConstraint("public_id", name=op.f("uq_availability_exception_public_id")),
    )
    op.create_index(
        op.f("ix_availability_exception_provider_id"), "availability_exception", ["provider_id"]
    )
    op.create_table(
        "time_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes IN (30, 45, 60, 90)", name=op.f("ck_time_offer_minutes")),
        _refer("time_offer", "engagement_id", "engagement.id"),
        _refer("time_offer", "offered_by_id", "person.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_offer")),
        sa.UniqueConstraint("engagement_id", name=op.f("uq_time_offer_engagement_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_time_offer_public_id")),
    )
    op.create_index(op.f("ix_time_offer_offered_by_id"), "time_offer", ["offered_by_id"])
    op.create_table(
        "offered_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        _refer("offered_time", "offer_id", "time_offer.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_time")),
    )
    op.create_index(op.f("ix_offered_time_offer_id"), "offered_time", ["offer_id"])
    op.create_index(
        "uq_offered_time_starts_at", "offered_time", ["offer_id", "starts_at"], unique=True
    )


def downgrade() -> None:
    for table in (
        "offered_time",
        "time_offer",
        "availability_exception",
        "weekly_hours",
        "availability",
    ):
        op.drop_table(table)


def _refer(
    table: str, column: str, target: str, ondelete: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )
