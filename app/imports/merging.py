"""Lays what a row says over what a profile says already."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from app.imports.cells import Values
from app.imports.column_shapes import Column
from app.imports.columns import COLUMNS
from app.imports.problems import Problem, Remark, make_problem
from app.profiles.values import MentorValues, ProviderValues, StartupValues
from models.imports import ImportKind

# Between the codes of a replaced value, which are put into words when they are shown.
CODE_SEPARATOR = ","


def merge_mentor(values: Values, stored: ProviderValues | None) -> ProviderValues:
    """The profile with what the row says; what the row leaves empty stays as it is.

    None as `stored`: a new profile, which has the usual defaults.
    """
    profile, extension = _sort_values(ImportKind.MENTORS, values)
    # That rests on a consent of the mentor's own, which nobody else gives.
    profile.pop("open_to_all", None)
    base = stored or ProviderValues(name="", extension=MentorValues())
    return replace(base, **profile, extension=replace(base.extension, **extension))


def merge_startup(values: Values, stored: StartupValues | None) -> StartupValues:
    """The startup with what the row says; what the row leaves empty stays as it is."""
    profile, _ = _sort_values(ImportKind.STARTUPS, values)
    return replace(stored or StartupValues(name=""), **profile)


def list_replaced(
    kind: ImportKind, before: ProviderValues | StartupValues, after: ProviderValues | StartupValues
) -> list[Problem]:
    """A note for each column in which a value that was there is replaced by another one."""
    notes = []
    for column in COLUMNS[kind]:
        if column.attribute is None:
            continue
        old, new = _get(before, column.attribute), _get(after, column.attribute)
        if old != new and old not in (None, "", ()):
            notes.append(_note(column, old))
    return notes


def read_columns(kind: ImportKind, stored: ProviderValues | StartupValues) -> dict[str, object]:
    """What a profile says, by the columns of a file in which it would stand."""
    return {
        column.name: value
        for column in COLUMNS[kind]
        if column.attribute is not None
        and (value := _get(stored, column.attribute)) not in (None, "", ())
    }


def _note(column: Column, old: object) -> Problem:
    # Codes are put into words when they are shown: one that was cut would be none.
    if column.vocabulary is not None:
        return Problem(column.name, Remark.REPLACES, _write(old))
    return make_problem(column.name, Remark.REPLACES, _write(old))


def _sort_values(kind: ImportKind, values: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """What belongs to the profile, and what to its extension by kind."""
    profile: dict[str, Any] = {}
    extension: dict[str, Any] = {}
    for column in COLUMNS[kind]:
        if column.attribute is not None and column.name in values:
            is_extension = (
                kind is ImportKind.MENTORS and column.attribute in MentorValues.__dataclass_fields__
            )
            target = extension if is_extension else profile
            target[column.attribute] = values[column.name]
    return profile, extension


def _get(values: ProviderValues | StartupValues, attribute: str) -> object:
    if isinstance(values, ProviderValues) and hasattr(values.extension, attribute):
        return getattr(values.extension, attribute)
    return getattr(values, attribute)


def _write(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            separator = CODE_SEPARATOR if isinstance(value[0], StrEnum) else "、"
            return separator.join(str(item) for item in value)
        case _:
            return str(value)
