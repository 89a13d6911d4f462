"""Know organisations by their unified social credit codes

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Table, column, index, its columns, and whether it is unique.
_CODES = (
    ("incubator", "credit_code", "ix_incubator_credit_code", ["credit_code"], False),
    ("startup", "credit_code", "uq_startup_credit_code", ["credit_code", "incubator_id"], True),
    ("provider", "credit_code", "ix_provider_credit_code", ["credit_code"], False),
    ("mentor", "employer_code", "ix_mentor_employer_code", ["employer_code"], False),
    ("affiliation", "credit_code", "ix_affiliation_credit_code", ["credit_code", "kind"], False),
)


def upgrade() -> None:
    for table, column, index, columns, is_unique in _CODES:
        op.add_column(table, sa.Column(column, sa.String(length=18), nullable=True))
        is_there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            index,
            table,
            columns,
            unique=is_unique,
            sqlite_where=is_there,
            postgresql_where=is_there,
        )


def downgrade() -> None:
    for table, column, index, _columns, _is_unique in _CODES:
        op.drop_index(index, table_name=table)
        op.drop_column(table, column)
