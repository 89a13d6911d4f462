"""Changing what a check allows, on both databases, without losing what hangs on the rows.

PostgreSQL changes a check in place. SQLite cannot: the table is laid out anew, filled and put in
the place of the old one. Dropping the old one deletes its rows first, and with them, by
`ON DELETE CASCADE`, whatever refers to them, as long as foreign keys are kept. They are not kept
while the application migrates (`app.database.upgrade_schema`); here that is asked once more.
docs/adr/checks-are-compared-and-widened.md says why checks are kept at all.
"""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import Connection, text

from migrations.ddl import cut, find_check


class ForeignKeysKept(Exception):
    """Laying a table out anew now would delete all that hangs on its rows."""


def change_codes(table: str, column: str, codes: Sequence[str], *, name: str | None = None) -> None:
    """From now on `column` of `table` holds one of `codes`, all of which are given.

    `name` is that of the codes' type in the models, where it is not the column's. Fails with
    IntegrityError when a row has another code: change those rows first. Raises LookupError when
    there is no such check.
    """
    listed = ", ".join("'" + code.replace("'", "''") + "'" for code in codes)
    change_check(table, f"ck_{table}_{name or column}", f"{column} IN ({listed})")


def change_check(table: str, name: str, condition: str) -> None:
    """The check of `table` that is called `name`, as the database knows it, asks for `condition`.

    Raises LookupError when there is none, ForeignKeysKept on SQLite while foreign keys are kept.
    """
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        sql = _read_sql(connection, table)
        start, end = find_check(sql, name)
        lay_out_anew(connection, table, f"{sql[:start]}({condition}){sql[end:]}")
        return
    known = connection.scalar(
        text("SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass(:t) AND conname = :n"),
        {"t": _quote(table), "n": name},
    )
    if known is None:
        raise LookupError(f"there is no check called {name}")
    for change in (f"DROP CONSTRAINT {name}", f"ADD CONSTRAINT {name} CHECK ({condition})"):
        connection.exec_driver_sql(f"ALTER TABLE {_quote(table)} {change}")


def lay_out_anew(connection: Connection, table: str, sql: str) -> None:
    """On SQLite: `table` as the CREATE TABLE `sql` says, with the same columns, rows and indexes.

    The way that SQLite's own documentation recommends (lang_altertable, "Making Other Kinds Of
    Table Schema Changes"). Raises ForeignKeysKept while foreign keys are kept.
    """
    if connection.exec_driver_sql("PRAGMA foreign_keys").scalar():
        raise ForeignKeysKept(table)
    place = next(token for token in cut(sql) if token.text == table.lower())
    new = f"_new_{table}"
    columns = ", ".join(
        _quote(row.name)
        for row in connection.exec_driver_sql(f"PRAGMA table_info({_quote(table)})")
    )
    attached = connection.execute(
        text("SELECT sql FROM sqlite_schema WHERE tbl_name = :t AND type <> 'table' AND sql <> ''"),
        {"t": table},
    ).scalars()
    statements = (
        f"{sql[: place.start]}{_quote(new)}{sql[place.end :]}",
        f"INSERT INTO {_quote(new)} ({columns}) SELECT {columns} FROM {_quote(table)}",  # noqa: S608  # nosec B608  # names of our own tables
        f"DROP TABLE {_quote(table)}",
        f"ALTER TABLE {_quote(new)} RENAME TO {_quote(table)}",
        *attached.all(),
    )
    for statement in statements:
        connection.exec_driver_sql(statement)


def _read_sql(connection: Connection, table: str) -> str:
    sql = connection.scalar(
        text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :t"), {"t": table}
    )
    if sql is None:
        raise LookupError(f"there is no table called {table}")
    return str(sql)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
