"""Keep financings of startups, and how far each fund has come in them

Revision: 0034
Follows: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_STATES = ("draft", "open", "closed", "abandoned", "lapsed")
_KINDS = ("equity", "grant_then_equity", "loan_linked_to_equity", "guarantee", "relay")
_SHOWN = ("summary", "names", "contacts")
_INTERESTS = (
    "observing",
    "considering",
    "committed",
    "left",
    "released",
    "invested",
    "lapsed",
)
_PEOPLE = ("committed_by_id", "released_by_id")
_RUNS = sa.text("state IN ('draft', 'open')")


def upgrade() -> None:
    op.create_table(
        "financing",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("state", _make_codes("state", 20, _STATES), nullable=False),
        sa.Column("kind", _make_codes("kind", 40, _KINDS), nullable=False),
        sa.Column("target_yuan", sa.BigInteger(), nullable=False),
        sa.Column("least_yuan", sa.BigInteger(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("shown", _make_codes("shown", 40, _SHOWN), nullable=False),
        sa.Column("taken_yuan", sa.BigInteger(), nullable=False),
        sa.Column("taken_places", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("target_yuan > 0", name=op.f("ck_financing_target")),
        sa.CheckConstraint("least_yuan BETWEEN 1 AND target_yuan", name=op.f("ck_financing_least")),
        sa.CheckConstraint("places BETWEEN 1 AND 50", name=op.f("ck_financing_places")),
        sa.CheckConstraint("taken_yuan BETWEEN 0 AND target_yuan", name=op.f("ck_financing_taken")),
        sa.CheckConstraint("taken_places >= 0", name=op.f("ck_financing_taken_places")),
        sa.CheckConstraint("taken_places <= places", name=op.f("ck_financing_taken_within_places")),
        sa.CheckConstraint(
            "state = 'draft' OR opened_at IS NOT NULL", name=op.f("ck_financing_opened_at")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open') OR ended_at IS NOT NULL",
            name=op.f("ck_financing_ended_at"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_financing_need_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_financing")),
        sa.UniqueConstraint("public_id", name=op.f("uq_financing_public_id")),
    )
    for column in ("need_id", "state"):
        op.create_index(op.f(f"ix_financing_{column}"), "financing", [column])
    op.create_index(
        "uq_financing_running",
        "financing",
        ["need_id"],
        unique=True,
        sqlite_where=_RUNS,
        postgresql_where=_RUNS,
    )
    op.create_table(
        "financing_interest",
        sa.Column("financing_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("state", _make_codes("state", 20, _INTERESTS), nullable=False),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=True),
        sa.Column("committed_by_id", sa.Integer(), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("release_words", sa.Text(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("amount_yuan > 0", name=op.f("ck_financing_interest_amount")),
        sa.CheckConstraint(
            "state NOT IN ('considering', 'committed', 'invested') OR amount_yuan IS NOT NULL",
            name=op.f("ck_financing_interest_has_amount"),
        ),
        sa.CheckConstraint(
            "state <> 'invested' OR paid_on IS NOT NULL",
            name=op.f("ck_financing_interest_paid_on"),
        ),
        sa.ForeignKeyConstraint(
            ["financing_id"],
            ["financing.id"],
            name=op.f("fk_financing_interest_financing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_financing_interest_provider_id"),
            ondelete="SET NULL",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["person.id"],
                name=op.f(f"fk_financing_interest_{column}"),
                ondelete="SET NULL",
            )
            for column in _PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_financing_interest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_financing_interest_public_id")),
        sa.UniqueConstraint(
            "financing_id",
            "provider_id",
            name=op.f("uq_financing_interest_financing_id_provider_id"),
        ),
    )
    for column in ("financing_id", "provider_id", "state", *_PEOPLE):
        op.create_index(op.f(f"ix_financing_interest_{column}"), "financing_interest", [column])


def downgrade() -> None:
    op.drop_table("financing_interest")
    op.drop_table("financing")


def _make_codes(name: str, length: int, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=length)
