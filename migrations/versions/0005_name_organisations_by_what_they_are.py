"""Name organisations by what they are to a startup or a provider, to be found by an index

Revision: 0005
Follows: 0004
"""

import unicodedata
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from alembic import op

# The one rule for keys: another one would not find what the application stores from now on.
from models.organisation_names import make_name_key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = sa.String(length=200)
_KINDS = ("employer", "shareholder", "portfolio", "advises", "competitor", "related")
_KEYED = (("provider", "name", "name_key"), ("startup", "name", "name_key"))
_EMPLOYED = ("mentor", "employer", "employer_key")


def upgrade() -> None:
    op.create_table(
        "affiliation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("startup_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                *_KINDS,
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", _KEY, nullable=False),
        sa.CheckConstraint(
            "(provider_id IS NULL) <> (startup_id IS NULL)", name=op.f("ck_affiliation_one_side")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_affiliation_provider_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"],
            ["startup.id"],
            name=op.f("fk_affiliation_startup_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation")),
    )
    op.create_index("ix_affiliation_name_key", "affiliation", ["name_key", "kind"])
    op.create_index(op.f("ix_affiliation_provider_id"), "affiliation", ["provider_id"])
    op.create_index(op.f("ix_affiliation_startup_id"), "affiliation", ["startup_id"])
    op.create_table(
        "startup_topic",
        sa.Column("startup_id", sa.Integer(), nullable=False),
        sa.Column("topic_key", _KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["startup_id"],
            ["startup.id"],
            name=op.f("fk_startup_topic_startup_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("startup_id", "topic_key", name=op.f("pk_startup_topic")),
    )
    op.create_index("ix_startup_topic_topic_key", "startup_topic", ["topic_key", "startup_id"])
    for table, _name, key in (*_KEYED, _EMPLOYED):
        op.add_column(table, sa.Column(key, _KEY, server_default="", nullable=False))
        op.create_index(f"ix_{table}_{key}", table, [key])
    op.add_column(
        "match_run", sa.Column("relaxations", sa.JSON(), server_default="{}", nullable=False)
    )
    for table, name, key in _KEYED:
        _fill_keys(table, "id", name, key)
        _move_names(table)
        op.drop_column(table, "affiliations")
    _fill_keys(_EMPLOYED[0], "provider_id", *_EMPLOYED[1:])
    _fill_topics()


def downgrade() -> None:
    op.drop_column("match_run", "relaxations")
    for table, _name, _key in _KEYED:
        op.add_column(
            table, sa.Column("affiliations", sa.JSON(), server_default="[]", nullable=False)
        )
        _move_names_back(table)
    for table, _name, key in (*_KEYED, _EMPLOYED):
        op.drop_index(f"ix_{table}_{key}", table_name=table)
        op.drop_column(table, key)
    op.drop_table("startup_topic")
    op.drop_table("affiliation")


def _fill_keys(table: str, identity: str, name: str, key: str) -> None:
    keyed = _make_table(table, identity, name, key)
    rows = op.get_bind().execute(sa.select(keyed.c[identity], keyed.c[name])).all()
    _execute_many(
        keyed.update()
        .where(keyed.c[identity] == sa.bindparam("of_id"))
        .values({key: sa.bindparam("to_key")}),
        (
            {"of_id": row_id, "to_key": found}
            for row_id, named in rows
            if (found := make_name_key(named))
        ),
    )


def _move_names(table: str) -> None:
    """What was named without saying what it is stands as "related"."""
    side = f"{table}_id"
    _execute_many(
        _make_table("affiliation", side, "kind", "ordinal", "name", "name_key").insert(),
        (
            {
                side: row_id,
                "kind": "related",
                "ordinal": ordinal,
                "name": name[:120],
                "name_key": make_name_key(name),
            }
            for row_id, names in _read_lists(table, "affiliations")
            for ordinal, name in enumerate(names)
        ),
    )


def _move_names_back(table: str) -> None:
    """All kinds but competitors, which the single list never held."""
    moved = _make_table("affiliation", "id", f"{table}_id", "kind", "name")
    side = moved.c[f"{table}_id"]
    names: dict[int, list[str]] = {}
    for row_id, name in op.get_bind().execute(
        sa.select(side, moved.c.name)
        .where(side.is_not(None), moved.c.kind != "competitor")
        .order_by(moved.c.id)
    ):
        names.setdefault(row_id, []).append(name)
    lists = sa.table(table, sa.column("id", sa.Integer), sa.column("affiliations", sa.JSON))
    _execute_many(
        lists.update()
        .where(lists.c.id == sa.bindparam("of_id"))
        .values(affiliations=sa.bindparam("to_names", type_=sa.JSON)),
        ({"of_id": row_id, "to_names": found} for row_id, found in names.items()),
    )


def _fill_topics() -> None:
    _execute_many(
        _make_table("startup_topic", "startup_id", "topic_key").insert(),
        (
            {"startup_id": row_id, "topic_key": key}
            for row_id, topics in _read_lists("startup", "topics")
            for key in dict.fromkeys(
                "".join(unicodedata.normalize("NFKC", topic).casefold().split())[:200]
                for topic in topics
            )
            if key
        ),
    )


def _read_lists(table: str, column: str) -> Iterator[tuple[int, list[str]]]:
    lists = sa.table(table, sa.column("id", sa.Integer), sa.column(column, sa.JSON))
    yield from op.get_bind().execute(sa.select(lists.c.id, lists.c[column])).all()


def _make_table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


def _execute_many(statement: sa.Update | sa.Insert, rows: Iterable[dict[str, object]]) -> None:
    if found := list(rows):
        op.get_bind().execute(statement, found)
