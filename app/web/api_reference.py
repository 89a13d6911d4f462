"""The OpenAPI document in the shape of a page for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from app.errors import DomainError
from app.web.api_document import PARAMETERS, REFUSALS


class ShownField(NamedTuple):
    """A field of an object or a parameter: what it is called, what it holds, whether it is needed.

    `refers_to` names the object that stands in it, "" for none.
    """

    name: str
    holds: str
    refers_to: str
    is_required: bool
    description: str


class ShownOperation(NamedTuple):
    """One operation. `takes` and `gives` name objects, "" for none."""

    id: str
    method: str
    path: str
    summary: str
    scope: str
    parameters: tuple[ShownField, ...]
    takes: str
    gives: str
    statuses: tuple[tuple[str, str], ...]


class ShownGroup(NamedTuple):
    """The operations of one room."""

    name: str
    description: str
    operations: tuple[ShownOperation, ...]


class ShownObject(NamedTuple):
    """A JSON object and its fields, or the objects of which it is one."""

    name: str
    description: str
    fields: tuple[ShownField, ...]
    forms: tuple[str, ...]


class ShownProblem(NamedTuple):
    """A way in which something is refused, in the reader's language."""

    code: str
    status: int
    sentence: str


def list_groups(document: Mapping[str, Any]) -> list[ShownGroup]:
    """The operations of `document` by room."""
    operations: dict[str, list[ShownOperation]] = {}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            if isinstance(said, Mapping) and "operationId" in said:
                shared = methods.get("parameters", ())
                shown = _show_operation(path, method, said, shared, document["components"])
                operations.setdefault(said["tags"][0], []).append(shown)
    return [
        ShownGroup(tag["name"], tag["description"], tuple(operations.get(tag["name"], ())))
        for tag in document["tags"]
    ]


def list_objects(document: Mapping[str, Any]) -> list[ShownObject]:
    """The objects that the operations take and give."""
    return [
        ShownObject(
            name,
            schema.get("description", ""),
            tuple(
                _show_field(field, said, field in schema.get("required", ()))
                for field, said in schema.get("properties", {}).items()
            ),
            tuple(_get_reference(form) for form in schema.get("anyOf", ())),
        )
        for name, schema in document["components"]["schemas"].items()
    ]


def list_problems() -> list[ShownProblem]:
    """Every refusal that has a code of its own, by code."""
    return sorted(
        ShownProblem(error.code, error.status, str(error.sentence))
        for error in _list_errors(DomainError)
        if error.__module__.startswith("app.")
    )


def _list_errors(error: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in error.__subclasses__():
        yield child
        yield from _list_errors(child)


def _show_operation(
    path: str,
    method: str,
    said: Mapping[str, Any],
    shared: Sequence[Mapping[str, Any]],
    components: Mapping[str, Mapping[str, Any]],
) -> ShownOperation:
    security = said.get("security", ())
    answers = {
        status: _resolve(answer, components["responses"], REFUSALS)
        for status, answer in said["responses"].items()
    }
    taken = (
        _resolve(each, components["parameters"], PARAMETERS)
        for each in (*shared, *said.get("parameters", ()))
    )
    return ShownOperation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        scope=", ".join(security[0].get("bearer", ())) if security else "",
        parameters=tuple(
            _show_field(
                each["name"],
                each.get("schema", {}) | {"description": each.get("description", "")},
                each.get("required", False),
            )
            for each in taken
        ),
        takes=_name_object(said.get("requestBody", {})),
        gives=next(
            (_name_object(answer) for status, answer in answers.items() if status.startswith("2")),
            "",
        ),
        statuses=tuple((status, answer["description"]) for status, answer in answers.items()),
    )


def _resolve(said: Mapping[str, Any], shared: Mapping[str, Any], place: str) -> Any:
    """What stands under the name that `said` refers to, or `said` itself."""
    return shared[said["$ref"].removeprefix(place)] if "$ref" in said else said


def _name_object(holder: Mapping[str, Any]) -> str:
    for content in holder.get("content", {}).values():
        return _get_reference(content.get("schema", {}))
    return ""


def _get_reference(schema: Mapping[str, Any]) -> str:
    for each in (
        schema,
        schema.get("items", {}),
        *schema.get("anyOf", ()),
        *schema.get("oneOf", ()),
    ):
        if "$ref" in each:
            return str(each["$ref"]).rpartition("/")[2]
    return ""


def _show_field(name: str, schema: Mapping[str, Any], is_required: bool) -> ShownField:
    kinds = schema.get("type", "object" if _get_reference(schema) else "")
    holds = " | ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if codes := [str(code) for code in schema.get("enum", ()) if code is not None]:
        holds = f"{holds}: {', '.join(codes)}"
    return ShownField(
        name, holds, _get_reference(schema), is_required, schema.get("description", "")
    )
