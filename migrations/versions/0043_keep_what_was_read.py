"""Keep how needs were read, what founders corrected of it, and which conditions were met

Revision: 0043
Follows: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_ROLES = ("wish", "product", "background", "condition", "refusal")
_ATTRIBUTES = (
    "fields",
    "place",
    "languages",
    "funding_stage",
    "amount",
    "instruments",
    "gate",
    "lead_time",
    "price",
    "voucher",
    "hours",
    "seat",
)


def upgrade() -> None:
    op.create_table(
        "reading_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("sentence_key", sa.String(length=64), nullable=False),
        _make_code("role", _ROLES),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        _refer_to_need("reading_correction"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_correction")),
    )
    op.create_table(
        "dismissed_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        _make_code("attribute", _ATTRIBUTES),
        sa.Column("condition_values", sa.JSON(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
        _refer_to_need("dismissed_proposal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissed_proposal")),
    )
    for table, column in (
        ("reading_correction", "sentence_key"),
        ("dismissed_proposal", "attribute"),
    ):
        op.create_index(op.f(f"ix_{table}_need_id"), table, ["need_id"])
        op.create_index(f"uq_{table}_{column}", table, ["need_id", column], unique=True)
    op.add_column(
        "match_run", sa.Column("sentences", sa.JSON(), server_default="[]", nullable=False)
    )
    op.add_column("match", sa.Column("met", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("match", sa.Column("wish", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("match", "wish")
    op.drop_column("match", "met")
    op.drop_column("match_run", "sentences")
    op.drop_table("dismissed_proposal")
    op.drop_table("reading_correction")


def _make_code(column: str, codes: tuple[str, ...]) -> sa.Column[str]:
    kind = sa.Enum(*codes, name=column, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=False)


def _refer_to_need(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["need_id"], ["need.id"], name=op.f(f"fk_{table}_need_id"), ondelete="CASCADE"
    )
