"""Let whoever acts for two investors agree to a room's text for each

Revision: 0046
Follows: 0045
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_TABLE = "room_acceptance"
_BEFORE = ["agreement_id", "person_id"]
_NOW = ["agreement_id", "grant_id", "person_id"]


def upgrade() -> None:
    _replace(_BEFORE, _NOW)


def downgrade() -> None:
    # Of two agreements of one person the first stays.
    op.execute(
        "DELETE FROM room_acceptance WHERE person_id IS NOT NULL AND id NOT IN"
        " (SELECT min(id) FROM room_acceptance GROUP BY agreement_id, person_id)"
    )
    _replace(_NOW, _BEFORE)


def _replace(old: list[str], new: list[str]) -> None:
    with op.batch_alter_table(_TABLE) as batch:
        batch.drop_constraint(op.f(_name(old)), type_="unique")
        batch.create_unique_constraint(op.f(_name(new)), new)


def _name(columns: list[str]) -> str:
    return "_".join(["uq", _TABLE, *columns])
