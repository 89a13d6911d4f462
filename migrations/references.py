"""Foreign keys of SQLite while tables are laid out anew: not kept meanwhile, looked through after.

SQLite deletes the rows of a table that is dropped, and by `ON DELETE CASCADE` whatever refers to
them. PostgreSQL changes tables in place: here nothing happens on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


class DanglingReferences(Exception):
    """A migration left rows that refer to rows which are gone; nothing of it was committed."""


@contextmanager
def not_keeping_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite neither checks foreign keys nor deletes by them meanwhile.

    What is not committed inside is taken back. Raises RuntimeError inside a transaction, where
    SQLite would not listen.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    if connection.in_transaction():
        raise RuntimeError("foreign keys are kept until the end of a transaction")
    # Past SQLAlchemy, which would begin a transaction.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.rollback()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()


def check_references(connection: Connection) -> None:
    """Raises DanglingReferences when a row refers to one that is gone."""
    if connection.dialect.name != "sqlite":
        return
    if dangling := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        pairs = sorted({f"{row[0]} to {row[2]}" for row in dangling})
        raise DanglingReferences(f"{len(dangling)} rows: {', '.join(pairs)}")
