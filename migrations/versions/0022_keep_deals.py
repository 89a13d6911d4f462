"""Keep deals of funds: their steps, where each stands, and what the startup is shown

Revision: 0022
Follows: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_STATES = ("inbox", "review", "agreed", "passed", "withdrawn", "done")
_REASONS = (
    "outside_mandate",
    "too_early",
    "unproven",
    "team",
    "market",
    "terms",
    "conflict",
    "no_capacity",
    "other",
)
_SHOWN = ("looking", "talking", "examining", "agreed", "not_now")
_PEOPLE = ("assignee_id", "passed_by_id")


def upgrade() -> None:
    op.create_table(
        "funnel",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_funnel_provider_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_funnel")),
    )
    op.create_table(
        "deal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("state", _make_codes("state", 20, _STATES), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("pass_reason", _make_codes("pass_reason", 40, _REASONS), nullable=True),
        sa.Column("pass_words", sa.Text(), nullable=False),
        sa.Column("passed_by_id", sa.Integer(), nullable=True),
        sa.Column("shown", _make_codes("shown", 40, _SHOWN), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'passed' OR pass_reason IS NOT NULL", name=op.f("ck_deal_passed_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_deal_engagement_id"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["person.id"], name=op.f(f"fk_deal_{column}"), ondelete="SET NULL"
            )
            for column in _PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal")),
        sa.UniqueConstraint("engagement_id", name=op.f("uq_deal_engagement_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_deal_public_id")),
    )
    for column in ("state", *_PEOPLE):
        op.create_index(op.f(f"ix_deal_{column}"), "deal", [column])
    op.create_table(
        "deal_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("state", _make_codes("state", 20, _STATES), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("left_at >= entered_at", name=op.f("ck_deal_visit_order")),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deal.id"], name=op.f("fk_deal_visit_deal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_visit")),
    )
    op.create_index(op.f("ix_deal_visit_deal_id"), "deal_visit", ["deal_id"])


def downgrade() -> None:
    op.drop_table("deal_visit")
    op.drop_table("deal")
    op.drop_table("funnel")


def _make_codes(name: str, length: int, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=length)
