"""Keep facts with their time, source and confirmation

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATES = ("stated", "confirmed", "superseded", "withdrawn")
_SOURCES = (
    "own_statement",
    "contract",
    "invoice",
    "test_report",
    "certificate",
    "tax_return",
    "audited_accounts",
    "public_register",
)
_SUBJECTS = ("startup", "provider")
_PEOPLE = ("stated_by_id", "confirmed_by_id", "withdrawn_by_id")
_CURRENT = "state IN ('stated', 'confirmed') AND {0}_id IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("startup_id", sa.Integer(), nullable=True),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("fact_type", sa.String(length=40), nullable=False),
        sa.Column("state", _make_codes("state", 20, _STATES), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("truth", sa.Boolean(), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=True),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("time_key", sa.String(length=21), nullable=False),
        sa.Column("source", _make_codes("source", 40, _SOURCES), nullable=False),
        sa.Column("source_note", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("document_number", sa.Integer(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(startup_id IS NULL) <> (provider_id IS NULL)", name=op.f("ck_fact_one_subject")
        ),
        sa.CheckConstraint(
            "CASE WHEN number IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN day IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN truth IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN words IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_fact_one_value"),
        ),
        sa.CheckConstraint(
            "(begins_on IS NULL) = (ends_on IS NULL)"
            " AND (begins_on IS NULL OR begins_on <= ends_on)",
            name=op.f("ck_fact_time"),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_at IS NOT NULL",
            name=op.f("ck_fact_confirmed_at"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL",
            name=op.f("ck_fact_withdrawn_at"),
        ),
        sa.CheckConstraint(
            "state <> 'superseded' OR superseded_at IS NOT NULL",
            name=op.f("ck_fact_superseded_at"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{subject}_id"],
                [f"{subject}.id"],
                name=op.f(f"fk_fact_{subject}_id"),
                ondelete="CASCADE",
            )
            for subject in _SUBJECTS
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["person.id"], name=op.f(f"fk_fact_{column}"), ondelete="SET NULL"
            )
            for column in _PEOPLE
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_fact_document_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"],
            ["fact.id"],
            name=op.f("fk_fact_superseded_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint("public_id", name=op.f("uq_fact_public_id")),
    )
    for column in ("startup_id", "provider_id", "document_id", *_PEOPLE, "superseded_by_id"):
        op.create_index(op.f(f"ix_fact_{column}"), "fact", [column])
    for subject in _SUBJECTS:
        is_current = sa.text(_CURRENT.format(subject))
        op.create_index(
            f"uq_fact_current_of_{subject}",
            "fact",
            [f"{subject}_id", "fact_type", "time_key", "state"],
            unique=True,
            sqlite_where=is_current,
            postgresql_where=is_current,
        )


def downgrade() -> None:
    op.drop_table("fact")


def _make_codes(name: str, length: int, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=length)
