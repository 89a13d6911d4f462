"""What a database's schema says, as texts that can be compared, and where two of them differ.

Alembic's comparison sees neither checks nor the predicates of partial indexes, so that a state
without a migration would pass. Here everything is read from the database's own catalogue: columns
with type, nullability and default, checks, keys, unique constraints, and indexes with predicates.
The order of columns, and of the literals in a list, has no meaning and is not compared.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, Engine, text

from app.database import downgrade_schema, upgrade_schema
from migrations.ddl import Token, cut, find_closing, split_items
from models.orm import Base

# By table, then by what it has ("column name", "check ck_…"), how the database says it.
Schema = Mapping[str, Mapping[str, str]]

# Alembic's own.
_NOT_OURS = "alembic_version"

_CONSTRAINTS = ("constraint", "primary", "unique", "check", "foreign")
_OF_COLUMN = (*_CONSTRAINTS, "not", "null", "default", "collate", "references")


def list_drift(migrated: Engine, described: Engine) -> list[str]:
    """One line for each way in which the migrations and the models do not say the same.

    Both databases are empty. The one is migrated up, down to nothing and up again; the other gets
    the tables that the models describe.
    """
    upgrade_schema(migrated)
    Base.metadata.create_all(described)
    once = describe(migrated)
    problems = compare(describe(described), once)
    downgrade_schema(migrated, "base")
    problems += [
        f"{table}: still there after every migration was taken back" for table in describe(migrated)
    ]
    upgrade_schema(migrated)
    again = compare(once, describe(migrated))
    return problems + [f"Migrated down and up again, it is not the same: {line}" for line in again]


def compare(models: Schema, migrations: Schema) -> list[str]:
    """One line for each difference, which names the table, what of it, and both texts."""
    problems = []
    for table in sorted(models.keys() | migrations.keys()):
        if table not in migrations:
            problems.append(f"{table}: the models describe this table and no migration makes it")
            continue
        if table not in models:
            problems.append(f"{table}: a migration makes this table and no model describes it")
            continue
        wanted, found = models[table], migrations[table]
        problems += [
            f"{table}: {what} is not the same."
            f" Models: {wanted.get(what, 'nothing')} – migrations: {found.get(what, 'nothing')}"
            for what in sorted(wanted.keys() | found.keys())
            if wanted.get(what) != found.get(what)
        ]
    return problems


def describe(engine: Engine) -> Schema:
    """Every table of the database but Alembic's."""
    read: Callable[[Connection], dict[str, dict[str, str]]] = (
        _read_sqlite if engine.dialect.name == "sqlite" else _read_postgres
    )
    with engine.connect() as connection:
        tables = read(connection)
    return {name: said for name, said in tables.items() if name != _NOT_OURS}


# ---- SQLite: the texts that it keeps -------------------------------------------------------------


def _read_sqlite(connection: Connection) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        text(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema"
            " WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        )
    ).all()
    tables = {row.name: describe_table(row.sql) for row in rows if row.type == "table"}
    for row in rows:
        if row.type != "table":
            tables[row.tbl_name][f"{row.type} {row.name}"] = _say(cut(row.sql))
    return tables


def describe_table(sql: str) -> dict[str, str]:
    """What the CREATE TABLE `sql` says, whether a constraint stands with its column or not."""
    said: dict[str, str] = {}
    for item in split_items(cut(sql)):
        if item[0].is_word(*_CONSTRAINTS):
            what, text_of = _describe_constraint(item)
            said[what] = text_of
        else:
            said |= _describe_column(item)
    return said


def _describe_constraint(tokens: Sequence[Token]) -> tuple[str, str]:
    name = ""
    if tokens[0].is_word("constraint"):
        name, tokens = f" {tokens[1].text}", tokens[2:]
    kind = tokens[0].text if tokens[0].is_word("check", "unique") else f"{tokens[0].text} key"
    return f"{kind}{name}", _say(tokens)


