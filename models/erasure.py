"""What the erasure of a person does with a column: said by each one that could hold somebody.

Whatever holds text, JSON or bytes says one of three things beside its type, as in
`mapped_column(Text, info=erasure_empties())`. States, codes of a vocabulary and lists of them hold
no person by their type. A rule test asks for the word, and the erasure is tried against it.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Enum, LargeBinary, MetaData, String
from sqlalchemy.types import TypeDecorator, TypeEngine

_KEY = "erasure"


class Fate(enum.Enum):
    """What is left in a column of what a person wrote or was called by."""

    EMPTIED = "emptied"
    KEPT = "kept"
    NO_PERSON = "no_person"


@dataclass(frozen=True, slots=True)
class ErasureWord:
    """The fate of a column, and why where it is kept."""

    fate: Fate
    reason: str = ""


def erasure_empties() -> dict[str, Any]:
    """Of the person who goes nothing is left here: the row goes, or the text."""
    return {_KEY: ErasureWord(Fate.EMPTIED)}


def erasure_keeps(reason: str) -> dict[str, Any]:
    """What stands here stays, for `reason`. Raises ValueError without one."""
    if not reason.strip():
        raise ValueError("what an erasure keeps, it keeps for a reason")
    return {_KEY: ErasureWord(Fate.KEPT, reason)}


def holds_no_person() -> dict[str, Any]:
    """Nothing here tells who somebody is: a code, a count, a random number, a version."""
    return {_KEY: ErasureWord(Fate.NO_PERSON)}


def get_erasure_word(column: Column[Any]) -> ErasureWord | None:
    """What `column` says; None where it says nothing and should."""
    word = column.info.get(_KEY)
    if isinstance(word, ErasureWord):
        return word
    return None if could_hold_person(column.type) else ErasureWord(Fate.NO_PERSON)


def could_hold_person(kind: TypeEngine[Any]) -> bool:
    """Whether a column of this type has to say a word: text, JSON, bytes, and ours made of them.

    A type of ours that never holds a person says so by `holds_no_person = True`.
    """
    if isinstance(kind, Enum) or getattr(kind, "holds_no_person", False):
        return False
    if isinstance(kind, TypeDecorator):
        return could_hold_person(kind.impl_instance)
    return isinstance(kind, String | JSON | LargeBinary)


def list_erasure_words(metadata: MetaData) -> Mapping[Column[Any], ErasureWord]:
    """The word of every column that has one, table by table."""
    words = (
        (column, get_erasure_word(column))
        for table in metadata.sorted_tables
        for column in table.columns
    )
    return {column: word for column, word in words if word is not None}


def list_silent_columns(metadata: MetaData) -> list[str]:
    """One sentence for each column that could hold a person and says nothing."""
    return [
        f"{table.name}.{column.name} does not say what an erasure does with it: "
        "info=erasure_empties(), erasure_keeps(why) or holds_no_person()"
        for table in metadata.sorted_tables
        for column in table.columns
        if get_erasure_word(column) is None
    ]
