"""Look up organisations by the names that they had before as well, and all names by today's keys

Revision: 0027
Follows: 0026
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

# The one rule for keys: another one would not find what the application stores from now on.
from models.organisation_names import KEY_LIMIT, make_name_key, make_other_key
from models.person_names import make_person_key

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Table, the new key, its index and the columns of that.
_OTHERS = (
    ("provider", "other_key", "ix_provider_other_key", ["other_key"]),
    ("startup", "other_key", "ix_startup_other_key", ["other_key"]),
    ("mentor", "employer_other_key", "ix_mentor_employer_other_key", ["employer_other_key"]),
    ("affiliation", "other_key", "ix_affiliation_other_key", ["other_key", "kind"]),
)

# Table, its key, what is read, what is kept of it, and how.
_KEYS: tuple[tuple[str, str, str, str, Callable[[str], str | None]], ...] = (
    ("provider", "id", "name", "name_key", make_name_key),
    ("provider", "id", "name", "other_key", make_other_key),
    ("provider", "id", "name", "person_key", make_person_key),
    ("startup", "id", "name", "name_key", make_name_key),
    ("startup", "id", "name", "other_key", make_other_key),
    ("mentor", "provider_id", "employer", "employer_key", make_name_key),
    ("mentor", "provider_id", "employer", "employer_other_key", make_other_key),
    ("affiliation", "id", "name", "name_key", make_name_key),
    ("affiliation", "id", "name", "other_key", make_other_key),
)


def upgrade() -> None:
    for table, column, index, indexed in _OTHERS:
        op.add_column(table, sa.Column(column, sa.String(KEY_LIMIT), nullable=True))
        is_there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            op.f(index), table, indexed, sqlite_where=is_there, postgresql_where=is_there
        )
    for table, identity, said, key, make in _KEYS:
        keyed = sa.table(table, *(sa.column(name) for name in (identity, said, key)))
        rows = op.get_bind().execute(sa.select(keyed.c[identity], keyed.c[said], keyed.c[key]))
        changed = [
            {"of_id": row_id, "to_key": found}
            for row_id, text, before in rows.all()
            if text is not None and (found := make(text)) != before
        ]
        if changed:
            statement = keyed.update().where(keyed.c[identity] == sa.bindparam("of_id"))
            op.get_bind().execute(statement.values({key: sa.bindparam("to_key")}), changed)


def downgrade() -> None:
    # The other keys are made anew whenever a profile is saved; older rules find by these as well.
    for table, column, index, _indexed in reversed(_OTHERS):
        op.drop_index(op.f(index), table_name=table)
        op.drop_column(table, column)
