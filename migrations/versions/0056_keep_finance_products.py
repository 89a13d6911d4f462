"""Keep the catalogues of finance products, version by version

Revision: 0056
Follows: 0055
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_TABLE = "finance_product"
_STATES = ("draft", "current", "replaced", "withdrawn", "over")
_KINDS = (
    "bank_loan",
    "guarantee",
    "insurance",
    "leasing",
    "equity",
    "grant_then_equity",
    "invest_first",
    "loan_linked_to_equity",
)
_GRADES = ("official", "official_repost", "lead_only")
_CHECKS = {
    "number": "number >= 1",
    "least": "least_yuan > 0",
    "most": "most_yuan > 0",
    "amounts": "least_yuan <= most_yuan",
    "months": "months_most BETWEEN 1 AND 360",
    "yearly_from": "yearly_bp_from BETWEEN 1 AND 10000",
    "yearly_to": "yearly_bp_to BETWEEN 1 AND 10000",
    "yearly": "yearly_bp_from <= yearly_bp_to",
    "fee": "fee_bp BETWEEN 1 AND 10000",
    "share": "share_bp BETWEEN 1 AND 10000",
    "staff": "staff_most >= 0",
    "revenue": "revenue_most_yuan >= 0",
    "assets": "assets_most_yuan >= 0",
    "age": "age_most_years BETWEEN 1 AND 100",
    "valid": "valid_from <= valid_until",
    "whole": "state = 'draft' OR (kind IS NOT NULL AND valid_from IS NOT NULL"
    " AND valid_until IS NOT NULL AND published_at IS NOT NULL)",
    "ended_at": "state IN ('draft', 'current') OR ended_at IS NOT NULL",
}


def _codes(name: str, codes: tuple[str, ...], length: int) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=length)


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", _codes("state", _STATES, 20), nullable=False),
        sa.Column("kind", _codes("kind", _KINDS, 40), nullable=True),
        sa.Column("offered_by", sa.String(length=120), nullable=False),
        sa.Column("least_yuan", sa.BigInteger(), nullable=True),
        sa.Column("most_yuan", sa.BigInteger(), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=True)
            for name in ("months_most", "yearly_bp_from", "yearly_bp_to", "fee_bp", "share_bp")
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_of", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("needs_company", sa.Boolean(), nullable=False),
        sa.Column("needs_resident", sa.Boolean(), nullable=False),
        sa.Column("staff_most", sa.Integer(), nullable=True),
        sa.Column("revenue_most_yuan", sa.BigInteger(), nullable=True),
        sa.Column("assets_most_yuan", sa.BigInteger(), nullable=True),
        sa.Column("age_most_years", sa.Integer(), nullable=True),
        sa.Column("source_title", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=300), nullable=False),
        sa.Column("grade", _codes("grade", _GRADES, 40), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_{_TABLE}_{name}"))
            for name, condition in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f(f"fk_{_TABLE}_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{_TABLE}_public_id")),
    )
    op.create_index(op.f(f"ix_{_TABLE}_incubator_id"), _TABLE, ["incubator_id"])
    op.create_index(op.f(f"ix_{_TABLE}_state"), _TABLE, ["state"])
    op.create_index(f"uq_{_TABLE}_number", _TABLE, ["incubator_id", "code", "number"], unique=True)
    for state in ("draft", "current"):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_{_TABLE}_{state}",
            _TABLE,
            ["incubator_id", "code"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def downgrade() -> None:
    op.drop_table(_TABLE)
