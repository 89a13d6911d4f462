"""Compare names and addresses in one way, remember how columns were assigned, and keep remarks

Revision: 0009
Follows: 0008
"""

from collections.abc import Callable, Iterable

import sqlalchemy as sa
from alembic import op

# The one rule for keys: another one would not find what the application stores from now on.
from models.affiliations import make_topic_key
from models.email_addresses import canonical_email
from models.organisation_names import make_name_key
from models.person_names import make_person_key

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Table, its key, what is read, what is kept of it, and how.
_KEYS: tuple[tuple[str, str, str, str, Callable[[str], str]], ...] = (
    ("provider", "id", "name", "name_key", make_name_key),
    ("provider", "id", "name", "person_key", make_person_key),
    ("startup", "id", "name", "name_key", make_name_key),
    ("mentor", "provider_id", "employer", "employer_key", make_name_key),
    ("affiliation", "id", "name", "name_key", make_name_key),
    ("invitation", "id", "email", "email", canonical_email),
    ("import_row", "id", "email", "email", canonical_email),
)


def upgrade() -> None:
    op.add_column(
        "provider",
        sa.Column("person_key", sa.String(length=200), server_default="", nullable=False),
    )
    op.create_index("ix_provider_person_key", "provider", ["person_key"])
    op.add_column(
        "import_batch", sa.Column("notes", sa.JSON(), server_default="[]", nullable=False)
    )
    op.create_table(
        "import_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mentors",
                "startups",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("shape", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_import_layout_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_layout")),
    )
    op.create_index(
        "uq_import_layout_shape", "import_layout", ["incubator_id", "kind", "shape"], unique=True
    )
    for table, identity, said, kept, make in _KEYS:
        _fill(table, identity, said, kept, make)
    _fill_addresses()
    _fill_topics()


def downgrade() -> None:
    # Keys stay as they are: they are made anew whenever a profile is saved.
    op.drop_index("uq_import_layout_shape", table_name="import_layout")
    op.drop_table("import_layout")
    op.drop_column("import_batch", "notes")
    op.drop_index("ix_provider_person_key", table_name="provider")
    op.drop_column("provider", "person_key")


def _fill(table: str, identity: str, said: str, kept: str, make: Callable[[str], str]) -> None:
    keyed = sa.table(table, *(sa.column(name) for name in dict.fromkeys((identity, said, kept))))
    rows = op.get_bind().execute(sa.select(keyed.c[identity], keyed.c[said], keyed.c[kept])).all()
    _execute_many(
        keyed.update()
        .where(keyed.c[identity] == sa.bindparam("of_id"))
        .values({kept: sa.bindparam("to_key")}),
        (
            {"of_id": row_id, "to_key": found}
            for row_id, text, before in rows
            if text is not None and (found := make(text)) != before
        ),
    )


def _fill_addresses() -> None:
    """Two people whose addresses turn out to be one keep theirs as they were."""
    person = sa.table("person", sa.column("id"), sa.column("email"))
    rows = op.get_bind().execute(sa.select(person.c.id, person.c.email)).all()
    taken = {email for _, email in rows}
    changed = []
    for row_id, email in rows:
        found = canonical_email(email)
        if found not in taken:
            taken.add(found)
            changed.append({"of_id": row_id, "to_email": found})
    _execute_many(
        person.update()
        .where(person.c.id == sa.bindparam("of_id"))
        .values(email=sa.bindparam("to_email")),
        changed,
    )


def _fill_topics() -> None:
    lists = sa.table("startup", sa.column("id", sa.Integer), sa.column("topics", sa.JSON))
    topics = sa.table("startup_topic", sa.column("startup_id"), sa.column("topic_key"))
    op.get_bind().execute(topics.delete())
    _execute_many(
        topics.insert(),
        (
            {"startup_id": row_id, "topic_key": key}
            for row_id, said in op.get_bind().execute(sa.select(lists.c.id, lists.c.topics)).all()
            for key in dict.fromkeys(make_topic_key(topic) for topic in said)
            if key
        ),
    )


def _execute_many(statement: sa.Update | sa.Insert, rows: Iterable[dict[str, object]]) -> None:
    if found := list(rows):
        op.get_bind().execute(statement, found)
