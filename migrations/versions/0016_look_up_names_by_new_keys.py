"""Look up names by the keys of today, which know areas, former cities and more ways of writing

Revision: 0016
Follows: 0015
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

# The one rule for keys: another one would not find what the application stores from now on.
from models.organisation_names import make_name_key
from models.person_names import make_person_key

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Table, its key, what is read, what is kept of it, and how.
_KEYS: tuple[tuple[str, str, str, str, Callable[[str], str]], ...] = (
    ("provider", "id", "name", "name_key", make_name_key),
    ("provider", "id", "name", "person_key", make_person_key),
    ("startup", "id", "name", "name_key", make_name_key),
    ("mentor", "provider_id", "employer", "employer_key", make_name_key),
    ("affiliation", "id", "name", "name_key", make_name_key),
)


def upgrade() -> None:
    for table, identity, said, kept, make in _KEYS:
        keyed = sa.table(table, *(sa.column(name) for name in (identity, said, kept)))
        rows = op.get_bind().execute(sa.select(keyed.c[identity], keyed.c[said], keyed.c[kept]))
        changed = [
            {"of_id": row_id, "to_key": found}
            for row_id, text, before in rows.all()
            if text is not None and (found := make(text)) != before
        ]
        if changed:
            statement = keyed.update().where(keyed.c[identity] == sa.bindparam("of_id"))
            op.get_bind().execute(statement.values({kept: sa.bindparam("to_key")}), changed)


def downgrade() -> None:
    # Keys are made anew whenever a profile is saved; older rules find by these as well.
    pass
