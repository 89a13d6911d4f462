"""What a database holds, in few words: so that what a killed process left can be compared."""

import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection, text

from models.orm import Base

State = Mapping[str, str]


def read_state(connection: Connection) -> State:
    """A digest of all rows of each table, as `connection` sees them now."""
    digests = {}
    for table in Base.metadata.sorted_tables:
        keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
        rows = connection.execute(text(f'SELECT * FROM "{table.name}" ORDER BY {keys}'))
        digest = hashlib.blake2b(digest_size=8)
        for row in rows:
            digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
        digests[table.name] = digest.hexdigest()
    return digests


def list_differing(first: State, second: State) -> list[str]:
    """The tables whose rows are not the same."""
    return [name for name in first if first[name] != second.get(name)]
