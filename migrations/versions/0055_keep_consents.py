"""Keep consents step by step, and which privacy notice was put before whom

Revision: 0055
Follows: 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_PURPOSES = ("open_list", "other_incubators")


def upgrade() -> None:
    op.create_table(
        "consent_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                *_PURPOSES, name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_consent_step_version")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_consent_step_{column}"),
                ondelete="CASCADE",
            )
            for column, table in (("person_id", "person"), ("provider_id", "provider"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_step")),
    )
    op.create_index(op.f("ix_consent_step_person_id"), "consent_step", ["person_id"])
    op.create_index("ix_consent_step_last", "consent_step", ["provider_id", "purpose", "id"])
    op.create_table(
        "privacy_notice_shown",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_privacy_notice_shown_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "version", name=op.f("pk_privacy_notice_shown")),
    )
    # Nobody has consented to it yet; who is open to all without a consent is asked by the worker.
    op.add_column(
        "provider",
        sa.Column("shown_to_incubators", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("provider", "shown_to_incubators")
    op.drop_table("privacy_notice_shown")
    op.drop_table("consent_step")
