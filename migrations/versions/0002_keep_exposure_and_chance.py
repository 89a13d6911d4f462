"""Keep how often providers are shown, and what chance had to do with it

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    double = sa.Double().compile(op.get_bind().dialect)
    # Written out, because SQLite takes a check only together with its column: laying the table out
    # anew would delete it first, and with it all that hangs on its rows.
    op.execute(
        "ALTER TABLE provider ADD COLUMN exposure INTEGER DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_provider_exposure CHECK (exposure BETWEEN 0 AND 16)"
    )
    op.execute(
        f'ALTER TABLE "match" ADD COLUMN propensity {double} DEFAULT 1 NOT NULL '
        "CONSTRAINT ck_match_propensity CHECK (propensity > 0 AND propensity <= 1)"
    )
    op.add_column(
        "provider",
        sa.Column("is_newcomer", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column("match_run", sa.Column("seed", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("match_run", "seed")
    op.drop_column("provider", "is_newcomer")
    op.drop_column("match", "propensity")
    op.drop_column("provider", "exposure")
