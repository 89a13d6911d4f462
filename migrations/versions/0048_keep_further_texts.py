"""Keep further texts of providers, and name in evidence the text that it comes from

Revision: 0048
Follows: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_SOURCES = ("paper", "patent", "product", "engagement", "other")


def upgrade() -> None:
    source = sa.Enum(*_SOURCES, name="source", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "provider_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", source, nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=300), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_key", sa.String(length=64), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("year BETWEEN 1900 AND 2100", name=op.f("ck_provider_text_year")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_provider_text_text")),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_provider_text_provider_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["person.id"],
            name=op.f("fk_provider_text_added_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_text")),
        sa.UniqueConstraint("public_id", name=op.f("uq_provider_text_public_id")),
    )
    op.create_index(op.f("ix_provider_text_provider_id"), "provider_text", ["provider_id"])
    op.create_index(op.f("ix_provider_text_added_by_id"), "provider_text", ["added_by_id"])
    op.create_index(
        "uq_provider_text_text_key", "provider_text", ["provider_id", "text_key"], unique=True
    )
    op.create_table(
        "provider_text_passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("passage_start", sa.Integer(), nullable=False),
        sa.Column("passage_end", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("dtype", sa.String(length=10), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "passage_start >= 0 AND passage_end > passage_start",
            name=op.f("ck_provider_text_passage_span"),
        ),
        sa.CheckConstraint(
            "role IN ('whole', 'sentence')", name=op.f("ck_provider_text_passage_role")
        ),
        sa.ForeignKeyConstraint(
            ["text_id"],
            ["provider_text.id"],
            name=op.f("fk_provider_text_passage_text_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_text_passage")),
    )
    op.create_index(op.f("ix_provider_text_passage_text_id"), "provider_text_passage", ["text_id"])
    op.create_index(
        "uq_provider_text_passage_ordinal",
        "provider_text_passage",
        ["text_id", "ordinal"],
        unique=True,
    )
    with op.batch_alter_table("match_evidence") as batch:
        batch.add_column(
            sa.Column("text_title", sa.String(length=200), server_default="", nullable=False)
        )
        batch.add_column(
            sa.Column("text_public_id", sa.String(length=16), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("match_evidence") as batch:
        batch.drop_column("text_public_id")
        batch.drop_column("text_title")
    op.drop_table("provider_text_passage")
    op.drop_table("provider_text")