def _describe_column(tokens: Sequence[Token]) -> dict[str, str]:
    column, rest = tokens[0].text, list(tokens[1:])
    type_words = []
    while rest and not rest[0].is_word(*_OF_COLUMN):
        type_words.append(rest.pop(0))
    said: dict[str, str] = {}
    attributes = []
    name = ""
    while rest:
        if rest[0].is_word("constraint"):
            name, rest = f" {rest[1].text}", rest[2:]
            continue
        length = _measure(rest)
        part, rest = rest[:length], rest[length:]
        if part[0].is_word("check"):
            said[f"check{name}"] = _say(part)
        elif part[0].is_word("references"):
            said[f"foreign key{name}"] = f"foreign key ( {column} ) {_say(part)}"
        elif part[0].is_word("primary", "unique"):
            said[f"{' '.join(_list_words(part))}{name}"] = f"{_say(part)} ( {column} )"
        elif part[0].is_word("default"):
            # A number may be written in quotes.
            value = re.sub(r"^'(\d+)'$", r"\1", _say(part[1:]))
            attributes.append(f"default {value}")
        elif not part[0].is_word("null"):
            attributes.append(_say(part))
        name = ""
    return said | {f"column {column}": " ".join([_say(type_words), *sorted(attributes)])}


def _measure(tokens: Sequence[Token]) -> int:
    """How many tokens the first attribute of a column takes."""
    first = tokens[0]
    if first.is_word("not", "primary", "collate"):
        return 2
    if first.is_word("null", "unique"):
        return 1
    if first.is_word("check"):
        return find_closing(tokens, 1) + 1
    if first.is_word("default"):
        if tokens[1].is_word("("):
            return find_closing(tokens, 1) + 1
        return 3 if tokens[1].is_word("+", "-") else 2
    # REFERENCES table ( column ) ON DELETE …: until the next attribute.
    length = 2
    while length < len(tokens) and (
        tokens[length - 1].is_word("on", "set") or not tokens[length].is_word(*_OF_COLUMN)
    ):
        length += 1
    return length


def _list_words(tokens: Sequence[Token]) -> list[str]:
    return [token.text for token in tokens]


def _say(tokens: Sequence[Token]) -> str:
    """The tokens with one blank between them, a list of literals in the order of the alphabet."""
    said: list[str] = []
    place = 0
    while place < len(tokens):
        said.append(tokens[place].text)
        if tokens[place].is_word("(") and place and tokens[place - 1].is_word("in"):
            closing = find_closing(tokens, place)
            inner = tokens[place + 1 : closing]
            if all(token.is_literal or token.is_word(",") for token in inner):
                literals = sorted(token.text for token in inner if token.is_literal)
                said += [", ".join(literals), ")"]
                place = closing
        place += 1
    return " ".join(said)


# ---- PostgreSQL: its catalogue -------------------------------------------------------------------

_COLUMNS = """
    SELECT c.relname AS of_table, 'column ' || a.attname AS what,
        concat_ws(' ', format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN 'not null' END,
            'default ' || pg_get_expr(d.adbin, d.adrelid),
            nullif(concat('identity ', a.attidentity), 'identity '),
            nullif(concat('generated ', a.attgenerated), 'generated ')) AS said
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
"""
# That a column is not null is said with the column.
_KEYS = """
    SELECT c.relname AS of_table,
        CASE k.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'p' THEN 'primary key'
            WHEN 'u' THEN 'unique' ELSE 'constraint' END || ' ' || k.conname AS what,
        pg_get_constraintdef(k.oid) AS said
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.contype <> 'n' AND c.relnamespace = current_schema()::regnamespace
"""
_INDEXES = """
    SELECT c.relname AS of_table, 'index ' || i.relname AS what, pg_get_indexdef(i.oid) AS said
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    WHERE c.relnamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid)
"""
_TRIGGERS = """
    SELECT c.relname AS of_table, 'trigger ' || t.tgname AS what, pg_get_triggerdef(t.oid) AS said
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""


def _read_postgres(connection: Connection) -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    for query in (_COLUMNS, _KEYS, _INDEXES, _TRIGGERS):
        for row in connection.execute(text(query)):
            tables.setdefault(row.of_table, {})[row.what] = _order_arrays(row.said)
    return tables


def _order_arrays(said: str) -> str:
    """PostgreSQL says `IN ('b', 'a')` as an array: its literals in the order of the alphabet."""
    return re.sub(
        r"ARRAY\[('[^\]]*)\]",
        lambda match: f"ARRAY[{', '.join(sorted(match[1].split(', ')))}]",
        said,
    )
