"""Keep finance commissioners, companies in their care, and cases with notes

Revision: 0062
Follows: 0066
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0066"
branch_labels = None
depends_on = None

_KINDS = ("bank", "equity", "guarantee", "insurance", "advice")
_MONEY = (
    "bank_loan",
    "guarantee",
    "insurance",
    "leasing",
    "equity",
    "grant_then_equity",
    "invest_first",
    "loan_linked_to_equity",
)
_CLOSURES = (
    "refused",
    "conditions_not_met",
    "too_dear",
    "not_needed",
    "found_elsewhere",
    "care_ended",
    "other",
)
_TABLES = ("commissioner", "commissioner_quota", "company_care", "finance_case", "case_note")


def _codes(name: str, codes: tuple[str, ...], length: int = 40) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=length)


def _refer(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _moments(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in names]


def _common(table: str, *whole: str) -> list[sa.schema.SchemaItem]:
    """Moments that are always there, whose words these are, the version and both keys."""
    return [
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in whole),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
        _refer(table, "begun_by_id", "person", "SET NULL"),
        _refer(table, "ended_by_id", "person", "SET NULL"),
    ]


def _index_stands(table: str, states: str, columns: list[str]) -> None:
    where = sa.text(f"state IN ({states})")
    op.create_index(
        f"uq_{table}_stands",
        table,
        columns,
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def upgrade() -> None:
    _create_commissioner()
    op.create_table(
        "commissioner_quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column("kind", _codes("kind", _KINDS), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commissioner_quota")),
        _check("commissioner_quota", "most", "most BETWEEN 0 AND 100"),
        _refer("commissioner_quota", "incubator_id", "incubator", "CASCADE"),
    )
    op.create_index(
        "uq_commissioner_quota", "commissioner_quota", ["incubator_id", "kind"], unique=True
    )
    op.create_index(
        op.f("ix_commissioner_quota_incubator_id"), "commissioner_quota", ["incubator_id"]
    )
    _create_care()
    _create_case()
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
        _refer("case_note", "case_id", "finance_case", "CASCADE"),
        _refer("case_note", "author_id", "person", "SET NULL"),
    )
    op.create_index(op.f("ix_case_note_author_id"), "case_note", ["author_id"])
    op.create_index(op.f("ix_case_note_case_id"), "case_note", ["case_id"])


def _create_commissioner() -> None:
    table = "commissioner"
    states = ("offered", "applied", "active", "declined", "withdrawn", "ended", "over")
    op.create_table(
        table,
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", _codes("state", states, 20), nullable=False),
        sa.Column("kind", _codes("kind", _KINDS), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("institution", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("end_words", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("most_companies", sa.Integer(), nullable=True),
        *_moments("answered_at", "ended_at"),
        *_common(table, "created_at", "updated_at"),
        _check(table, "most_companies", "most_companies BETWEEN 1 AND 200"),
        _check(
            table,
            "ended_at",
            "state IN ('offered', 'applied', 'active') OR ended_at IS NOT NULL",
        ),
        _check(table, "answered_at", "state <> 'active' OR answered_at IS NOT NULL"),
        _refer(table, "incubator_id", "incubator", "CASCADE"),
        _refer(table, "person_id", "person", "SET NULL"),
    )
    for column in ("person_id", "incubator_id", "state", "contact"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    _index_stands(table, "'offered', 'applied', 'active'", ["incubator_id", "contact"])


def _create_care() -> None:
    table = "company_care"
    states = ("assigned", "asked", "active", "declined", "withdrawn", "ended")
    op.create_table(
        table,
        sa.Column("commissioner_id", sa.Integer(), nullable=False),
        sa.Column("startup_id", sa.Integer(), nullable=False),
        sa.Column("state", _codes("state", states, 20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("end_words", sa.Text(), nullable=False),
        *_moments("consented_at", "answered_at", "ended_at"),
        *_common(table, "created_at", "updated_at"),
        _check(
            table,
            "consented_at",
            "state NOT IN ('asked', 'active', 'ended') OR consented_at IS NOT NULL",
        ),
        _check(
            table, "ended_at", "state IN ('assigned', 'asked', 'active') OR ended_at IS NOT NULL"
        ),
        _refer(table, "commissioner_id", "commissioner", "CASCADE"),
        _refer(table, "startup_id", "startup", "CASCADE"),
    )
    for column in ("commissioner_id", "startup_id", "state"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    _index_stands(table, "'assigned', 'asked', 'active'", ["commissioner_id", "startup_id"])


def _create_case() -> None:
    table = "finance_case"
    states = ("open", "in_progress", "done", "closed")
    op.create_table(
        table,
        sa.Column("care_id", sa.Integer(), nullable=False),
        sa.Column("state", _codes("state", states, 20), nullable=False),
        sa.Column("kind", _codes("kind", _MONEY), nullable=False),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("obtained_kind", _codes("obtained_kind", _MONEY), nullable=True),
        sa.Column("obtained_yuan", sa.BigInteger(), nullable=True),
        sa.Column("closure", _codes("closure", _CLOSURES), nullable=True),
        sa.Column("end_words", sa.Text(), nullable=False),
        *_moments("ended_at"),
        *_common(table, "created_at", "changed_at"),
        _check(table, "amount", "amount_yuan > 0"),
        _check(table, "obtained", "obtained_yuan > 0"),
        _check(
            table,
            "done",
            "(state = 'done') = (obtained_yuan IS NOT NULL)"
            " AND (state = 'done') = (obtained_kind IS NOT NULL)",
        ),
        _check(table, "closed", "(state = 'closed') = (closure IS NOT NULL)"),
        _check(table, "ended_at", "(state IN ('done', 'closed')) = (ended_at IS NOT NULL)"),
        _refer(table, "care_id", "company_care", "CASCADE"),
        _refer(table, "product_id", "finance_product", "SET NULL"),
    )
    for column in ("care_id", "state"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
