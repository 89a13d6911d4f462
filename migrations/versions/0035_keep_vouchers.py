"""Keep schemes of vouchers, and what startups reserve, use and claim of them

Revision: 0035
Follows: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_VOUCHER_SCHEME_STATES = ("draft", "current", "waiting", "replaced", "closed")
_CAP_BASISS = ("year", "company", "order")
_YEAR_BASISS = ("contract", "report", "invoice")
_OTHER_CAP_FORS = ("team", "resident")
_GRADES = ("official", "official_repost", "lead_only")
_VOUCHER_STATES = (
    "reserved",
    "used",
    "claimed",
    "held",
    "returned",
    "accepted",
    "refused",
    "paid",
    "recovered",
    "released",
    "lapsed",
)
_KINDS = (
    "pitch",
    "business_plan",
    "technical",
    "test_report",
    "certificate",
    "intellectual_property",
    "financial",
    "contract",
    "invoice",
    "minutes",
    "other",
)


def upgrade() -> None:
    op.create_table(
        "voucher_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", _make_codes("state", 20, _VOUCHER_SCHEME_STATES), nullable=False),
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
        sa.Column("covers", sa.JSON(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=True),
        sa.Column("cap_yuan", sa.BigInteger(), nullable=True),
        sa.Column("cap_basis", _make_codes("cap_basis", 40, _CAP_BASISS), nullable=False),
        sa.Column("year_basis", _make_codes("year_basis", 40, _YEAR_BASISS), nullable=False),
        sa.Column("other_cap_yuan", sa.BigInteger(), nullable=True),
        sa.Column(
            "other_cap_for", _make_codes("other_cap_for", 40, _OTHER_CAP_FORS), nullable=True
        ),
        sa.Column("budget_yuan", sa.BigInteger(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("apply_until", sa.Date(), nullable=True),
        sa.Column("use_until", sa.Date(), nullable=True),
        sa.Column("claim_until", sa.Date(), nullable=True),
        sa.Column("source_title", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=300), nullable=False),
        sa.Column("grade", _make_codes("grade", 40, _GRADES), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("age_most_years BETWEEN 1 AND 100", name=op.f("ck_voucher_scheme_age")),
        sa.CheckConstraint("apply_until <= use_until", name=op.f("ck_voucher_scheme_applies")),
        sa.CheckConstraint("assets_most_yuan >= 0", name=op.f("ck_voucher_scheme_assets")),
        sa.CheckConstraint("budget_yuan > 0", name=op.f("ck_voucher_scheme_budget")),
        sa.CheckConstraint("cap_yuan > 0", name=op.f("ck_voucher_scheme_cap")),
        sa.CheckConstraint(
            "state NOT IN ('replaced', 'closed') OR ended_at IS NOT NULL",
            name=op.f("ck_voucher_scheme_ended_at"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_voucher_scheme_number")),
        sa.CheckConstraint("opens_on <= apply_until", name=op.f("ck_voucher_scheme_opens")),
        sa.CheckConstraint("other_cap_yuan > 0", name=op.f("ck_voucher_scheme_other_cap")),
        sa.CheckConstraint(
            "(other_cap_yuan IS NULL) = (other_cap_for IS NULL)",
            name=op.f("ck_voucher_scheme_other_cap_is_for"),
        ),
        sa.CheckConstraint("revenue_most_yuan >= 0", name=op.f("ck_voucher_scheme_revenue")),
        sa.CheckConstraint("share_bp BETWEEN 1 AND 10000", name=op.f("ck_voucher_scheme_share")),
        sa.CheckConstraint("staff_most >= 0", name=op.f("ck_voucher_scheme_staff")),
        sa.CheckConstraint("use_until <= claim_until", name=op.f("ck_voucher_scheme_uses")),
        sa.CheckConstraint(
            "state = 'draft' OR (share_bp IS NOT NULL AND cap_yuan IS NOT NULL AND opens_on IS NOT NULL AND apply_until IS NOT NULL AND use_until IS NOT NULL AND claim_until IS NOT NULL AND published_at IS NOT NULL)",
            name=op.f("ck_voucher_scheme_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_voucher_scheme_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_scheme")),
        sa.UniqueConstraint("public_id", name=op.f("uq_voucher_scheme_public_id")),
    )
    op.create_index(op.f("ix_voucher_scheme_code"), "voucher_scheme", ["code"])
    op.create_index(op.f("ix_voucher_scheme_incubator_id"), "voucher_scheme", ["incubator_id"])
    op.create_index(op.f("ix_voucher_scheme_state"), "voucher_scheme", ["state"])
    _index_where(
        "uq_voucher_scheme_draft", "voucher_scheme", ["incubator_id", "code"], "state = 'draft'"
    )
    op.create_index(
        "uq_voucher_scheme_number",
        "voucher_scheme",
        ["incubator_id", "code", "number"],
        unique=True,
    )
    _index_where(
        "uq_voucher_scheme_standing",
        "voucher_scheme",
        ["incubator_id", "code"],
        "state IN ('current', 'waiting')",
    )
    op.create_table(
        "voucher",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("startup_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("state", _make_codes("state", 20, _VOUCHER_STATES), nullable=False),
        sa.Column("counts_in_year", sa.Integer(), nullable=False),
        sa.Column("fee_yuan", sa.BigInteger(), nullable=False),
        sa.Column("reserved_yuan", sa.BigInteger(), nullable=False),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=False),
        sa.Column("paid_fee_yuan", sa.BigInteger(), nullable=True),
        sa.Column("invoice", sa.String(length=60), nullable=False),
        sa.Column("invoiced_on", sa.Date(), nullable=True),
        sa.Column("claim_by", sa.Date(), nullable=False),
        sa.Column("report_number", sa.Integer(), nullable=True),
        sa.Column("report_sha256", sa.String(length=64), nullable=False),
        sa.Column("report_fell_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_because", sa.JSON(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reserved_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_of", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "amount_yuan > 0 AND amount_yuan <= reserved_yuan",
            name=op.f("ck_voucher_amount"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('paid', 'recovered') OR paid_at IS NOT NULL",
            name=op.f("ck_voucher_paid_at"),
        ),
        sa.CheckConstraint("paid_fee_yuan > 0", name=op.f("ck_voucher_paid_fee")),
        sa.CheckConstraint("reserved_yuan <= fee_yuan", name=op.f("ck_voucher_reserved")),
        sa.CheckConstraint("length(report_sha256) IN (0, 64)", name=op.f("ck_voucher_sha256")),
        sa.CheckConstraint("reviewed_by_id <> claimed_by_id", name=op.f("ck_voucher_two_people")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["person.id"],
            name=op.f("fk_voucher_reviewed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"],
            ["person.id"],
            name=op.f("fk_voucher_claimed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"], ["startup.id"], name=op.f("fk_voucher_startup_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"],
            ["voucher_scheme.id"],
            name=op.f("fk_voucher_scheme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_voucher_claim_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reserved_by_id"],
            ["person.id"],
            name=op.f("fk_voucher_reserved_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["verification_order.id"],
            name=op.f("fk_voucher_order_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("public_id", name=op.f("uq_voucher_public_id")),
    )
    op.create_index(op.f("ix_voucher_claim_id"), "voucher", ["claim_id"])
    op.create_index(op.f("ix_voucher_claimed_by_id"), "voucher", ["claimed_by_id"])
    op.create_index(op.f("ix_voucher_order_id"), "voucher", ["order_id"])
    op.create_index(op.f("ix_voucher_reserved_by_id"), "voucher", ["reserved_by_id"])
    op.create_index(op.f("ix_voucher_reviewed_by_id"), "voucher", ["reviewed_by_id"])
    op.create_index(op.f("ix_voucher_scheme_id"), "voucher", ["scheme_id"])
    op.create_index("ix_voucher_startup_code", "voucher", ["startup_id", "code"])
    op.create_index(op.f("ix_voucher_state"), "voucher", ["state"])
    _index_where(
        "uq_voucher_claim",
        "voucher",
        ["claim_id"],
        "state IN ('reserved', 'used', 'claimed', 'held', 'returned', 'accepted', 'paid')",
    )
    _index_where(
        "uq_voucher_order",
        "voucher",
        ["order_id"],
        "state IN ('reserved', 'used', 'claimed', 'held', 'returned', 'accepted', 'paid')",
    )
    op.create_table(
        "voucher_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["voucher_id"],
            ["voucher.id"],
            name=op.f("fk_voucher_step_voucher_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_voucher_step_actor_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_step")),
    )
    op.create_index(op.f("ix_voucher_step_actor_id"), "voucher_step", ["actor_id"])
    op.create_index(op.f("ix_voucher_step_voucher_id"), "voucher_step", ["voucher_id"])
    op.create_table(
        "voucher_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("document_number", sa.Integer(), nullable=False),
        sa.Column("kind", _make_codes("kind", 40, _KINDS), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_voucher_evidence_sha256")),
        sa.ForeignKeyConstraint(
            ["voucher_id"],
            ["voucher.id"],
            name=op.f("fk_voucher_evidence_voucher_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_voucher_evidence_document_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_evidence")),
    )
    op.create_index(op.f("ix_voucher_evidence_document_id"), "voucher_evidence", ["document_id"])
    op.create_index(
        "uq_voucher_evidence_document",
        "voucher_evidence",
        ["voucher_id", "document_id"],
        unique=True,
    )


def downgrade() -> None:
    for table in ("voucher_evidence", "voucher_step", "voucher", "voucher_scheme"):
        op.drop_table(table)


def _index_where(name: str, table: str, columns: list[str], where: str) -> None:
    is_in_it = sa.text(where)
    op.create_index(
        name, table, columns, unique=True, sqlite_where=is_in_it, postgresql_where=is_in_it
    )


def _make_codes(name: str, length: int, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=length)
