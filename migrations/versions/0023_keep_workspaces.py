"""Keep what the two sides of an engagement write to each other, agree on and look back to

Revision: 0023
Follows: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action_item",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "dropped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "owner_side",
            sa.Enum(
                "startup",
                "provider",
                name="owner_side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["person.id"],
            name=op.f("fk_action_item_added_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_action_item_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_item")),
        sa.UniqueConstraint("public_id", name=op.f("uq_action_item_public_id")),
    )
    op.create_index(op.f("ix_action_item_added_by_id"), "action_item", ["added_by_id"])
    op.create_index(op.f("ix_action_item_engagement_id"), "action_item", ["engagement_id"])
    op.create_index("ix_action_item_state_due_on", "action_item", ["state", "due_on"])
    op.create_table(
        "pair_note",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "startup",
                "provider",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_pair_note_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_pair_note_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_note")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pair_note_public_id")),
    )
    op.create_index(op.f("ix_pair_note_author_id"), "pair_note", ["author_id"])
    op.create_index(op.f("ix_pair_note_engagement_id"), "pair_note", ["engagement_id"])
    op.create_table(
        "profile_snapshot",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_profile_snapshot_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_profile_snapshot")),
    )
    op.create_table(
        "workspace_guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "startup",
                "provider",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_workspace_guest_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["person.id"],
            name=op.f("fk_workspace_guest_invited_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace_guest")),
    )
    op.create_index(op.f("ix_workspace_guest_engagement_id"), "workspace_guest", ["engagement_id"])
    op.create_index(op.f("ix_workspace_guest_invited_by_id"), "workspace_guest", ["invited_by_id"])
    op.create_index(
        "uq_workspace_guest_open",
        "workspace_guest",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "workspace_message",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "startup",
                "provider",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["person.id"],
            name=op.f("fk_workspace_message_author_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_workspace_message_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace_message")),
        sa.UniqueConstraint("public_id", name=op.f("uq_workspace_message_public_id")),
    )
    op.create_index(op.f("ix_workspace_message_author_id"), "workspace_message", ["author_id"])
    op.create_index(
        "ix_workspace_message_engagement_id_id", "workspace_message", ["engagement_id", "id"]
    )
    op.create_table(
        "agenda_point",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("coaching_session_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "startup",
                "provider",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["person.id"],
            name=op.f("fk_agenda_point_author_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["coaching_session_id"],
            ["coaching_session.id"],
            name=op.f("fk_agenda_point_coaching_session_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_agenda_point_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_point")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agenda_point_public_id")),
    )
    op.create_index(op.f("ix_agenda_point_author_id"), "agenda_point", ["author_id"])
    op.create_index(
        op.f("ix_agenda_point_coaching_session_id"), "agenda_point", ["coaching_session_id"]
    )
    op.create_index(op.f("ix_agenda_point_engagement_id"), "agenda_point", ["engagement_id"])
    op.create_table(
        "session_minutes",
        sa.Column("coaching_session_id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["coaching_session_id"],
            ["coaching_session.id"],
            name=op.f("fk_session_minutes_coaching_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_session_minutes_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["person.id"],
            name=op.f("fk_session_minutes_written_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_minutes")),
        sa.UniqueConstraint(
            "coaching_session_id", name=op.f("uq_session_minutes_coaching_session_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_session_minutes_public_id")),
    )
    op.create_index(op.f("ix_session_minutes_engagement_id"), "session_minutes", ["engagement_id"])
    op.create_index(op.f("ix_session_minutes_written_by_id"), "session_minutes", ["written_by_id"])


def downgrade() -> None:
    op.drop_table("session_minutes")
    op.drop_table("agenda_point")
    op.drop_table("workspace_message")
    op.drop_table("workspace_guest")
    op.drop_table("profile_snapshot")
    op.drop_table("pair_note")
    op.drop_table("action_item")
