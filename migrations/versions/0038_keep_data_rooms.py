"""Keep data rooms: what is in them, agreements, who may have what, and visits

Revision: 0038
Follows: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_STATES = ("open", "suspended", "closed")
_KINDS = ("read", "downloaded")


def upgrade() -> None:
    op.create_table(
        "data_room",
        sa.Column("startup_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *_make_ids("data_room"),
        _refer("data_room", "startup_id", "startup"),
        sa.UniqueConstraint("startup_id", name=op.f("uq_data_room_startup_id")),
    )
    op.create_table(
        "room_item",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=60), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        *_make_ids("room_item"),
        _refer("room_item", "room_id", "data_room"),
        _refer("room_item", "document_id", "document"),
        sa.UniqueConstraint(
            "room_id", "document_id", name=op.f("uq_room_item_room_id_document_id")
        ),
    )
    op.create_table(
        "room_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_room_agreement_number")),
        _refer("room_agreement", "room_id", "data_room"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_agreement")),
        sa.UniqueConstraint("room_id", "number", name=op.f("uq_room_agreement_room_id_number")),
    )
    op.create_table(
        "room_grant",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("state", _make_codes("state", 20, _STATES), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_make_ids("room_grant"),
        _refer("room_grant", "room_id", "data_room"),
        _refer("room_grant", "provider_id", "provider"),
        sa.UniqueConstraint(
            "room_id", "provider_id", name=op.f("uq_room_grant_room_id_provider_id")
        ),
    )
    op.create_table(
        "room_right",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("folder", sa.String(length=60), nullable=False),
        sa.Column("may_download", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(item_id IS NULL) = (folder <> '')", name=op.f("ck_room_right_one_thing")
        ),
        _refer("room_right", "grant_id", "room_grant"),
        _refer("room_right", "item_id", "room_item"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_right")),
    )
    op.create_table(
        "room_acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        _refer("room_acceptance", "agreement_id", "room_agreement"),
        _refer("room_acceptance", "grant_id", "room_grant"),
        _refer("room_acceptance", "person_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_acceptance")),
        sa.UniqueConstraint(
            "agreement_id", "person_id", name=op.f("uq_room_acceptance_agreement_id_person_id")
        ),
    )
    op.create_table(
        "room_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("document_number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", _make_codes("kind", 40, _KINDS), nullable=False),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=False),
        _refer("room_visit", "grant_id", "room_grant"),
        _refer("room_visit", "person_id", "person", "SET NULL"),
        _refer("room_visit", "document_id", "document", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_visit")),
    )
    for table, columns in (
        ("room_item", ("room_id", "document_id")),
        ("room_agreement", ("room_id",)),
        ("room_grant", ("room_id", "provider_id", "state")),
        ("room_right", ("grant_id", "item_id")),
        ("room_acceptance", ("agreement_id", "grant_id", "person_id")),
        ("room_visit", ("grant_id", "person_id", "document_id")),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in (
        "room_visit",
        "room_acceptance",
        "room_right",
        "room_grant",
        "room_agreement",
        "room_item",
        "data_room",
    ):
        op.drop_table(table)


def _make_ids(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _refer(
    table: str, column: str, target: str, ondelete: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def _make_codes(name: str, length: int, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=length)
