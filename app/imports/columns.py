"""The columns that a file can have: what they are called, what may stand in them, what it becomes.

A header is recognised by the column's code, by its label in either language and by the other names
given here, whatever its case, spaces and punctuation.
"""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.imports.column_shapes import Column
from app.imports.mentor_columns import MENTOR_COLUMNS
from app.imports.startup_columns import STARTUP_COLUMNS
from models.imports import ImportKind

COLUMNS: Mapping[ImportKind, tuple[Column, ...]] = MappingProxyType(
    {ImportKind.MENTORS: MENTOR_COLUMNS, ImportKind.STARTUPS: STARTUP_COLUMNS}
)

# Which column holds the address of the person, and which one their name.
EMAIL_COLUMNS: Mapping[ImportKind, str] = MappingProxyType(
    {ImportKind.MENTORS: "email", ImportKind.STARTUPS: "founder_email"}
)
PERSON_NAME_COLUMNS: Mapping[ImportKind, str] = MappingProxyType(
    {ImportKind.MENTORS: "name", ImportKind.STARTUPS: "founder_name"}
)

# What the file of problems adds in front: it is to be corrected and sent again.
LINE_LABEL = _l("Row")
REASON_LABEL = _l("What is wrong")


def get_column(kind: ImportKind, name: str) -> Column:
    """The column called `name`. Raises KeyError."""
    return _BY_NAME[kind][name]


_BY_NAME: Mapping[ImportKind, Mapping[str, Column]] = MappingProxyType(
    {kind: {column.name: column for column in columns} for kind, columns in COLUMNS.items()}
)
