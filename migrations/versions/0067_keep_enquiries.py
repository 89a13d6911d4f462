"""Keep what people ask a human about lists of matches, and the answers

Revision: 0067
Follows: 0061
"""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0061"
branch_labels = None
depends_on = None

_TABLE = "list_enquiry"
_STATES = ("open", "answered", "withdrawn")
_CONCERNS = (
    "how_made",
    "somebody_missing",
    "somebody_misplaced",
    "why_suggested",
    "not_suggested",
    "wrongly_suggested",
)
_OUTCOMES = ("explained", "corrected", "recomputed", "unchanged")
_CHECKS = {
    "one_side_asks": "(need_id IS NULL) <> (provider_id IS NULL)",
    "answered_at": "(state = 'answered') = (answered_at IS NOT NULL)",
    "outcome_when": "(outcome IS NULL) = (answered_at IS NULL)",
}
# What each refers to, and what is left of a row when that goes.
_REFERENCES = {
    "need_id": ("need", "CASCADE"),
    "run_id": ("match_run", "SET NULL"),
    "provider_id": ("provider", "CASCADE"),
    "about_id": ("provider", "SET NULL"),
    "incubator_id": ("incubator", "SET NULL"),
    "asked_by_id": ("person", "SET NULL"),
    "answered_by_id": ("person", "SET NULL"),
}


def _codes(name: str, codes: tuple[str, ...], length: int) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=length)


def upgrade() -> None:
    op.create_table(
        _TABLE,
        *(sa.Column(name, sa.Integer(), nullable=True) for name in _REFERENCES),
        sa.Column("state", _codes("state", _STATES, 20), nullable=False),
        sa.Column("concern", _codes("concern", _CONCERNS, 40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", _codes("outcome", _OUTCOMES, 40), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_{_TABLE}_{name}"))
            for name, condition in _CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_{_TABLE}_{column}"), ondelete=what
            )
            for column, (table, what) in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{_TABLE}_public_id")),
    )
    for column in (*_REFERENCES, "remind_at"):
        op.create_index(op.f(f"ix_{_TABLE}_{column}"), _TABLE, [column])
    where = sa.text("state = 'open'")
    for column in ("need_id", "provider_id"):
        op.create_index(
            f"uq_{_TABLE}_open_{column}",
            _TABLE,
            [column],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def downgrade() -> None:
    op.drop_table(_TABLE)
