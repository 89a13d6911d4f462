"""Ask mentors, investors and centres each for what they give

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_FORMS = ("online", "in_person")
_INSTRUMENTS = ("equity", "grant_then_equity", "loan_linked_to_equity", "guarantee", "relay")
_STAGES = ("seed", "angel", "start_up", "growth")


def upgrade() -> None:
    op.add_column(
        "engagement", sa.Column("background", sa.Text(), server_default="", nullable=False)
    )
    op.create_table(
        "coaching_brief",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("meeting_form", _make_codes("meeting_form", _FORMS), nullable=True),
        sa.Column("wished_time", sa.String(length=200), nullable=False),
        *_hang_on_engagement("coaching_brief"),
    )
    op.create_table(
        "funding_brief",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=False),
        sa.Column("instrument", _make_codes("instrument", _INSTRUMENTS), nullable=True),
        sa.Column("stage", _make_codes("stage", _STAGES), nullable=True),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("use_of_funds", sa.Text(), nullable=False),
        sa.Column("closing_on", sa.Date(), nullable=True),
        sa.CheckConstraint("amount_yuan > 0", name=op.f("ck_funding_brief_amount")),
        *_hang_on_engagement("funding_brief"),
    )
    op.create_table(
        "order_brief",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("service_name", sa.String(length=120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("wished_on", sa.Date(), nullable=True),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 100000", name=op.f("ck_order_brief_quantity")),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["centre_service.id"],
            name=op.f("fk_order_brief_service_id"),
            ondelete="SET NULL",
        ),
        *_hang_on_engagement("order_brief"),
    )
    op.create_index(op.f("ix_order_brief_service_id"), "order_brief", ["service_id"])


def downgrade() -> None:
    for table in ("order_brief", "funding_brief", "coaching_brief"):
        op.drop_table(table)
    op.drop_column("engagement", "background")


def _hang_on_engagement(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f(f"fk_{table}_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f(f"pk_{table}")),
    )


def _make_codes(name: str, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=40)
