"""Keep passkeys, recovery codes for whoever has one, and by what somebody came in

Revision: 0036
Follows: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_METHODS = ("typed", "typed_and_code", "typed_and_passkey", "passkey")


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("credential_id", sa.String(length=1364), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("last_challenge", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_passkey_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_passkey_public_id")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"])
    codes = op.get_bind().execute(
        sa.text(
            "SELECT recovery_code.id, second_factor.person_id, recovery_code.code_hash"
            " FROM recovery_code JOIN second_factor"
            " ON second_factor.id = recovery_code.second_factor_id ORDER BY recovery_code.id"
        )
    )
    kept = [dict(row) for row in codes.mappings()]
    op.drop_table("recovery_code")
    table = op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_recovery_code_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    # Without their numbers: a database that counts on would give the first of them out again.
    op.bulk_insert(
        table, [{"person_id": row["person_id"], "code_hash": row["code_hash"]} for row in kept]
    )
    with op.batch_alter_table("log_in") as batch:
        batch.add_column(sa.Column("method", sa.String(length=40), nullable=True))
        batch.create_check_constraint(op.f("ck_log_in_method"), sa.column("method").in_(_METHODS))


def downgrade() -> None:
    with op.batch_alter_table("log_in") as batch:
        batch.drop_constraint(op.f("ck_log_in_method"), type_="check")
        batch.drop_column("method")
    op.drop_table("recovery_code")
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("second_factor_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["second_factor_id"],
            ["second_factor.id"],
            name=op.f("fk_recovery_code_second_factor_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(
        op.f("ix_recovery_code_second_factor_id"), "recovery_code", ["second_factor_id"]
    )
    op.drop_table("passkey")
