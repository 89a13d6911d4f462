"""Let the two sides settle a contradiction themselves

Revision: 0066
Follows: 0065
"""

from alembic import op

from migrations.checks import change_codes

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

_STATES = ("open", "overturned", "upheld")


def upgrade() -> None:
    change_codes("contradiction", "state", ("conceded", *_STATES, "taken_back"))


def downgrade() -> None:
    op.execute("UPDATE contradiction SET state = 'upheld' WHERE state = 'taken_back'")
    op.execute("UPDATE contradiction SET state = 'overturned' WHERE state = 'conceded'")
    change_codes("contradiction", "state", _STATES)
