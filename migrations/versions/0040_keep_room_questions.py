"""Keep questions about documents in data rooms, and their answers

Revision: 0040
Follows: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_REFERENCES = (
    ("grant_id", "room_grant", "CASCADE"),
    ("document_id", "document", "SET NULL"),
    ("asked_by_id", "person", "SET NULL"),
    ("answered_by_id", "person", "SET NULL"),
)


def upgrade() -> None:
    op.create_table(
        "room_question",
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("document_number", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "answered",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("common_text", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("page BETWEEN 1 AND 10000", name=op.f("ck_room_question_page")),
        sa.CheckConstraint(
            "state <> 'answered' OR answered_at IS NOT NULL",
            name=op.f("ck_room_question_answered_at"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR state = 'answered'", name=op.f("ck_room_question_published")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{target}.id"],
                name=op.f(f"fk_room_question_{column}"),
                ondelete=ondelete,
            )
            for column, target, ondelete in _REFERENCES
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_room_question_public_id")),
    )
    for column in ("grant_id", "document_id", "state", "asked_by_id", "answered_by_id"):
        op.create_index(op.f(f"ix_room_question_{column}"), "room_question", [column])


def downgrade() -> None:
    op.drop_table("room_question")
