"""Keep claims, orders with quotes, samples, results and reports of centres

Revision: 0025
Follows: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_CLAIM_STATES = ("stated", "withdrawn")
_COMPARATORS = ("at_least", "at_most", "between")
_GATES = ("principle", "lab", "prototype", "pilot", "market")
_SCALES = ("technology", "process")
_VERIFICATION_ORDER_STATES = (
    "asked",
    "quoted",
    "expired",
    "ordered",
    "in_lab",
    "to_verify",
    "verified",
    "reported",
    "settled",
    "cancelled",
)
_VERIFICATION_SAMPLE_STATES = ("sent", "received", "refused", "returned", "destroyed")
_SIDES = ("startup", "provider")
_VERIFICATION_RESULT_STATES = ("submitted", "verified", "returned")
_VERDICTS = ("confirmed", "refuted", "inconclusive")
_VERIFICATION_REPORT_STATES = (
    "published",
    "disputed",
    "upheld",
    "superseded",
    "lapsed",
    "invalidated",
)


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("startup_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("state", _make_codes("state", 20, _CLAIM_STATES), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("metric", sa.String(length=120), nullable=False),
        sa.Column("comparator", _make_codes("comparator", 40, _COMPARATORS), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("gate", _make_codes("gate", 40, _GATES), nullable=True),
        sa.Column("scale", _make_codes("scale", 40, _SCALES), nullable=False),
        sa.Column("is_released", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(comparator = 'at_least' AND low IS NOT NULL AND high IS NULL)"
            " OR (comparator = 'at_most' AND low IS NULL AND high IS NOT NULL)"
            " OR (comparator = 'between' AND low IS NOT NULL AND high IS NOT NULL AND low <= high)",
            name=op.f("ck_claim_value"),
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"], ["startup.id"], name=op.f("fk_claim_startup_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_claim_need_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["person.id"],
            name=op.f("fk_claim_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("public_id", name=op.f("uq_claim_public_id")),
    )
    op.create_index(op.f("ix_claim_created_by_id"), "claim", ["created_by_id"])
    op.create_index(op.f("ix_claim_need_id"), "claim", ["need_id"])
    op.create_index(op.f("ix_claim_startup_id"), "claim", ["startup_id"])
    op.create_table(
        "verification_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("state", _make_codes("state", 20, _VERIFICATION_ORDER_STATES), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invoice", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'settled' OR settled_at IS NOT NULL",
            name=op.f("ck_verification_order_settled_at"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_verification_order_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["claim.id"],
            name=op.f("fk_verification_order_claim_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["person.id"],
            name=op.f("fk_verification_order_asked_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_order")),
        sa.UniqueConstraint("public_id", name=op.f("uq_verification_order_public_id")),
    )
    op.create_index(
        op.f("ix_verification_order_asked_by_id"), "verification_order", ["asked_by_id"]
    )
    op.create_index(op.f("ix_verification_order_claim_id"), "verification_order", ["claim_id"])
    op.create_index(
        op.f("ix_verification_order_engagement_id"), "verification_order", ["engagement_id"]
    )
    op.create_index(op.f("ix_verification_order_state"), "verification_order", ["state"])
    _index_where(
        "uq_verification_order_open",
        "verification_order",
        ["engagement_id", "claim_id"],
        "state <> 'cancelled'",
    )
    op.create_table(
        "verification_quote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("service_name", sa.String(length=120), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("standard", sa.String(length=200), nullable=False),
        sa.Column("sample_spec", sa.Text(), nullable=False),
        sa.Column("pass_rule", sa.Text(), nullable=False),
        sa.Column("price_yuan", sa.BigInteger(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("service_terms", sa.Text(), nullable=False),
        sa.Column("property_terms", sa.Text(), nullable=False),
        sa.Column("secrecy_terms", sa.Text(), nullable=False),
        sa.Column("damages_terms", sa.Text(), nullable=False),
        sa.Column("breach_terms", sa.Text(), nullable=False),
        sa.Column("dispute_terms", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "accepted_at IS NULL OR ended_at IS NULL",
            name=op.f("ck_verification_quote_one_end"),
        ),
        sa.CheckConstraint(
            "number >= 1",
            name=op.f("ck_verification_quote_number"),
        ),
        sa.CheckConstraint(
            "price_yuan >= 0",
            name=op.f("ck_verification_quote_price"),
        ),
        sa.CheckConstraint(
            "lead_days BETWEEN 1 AND 3650",
            name=op.f("ck_verification_quote_lead_days"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["verification_order.id"],
            name=op.f("fk_verification_quote_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["offered_by_id"],
            ["person.id"],
            name=op.f("fk_verification_quote_offered_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"],
            ["person.id"],
            name=op.f("fk_verification_quote_accepted_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_quote")),
        sa.UniqueConstraint("public_id", name=op.f("uq_verification_quote_public_id")),
    )
    op.create_index(
        op.f("ix_verification_quote_accepted_by_id"), "verification_quote", ["accepted_by_id"]
    )
    op.create_index(
        op.f("ix_verification_quote_offered_by_id"), "verification_quote", ["offered_by_id"]
    )
    op.create_index(op.f("ix_verification_quote_order_id"), "verification_quote", ["order_id"])
    _index_where(
        "uq_verification_quote_accepted",
        "verification_quote",
        ["order_id"],
        "accepted_at IS NOT NULL",
    )
    op.create_index(
        "uq_verification_quote_number", "verification_quote", ["order_id", "number"], unique=True
    )
    _index_where(
        "uq_verification_quote_open",
        "verification_quote",
        ["order_id"],
        "accepted_at IS NULL AND ended_at IS NULL",
    )
    op.create_table(
        "verification_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=11), nullable=False),
        sa.Column("state", _make_codes("state", 20, _VERIFICATION_SAMPLE_STATES), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["verification_order.id"],
            name=op.f("fk_verification_sample_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_sample")),
        sa.UniqueConstraint("public_id", name=op.f("uq_verification_sample_public_id")),
        sa.UniqueConstraint("code", name=op.f("uq_verification_sample_code")),
    )
    op.create_index(op.f("ix_verification_sample_order_id"), "verification_sample", ["order_id"])
    op.create_table(
        "verification_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("side", _make_codes("side", 40, _SIDES), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["verification_order.id"],
            name=op.f("fk_verification_step_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"],
            ["verification_sample.id"],
            name=op.f("fk_verification_step_sample_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["person.id"],
            name=op.f("fk_verification_step_actor_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_step")),
    )
    op.create_index(op.f("ix_verification_step_actor_id"), "verification_step", ["actor_id"])
    op.create_index(op.f("ix_verification_step_order_id"), "verification_step", ["order_id"])
    op.create_index(op.f("ix_verification_step_sample_id"), "verification_step", ["sample_id"])
    op.create_table(
        "verification_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", _make_codes("state", 20, _VERIFICATION_RESULT_STATES), nullable=False),
        sa.Column("verdict", _make_codes("verdict", 40, _VERDICTS), nullable=False),
        sa.Column("measured", sa.BigInteger(), nullable=True),
        sa.Column("uncertainty", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("passes_gate", sa.Boolean(), nullable=False),
        sa.Column("readiness", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "number >= 1",
            name=op.f("ck_verification_result_number"),
        ),
        sa.CheckConstraint(
            "verdict = 'confirmed' OR (NOT passes_gate AND readiness IS NULL)",
            name=op.f("ck_verification_result_proves_when_confirmed"),
        ),
        sa.CheckConstraint(
            "state = 'submitted' OR decided_at IS NOT NULL",
            name=op.f("ck_verification_result_decided_at"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> submitted_by_id",
            name=op.f("ck_verification_result_two_people"),
        ),
        sa.CheckConstraint(
            "verdict = 'inconclusive' OR measured IS NOT NULL",
            name=op.f("ck_verification_result_verdict_has_measure"),
        ),
        sa.CheckConstraint(
            "readiness BETWEEN 1 AND 9",
            name=op.f("ck_verification_result_readiness"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["verification_order.id"],
            name=op.f("fk_verification_result_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"],
            ["person.id"],
            name=op.f("fk_verification_result_submitted_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_verification_result_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_result")),
        sa.UniqueConstraint("public_id", name=op.f("uq_verification_result_public_id")),
    )
    op.create_index(
        op.f("ix_verification_result_decided_by_id"), "verification_result", ["decided_by_id"]
    )
    op.create_index(op.f("ix_verification_result_order_id"), "verification_result", ["order_id"])
    op.create_index(
        op.f("ix_verification_result_submitted_by_id"), "verification_result", ["submitted_by_id"]
    )
    op.create_index(
        "uq_verification_result_number", "verification_result", ["order_id", "number"], unique=True
    )
    _index_where(
        "uq_verification_result_submitted",
        "verification_result",
        ["order_id"],
        "state = 'submitted'",
    )
    op.create_table(
        "verification_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", _make_codes("state", 20, _VERIFICATION_REPORT_STATES), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("document_number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gate_fact_id", sa.Integer(), nullable=True),
        sa.Column("readiness_fact_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "length(sha256) = 64",
            name=op.f("ck_verification_report_sha256"),
        ),
        sa.CheckConstraint(
            "state IN ('published', 'disputed', 'upheld') OR ended_at IS NOT NULL",
            name=op.f("ck_verification_report_ended_at"),
        ),
        sa.CheckConstraint(
            "number >= 1",
            name=op.f("ck_verification_report_number"),
        ),
        sa.CheckConstraint(
            "state <> 'disputed' OR disputed_at IS NOT NULL",
            name=op.f("ck_verification_report_disputed_at"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["verification_order.id"],
            name=op.f("fk_verification_report_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["result_id"],
            ["verification_result.id"],
            name=op.f("fk_verification_report_result_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_verification_report_document_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["person.id"],
            name=op.f("fk_verification_report_published_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["gate_fact_id"],
            ["fact.id"],
            name=op.f("fk_verification_report_gate_fact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["readiness_fact_id"],
            ["fact.id"],
            name=op.f("fk_verification_report_readiness_fact_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_verification_report_public_id")),
    )
    op.create_index(
        op.f("ix_verification_report_document_id"), "verification_report", ["document_id"]
    )
    op.create_index(
        op.f("ix_verification_report_gate_fact_id"), "verification_report", ["gate_fact_id"]
    )
    op.create_index(op.f("ix_verification_report_order_id"), "verification_report", ["order_id"])
    op.create_index(
        op.f("ix_verification_report_published_by_id"), "verification_report", ["published_by_id"]
    )
    op.create_index(
        op.f("ix_verification_report_readiness_fact_id"),
        "verification_report",
        ["readiness_fact_id"],
    )
    op.create_index(op.f("ix_verification_report_result_id"), "verification_report", ["result_id"])
    op.create_index(
        "uq_verification_report_number", "verification_report", ["order_id", "number"], unique=True
    )
    _index_where(
        "uq_verification_report_standing",
        "verification_report",
        ["order_id"],
        "state IN ('published', 'disputed', 'upheld')",
    )


def downgrade() -> None:
    for table in (
        "verification_report",
        "verification_result",
        "verification_step",
        "verification_sample",
        "verification_quote",
        "verification_order",
        "claim",
    ):
        op.drop_table(table)


def _index_where(name: str, table: str, columns: list[str], where: str) -> None:
    is_in_it = sa.text(where)
    op.create_index(
        name, table, columns, unique=True, sqlite_where=is_in_it, postgresql_where=is_in_it
    )


def _make_codes(name: str, length: int, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=length)
