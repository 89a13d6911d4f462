"""Keep what a data room answered for all when the investor who asked has left

Revision: 0071
Follows: 0070
"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

_GRANT = "fk_room_question_grant_id"


def upgrade() -> None:
    with op.batch_alter_table("room_question") as batch:
        batch.add_column(sa.Column("room_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE room_question SET room_id = "
        "(SELECT room_id FROM room_grant WHERE room_grant.id = room_question.grant_id)"
    )
    _lay_out("SET NULL", is_nullable=True)
    with op.batch_alter_table("room_question") as batch:
        batch.alter_column("room_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(
            op.f("fk_room_question_room_id"), "data_room", ["room_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_index(op.f("ix_room_question_room_id"), ["room_id"])


def downgrade() -> None:
    op.execute("DELETE FROM room_question WHERE grant_id IS NULL")
    with op.batch_alter_table("room_question") as batch:
        batch.drop_index(op.f("ix_room_question_room_id"))
        batch.drop_constraint(op.f("fk_room_question_room_id"), type_="foreignkey")
        batch.drop_column("room_id")
    _lay_out("CASCADE", is_nullable=False)


def _lay_out(ondelete: str, *, is_nullable: bool) -> None:
    """What becomes of a question whose grant goes."""
    with op.batch_alter_table("room_question") as batch:
        batch.drop_constraint(op.f(_GRANT), type_="foreignkey")
        batch.alter_column("grant_id", existing_type=sa.Integer(), nullable=is_nullable)
        batch.create_foreign_key(
            op.f(_GRANT), "room_grant", ["grant_id"], ["id"], ondelete=ondelete
        )
