"""Keep what one fund and one startup have agreed on about money

Revision: 0047
Follows: 0046
"""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_codes

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_FORMS = (
    "equity",
    "grant_then_equity",
    "invest_first",
    "loan_linked_to_equity",
    "guarantee",
    "relay",
)


def upgrade() -> None:
    change_codes("financing", "kind", _FORMS)
    change_codes("funding_brief", "instrument", _FORMS)
    op.create_table(
        "arrangement",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "offered",
                "running",
                "declined",
                "convertible",
                "pending",
                "due",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "equity",
                "grant_then_equity",
                "invest_first",
                "loan_linked_to_equity",
                "guarantee",
                "relay",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("partner", sa.String(length=120), nullable=False),
        sa.Column("trigger_yuan", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("converts_when_due", sa.Boolean(), nullable=False),
        sa.Column("holding_bp", sa.Integer(), nullable=True),
        sa.Column("discount_bp", sa.Integer(), nullable=True),
        sa.Column("yearly_bp", sa.Integer(), nullable=True),
        sa.Column("bank_bp", sa.Integer(), nullable=True),
        sa.Column("fund_bp", sa.Integer(), nullable=True),
        sa.Column("guarantor_bp", sa.Integer(), nullable=True),
        sa.Column("fee_bp", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("financing_id", sa.Integer(), nullable=True),
        sa.Column("triggered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "end_outcome",
            sa.Enum(
                "converted",
                "repaid",
                "waived",
                "fulfilled",
                name="end_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("end_valuation_yuan", sa.BigInteger(), nullable=True),
        sa.Column("end_holding_bp", sa.Integer(), nullable=True),
        sa.Column("end_repaid_yuan", sa.BigInteger(), nullable=True),
        sa.Column("end_words", sa.Text(), nullable=False),
        sa.Column(
            "end_side",
            sa.Enum(
                "startup",
                "provider",
                name="end_side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("end_by_id", sa.Integer(), nullable=True),
        sa.Column("end_proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "end_outcome <> 'converted' OR end_valuation_yuan IS NOT NULL",
            name=op.f("ck_arrangement_valuation"),
        ),
        sa.CheckConstraint(
            "state <> 'ended' OR (end_outcome IS NOT NULL AND ended_at IS NOT NULL)",
            name=op.f("ck_arrangement_ended"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR offered_at IS NOT NULL", name=op.f("ck_arrangement_offered_at")
        ),
        sa.CheckConstraint(
            "state NOT IN ('running', 'pending', 'convertible', 'due') OR agreed_at IS NOT NULL",
            name=op.f("ck_arrangement_agreed_at"),
        ),
        sa.CheckConstraint("agreed_by_id <> offered_by_id", name=op.f("ck_arrangement_two_people")),
        sa.CheckConstraint("amount_yuan > 0", name=op.f("ck_arrangement_amount")),
        sa.CheckConstraint("bank_bp BETWEEN 0 AND 10000", name=op.f("ck_arrangement_bank_bp")),
        sa.CheckConstraint(
            "discount_bp BETWEEN 0 AND 10000", name=op.f("ck_arrangement_discount_bp")
        ),
        sa.CheckConstraint(
            "end_holding_bp BETWEEN 0 AND 10000", name=op.f("ck_arrangement_end_holding_bp")
        ),
        sa.CheckConstraint("fee_bp BETWEEN 0 AND 10000", name=op.f("ck_arrangement_fee_bp")),
        sa.CheckConstraint("fund_bp BETWEEN 0 AND 10000", name=op.f("ck_arrangement_fund_bp")),
        sa.CheckConstraint(
            "guarantor_bp BETWEEN 0 AND 10000", name=op.f("ck_arrangement_guarantor_bp")
        ),
        sa.CheckConstraint(
            "holding_bp BETWEEN 0 AND 10000", name=op.f("ck_arrangement_holding_bp")
        ),
        sa.CheckConstraint("trigger_yuan > 0", name=op.f("ck_arrangement_trigger")),
        sa.CheckConstraint("yearly_bp BETWEEN 0 AND 10000", name=op.f("ck_arrangement_yearly_bp")),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"],
            ["person.id"],
            name=op.f("fk_arrangement_agreed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["end_by_id"], ["person.id"], name=op.f("fk_arrangement_end_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_arrangement_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["financing_id"],
            ["financing.id"],
            name=op.f("fk_arrangement_financing_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["offered_by_id"],
            ["person.id"],
            name=op.f("fk_arrangement_offered_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_arrangement_public_id")),
    )
    op.create_index(op.f("ix_arrangement_agreed_by_id"), "arrangement", ["agreed_by_id"])
    op.create_index(op.f("ix_arrangement_end_by_id"), "arrangement", ["end_by_id"])
    op.create_index(op.f("ix_arrangement_engagement_id"), "arrangement", ["engagement_id"])
    op.create_index(op.f("ix_arrangement_financing_id"), "arrangement", ["financing_id"])
    op.create_index(op.f("ix_arrangement_offered_by_id"), "arrangement", ["offered_by_id"])
    op.create_index(op.f("ix_arrangement_state"), "arrangement", ["state"])
    op.create_index(
        "uq_arrangement_standing",
        "arrangement",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text(
            "state IN ('draft', 'offered', 'running', 'pending', 'convertible', 'due')"
        ),
        postgresql_where=sa.text(
            "state IN ('draft', 'offered', 'running', 'pending', 'convertible', 'due')"
        ),
    )
    op.create_table(
        "arrangement_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("arrangement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "startup",
                "provider",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["person.id"],
            name=op.f("fk_arrangement_step_actor_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["arrangement.id"],
            name=op.f("fk_arrangement_step_arrangement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement_step")),
    )
    op.create_index(op.f("ix_arrangement_step_actor_id"), "arrangement_step", ["actor_id"])
    op.create_index(
        op.f("ix_arrangement_step_arrangement_id"), "arrangement_step", ["arrangement_id"]
    )
    op.create_table(
        "arrangement_tranche",
        sa.Column("arrangement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "released",
                "paid",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=False),
        sa.Column(
            "gate",
            sa.Enum(
                "principle",
                "lab",
                "prototype",
                "pilot",
                "market",
                name="gate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("fact_id", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("paid_by_id", sa.Integer(), nullable=True),
        sa.Column("fell_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "fell_at IS NULL OR state = 'paid'", name=op.f("ck_arrangement_tranche_fell")
        ),
        sa.CheckConstraint(
            "state <> 'paid' OR paid_on IS NOT NULL", name=op.f("ck_arrangement_tranche_paid_on")
        ),
        sa.CheckConstraint("amount_yuan > 0", name=op.f("ck_arrangement_tranche_amount")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_arrangement_tranche_number")),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["arrangement.id"],
            name=op.f("fk_arrangement_tranche_arrangement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["fact_id"],
            ["fact.id"],
            name=op.f("fk_arrangement_tranche_fact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["paid_by_id"],
            ["person.id"],
            name=op.f("fk_arrangement_tranche_paid_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement_tranche")),
        sa.UniqueConstraint(
            "arrangement_id", "number", name=op.f("uq_arrangement_tranche_arrangement_id_number")
        ),
    )
    op.create_index(
        op.f("ix_arrangement_tranche_arrangement_id"), "arrangement_tranche", ["arrangement_id"]
    )
    op.create_index(op.f("ix_arrangement_tranche_fact_id"), "arrangement_tranche", ["fact_id"])
    op.create_index(
        op.f("ix_arrangement_tranche_paid_by_id"), "arrangement_tranche", ["paid_by_id"]
    )
    op.create_index(op.f("ix_arrangement_tranche_state"), "arrangement_tranche", ["state"])


def downgrade() -> None:
    op.drop_table("arrangement_tranche")
    op.drop_table("arrangement_step")
    op.drop_table("arrangement")
    # What came later was the nearest of those before.
    op.execute("UPDATE financing SET kind = 'grant_then_equity' WHERE kind = 'invest_first'")
    op.execute(
        "UPDATE funding_brief SET instrument = 'grant_then_equity'"
        " WHERE instrument = 'invest_first'"
    )
    before = [form for form in _FORMS if form != "invest_first"]
    change_codes("financing", "kind", before)
    change_codes("funding_brief", "instrument", before)
