"""Objects that are another thing by whom they are about, each said for itself in the document.

A talk with an investor may have a link, an appointment at a centre has none: one address takes and
gives both, so its schema holds the fields of all, and the document has one object for each.
"""

from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import marshmallow as ma

_Schema = TypeVar("_Schema", bound=type[ma.Schema])

# Where a schema has what it was given by `vary`.
_VARIANTS: Final = "yinqiao_variants"


@dataclass(frozen=True)
class Variant:
    """One form of an object: its name in the document, and what it is, in both languages.

    It has the fields of the whole but those in `without`; an answer has those in `always` always.
    """

    name: str
    description: str
    without: Collection[str] = ()
    always: Collection[str] = ()


def vary(*variants: Variant) -> Callable[[_Schema], _Schema]:
    """The schema stands in the document as any of `variants`. A subclass says its own.

    KeyError at import for a field that the schema has not.
    """

    def declare(schema: _Schema) -> _Schema:
        for each in variants:
            for name in (*each.without, *each.always):
                schema._declared_fields[name]
        setattr(schema, _VARIANTS, variants)
        return schema

    return declare


def list_variants(schema: type[ma.Schema]) -> tuple[Variant, ...]:
    """What `schema` itself was given by `vary`; none for most."""
    found: tuple[Variant, ...] = vars(schema).get(_VARIANTS, ())
    return found


def say_variants(
    schemas: dict[str, dict[str, Any]], variants: Mapping[str, tuple[Variant, ...]]
) -> None:
    """Put into `schemas` of a document, by name, what varies as any of its forms.

    A form whose name stands there already is that object.
    """
    for name, forms in variants.items():
        whole = schemas[name]
        for form in forms:
            schemas.setdefault(form.name, _make_form(whole, form))
        schemas[name] = {
            "description": whole["description"],
            "anyOf": [{"$ref": f"#/components/schemas/{form.name}"} for form in forms],
        }


def _make_form(whole: Mapping[str, Any], form: Variant) -> dict[str, Any]:
    made = deepcopy(dict(whole)) | {"description": form.description}
    made["properties"] = {
        name: said for name, said in made["properties"].items() if name not in form.without
    }
    needed = {*made.get("required", ()), *form.always} - {*form.without}
    return made | {"required": sorted(needed)}
