"""Let what nobody answers about the care of a company end by the clock

Revision: 0069
Follows: 0062
"""

from alembic import op

from migrations.checks import change_codes

revision = "0069"
down_revision = "0062"
branch_labels = None
depends_on = None

_STATES = ("active", "asked", "assigned", "declined", "ended", "withdrawn")


def upgrade() -> None:
    change_codes("company_care", "state", (*_STATES, "over"))


def downgrade() -> None:
    op.execute("UPDATE company_care SET state = 'withdrawn' WHERE state = 'over'")
    change_codes("company_care", "state", _STATES)
