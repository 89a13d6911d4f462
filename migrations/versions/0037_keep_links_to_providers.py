"""Keep by which accounts elsewhere a person logs in

Revision: 0037
Follows: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_BEFORE = ("typed", "typed_and_code", "typed_and_passkey", "passkey")
_PROVIDERS = ("provider", "provider_and_code", "provider_and_passkey")


def upgrade() -> None:
    op.create_table(
        "provider_link",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_provider_link_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_provider_link_public_id")),
    )
    op.create_index(op.f("ix_provider_link_person_id"), "provider_link", ["person_id"])
    op.create_index("uq_provider_link_subject", "provider_link", ["issuer", "subject"], unique=True)
    _allow((*_BEFORE, *_PROVIDERS))


def downgrade() -> None:
    op.execute(sa.text("UPDATE log_in SET method = NULL WHERE method LIKE 'provider%'"))
    _allow(_BEFORE)
    op.drop_table("provider_link")


def _allow(methods: tuple[str, ...]) -> None:
    with op.batch_alter_table("log_in") as batch:
        batch.drop_constraint(op.f("ck_log_in_method"), type_="check")
        batch.create_check_constraint(op.f("ck_log_in_method"), sa.column("method").in_(methods))
