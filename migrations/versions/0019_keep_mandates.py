"""Keep mandates version by version, and what needs ask of one fund

Revision: 0019
Follows: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_STATES = ("draft", "published", "replaced", "withdrawn")
_GATES = ("principle", "lab", "prototype", "pilot", "market")


def upgrade() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", _make_codes("state", 20, _STATES), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("ticket_min_yuan", sa.BigInteger(), nullable=True),
        sa.Column("ticket_max_yuan", sa.BigInteger(), nullable=True),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("instruments", sa.JSON(), nullable=False),
        sa.Column("holding_limit_bp", sa.Integer(), nullable=True),
        sa.Column("excluded_topics", sa.JSON(), nullable=False),
        sa.Column("gate", _make_codes("gate", 40, _GATES), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_mandate_number")),
        sa.CheckConstraint("ticket_min_yuan >= 0", name=op.f("ck_mandate_ticket_min")),
        sa.CheckConstraint(
            "ticket_max_yuan >= ticket_min_yuan", name=op.f("ck_mandate_ticket_range")
        ),
        sa.CheckConstraint(
            "holding_limit_bp BETWEEN 1 AND 10000", name=op.f("ck_mandate_holding_limit")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR published_at IS NOT NULL", name=op.f("ck_mandate_published_at")
        ),
        sa.CheckConstraint(
            "state NOT IN ('replaced', 'withdrawn') OR ended_at IS NOT NULL",
            name=op.f("ck_mandate_ended_at"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_mandate_provider_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mandate_public_id")),
    )
    op.create_index(op.f("ix_mandate_provider_id"), "mandate", ["provider_id"])
    op.create_index(op.f("ix_mandate_state"), "mandate", ["state"])
    op.create_index("uq_mandate_number", "mandate", ["provider_id", "number"], unique=True)
    for state in ("draft", "published"):
        is_in_it = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_mandate_{state}",
            "mandate",
            ["provider_id"],
            unique=True,
            sqlite_where=is_in_it,
            postgresql_where=is_in_it,
        )
    op.create_table(
        "funding_ask",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("raised_yuan", sa.BigInteger(), nullable=False),
        sa.Column("least_part_yuan", sa.BigInteger(), nullable=True),
        sa.Column("share_bp", sa.Integer(), nullable=True),
        sa.Column("shows_gate", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("raised_yuan >= 0", name=op.f("ck_funding_ask_raised")),
        sa.CheckConstraint("least_part_yuan > 0", name=op.f("ck_funding_ask_least_part")),
        sa.CheckConstraint("share_bp BETWEEN 1 AND 10000", name=op.f("ck_funding_ask_share")),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_funding_ask_need_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_funding_ask")),
    )


def downgrade() -> None:
    op.drop_table("funding_ask")
    op.drop_table("mandate")


def _make_codes(name: str, length: int, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=length)
