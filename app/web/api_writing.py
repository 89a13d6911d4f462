"""Writing what an operation answers: the object of a schema, as JSON.

The document describes answers by schemas of marshmallow, whose own way of writing asks the same
questions of every value of every row. Here they are asked once for each schema, which takes a
fourth of the time; a field of a kind that is not known here is written by the library.
"""

import json
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Final

import marshmallow as ma
from flask import Response
from flask.json.provider import DefaultJSONProvider
from flask_smorest.utils import set_status_and_headers_in_response, unpack_tuple_response

from app.web.api_fields import Moment, write_moment

_Write = Callable[[Any], Any]

_MISSING: Final = object()
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), default=DefaultJSONProvider.default)


class ObjectWriter:
    """Writes things as the objects of one schema, with their fields in the order of the alphabet.

    What `write` gets is a mapping, or has the fields as attributes; what it lacks is left out.
    """

    __slots__ = ("_fields", "_schema")

    def __init__(self, schema: ma.Schema) -> None:
        self._schema = schema
        self._fields: tuple[tuple[str, str, _Write | None], ...] | None = None

    def write(self, thing: Any, wanted: Collection[str] | None = None) -> Any:
        """What JSON has of `thing`: all fields, or the `wanted` ones alone."""
        if thing is None:
            return None
        # Later than the schema itself, which may stand in its own fields.
        fields = self._fields
        if fields is None:
            fields = self._fields = self._list_fields()
        if wanted is not None:
            fields = tuple(each for each in fields if each[0] in wanted)
        written = {}
        if isinstance(thing, Mapping):
            for key, name, write in fields:
                value = thing.get(name, _MISSING)
                if value is not _MISSING:
                    written[key] = value if write is None or value is None else write(value)
            return written
        for key, name, write in fields:
            value = getattr(thing, name, _MISSING)
            if value is not _MISSING:
                written[key] = value if write is None or value is None else write(value)
        return written

    def _list_fields(self) -> tuple[tuple[str, str, _Write | None], ...]:
        found = (
            (field.data_key or name, field.attribute or name, _find_write(field))
            for name, field in self._schema.dump_fields.items()
        )
        return tuple(sorted(found, key=lambda each: each[0]))


@cache
def find_writer(schema: type[ma.Schema]) -> ObjectWriter:
    """The writer of the objects of `schema`."""
    return ObjectWriter(schema())


def write_answer(
    schema: type[ma.Schema], status: int, result: Any, wanted: Collection[str] | None = None
) -> Response:
    """The answer with what a view returned, as `schema` has it, with `status` if it named none.

    `wanted` are the fields that were chosen: of each item where it is a list, else of the thing.
    """
    told, own_status, headers = unpack_tuple_response(result)
    if isinstance(told, Response):
        set_status_and_headers_in_response(told, own_status, headers)
        return told if wanted is None else _narrow(told, wanted)
    item: type[ma.Schema] | None = getattr(schema, "item_schema", None)
    if wanted is None or item is None:
        shown = find_writer(schema).write(told, wanted)
    else:
        one = find_writer(item)
        shown = {
            "items": [one.write(each, wanted) for each in told["items"]],
            "next": told["next"],
        }
    response = Response(write_json(shown) + "\n", status=status, mimetype="application/json")
    set_status_and_headers_in_response(response, own_status, headers)
    return response


def _narrow(response: Response, wanted: Collection[str]) -> Response:
    """The answer that a view has written itself, of one thing, with its `wanted` fields alone."""
    if response.status_code == 200 and response.mimetype == "application/json":
        thing: dict[str, Any] = response.get_json()
        chosen = {name: value for name, value in thing.items() if name in wanted}
        response.set_data(write_json(chosen) + "\n")
    return response


def write_json(shown: Any) -> str:
    """`shown` as JSON without spaces."""
    return _ENCODER.encode(shown)


def _find_write(field: ma.fields.Field[Any]) -> _Write | None:
    """How a value of `field` is written; None for one that JSON has as it is."""
    kind = type(field)
    # By the method, so that a field of our own is known by what it does.
    serialize = kind._serialize
    if serialize is ma.fields.Field._serialize or isinstance(field, ma.fields.Boolean):
        return None
    if serialize is ma.fields.String._serialize:
        return _write_text
    if serialize is Moment._serialize:
        return write_moment
    if kind is ma.fields.Nested and isinstance(field, ma.fields.Nested) and not field.many:
        return ObjectWriter(field.schema).write
    if kind is ma.fields.List and isinstance(field, ma.fields.List):
        inner = _find_write(field.inner)
        if inner is None:
            return list
        return lambda values: [None if value is None else inner(value) for value in values]
    return lambda value: field._serialize(value, field.name, None)


def _write_text(value: Any) -> str:
    return value if type(value) is str else str(value)
