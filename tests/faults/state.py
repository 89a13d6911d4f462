"""What a database holds, in few words: so that what a killed process left can be compared."""

import hashlib
from collections.abc import Mapping
from functools import cache

from sqlalchemy import Connection

from models.orm import Base

State = Mapping[str, str]


def read_state(connection: Connection) -> State:
    """A digest of all rows of each table, as `connection` sees them now."""
    digests = {}
    for name, query in _write_queries().items():
        digest = hashlib.blake2b(digest_size=8)
        for row in connection.exec_driver_sql(query).all():
            digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
        digests[name] = digest.hexdigest()
    return digests


@cache
def _write_queries() -> Mapping[str, str]:
    """For each table, what asks for its rows in a fixed order: asked before every commit."""
    queries = {}
    for table in Base.metadata.sorted_tables:
        keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
        queries[table.name] = f'SELECT * FROM "{table.name}" ORDER BY {keys}'
    return queries


def list_differing(first: State, second: State) -> list[str]:
    """The tables whose rows are not the same."""
    return [name for name in first if first[name] != second.get(name)]
