"""Let a mentor pass a request on to a colleague

Revision: 0064
Follows: 0067
"""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_codes

revision = "0064"
down_revision = "0067"
branch_labels = None
depends_on = None

_STATES = (
    "accepted",
    "active",
    "cancelled",
    "completed",
    "declined",
    "expired",
    "passed_on",
    "requested",
    "withdrawn",
)


def upgrade() -> None:
    change_codes("engagement", "state", _STATES)
    op.create_table(
        "passed_request",
        sa.Column("former_id", sa.Integer(), nullable=False),
        sa.Column("present_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("former_id <> present_id", name=op.f("ck_passed_request_two")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["engagement.id"],
                name=op.f(f"fk_passed_request_{column}"),
                ondelete="CASCADE",
            )
            for column in ("former_id", "present_id")
        ),
        sa.PrimaryKeyConstraint("former_id", name=op.f("pk_passed_request")),
        sa.UniqueConstraint("present_id", name=op.f("uq_passed_request_present_id")),
    )


def downgrade() -> None:
    op.drop_table("passed_request")
    op.execute("UPDATE engagement SET state = 'declined' WHERE state = 'passed_on'")
    change_codes("engagement", "state", [each for each in _STATES if each != "passed_on"])
