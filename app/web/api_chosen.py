"""What of an answer a program wants: some fields of it alone, and things that belong to it."""

from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import urlencode

import marshmallow as ma
from flask import Response, request
from flask_babel import gettext as _

from app.web.api_body import refuse_field
from app.web.api_fields import make_choice_pattern
from app.web.api_writing import find_writer, write_json
from app.web.bearer import check_scope
from app.web.lists import LINES, Lines

FIELDS: Final = "fields"
# What a part of a thing is called in the document.
PART: Final = "Part"


def require_scopes(chosen: Collection[str], scopes: Mapping[str, str]) -> None:
    """Raise ScopeMissing where the token is not good for something that is chosen."""
    for name in chosen:
        check_scope(scopes[name])


def find_item_schema(schema: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of one item, for the schema of a list; any other is its own."""
    return getattr(schema, "item_schema", schema)


def list_field_names(schema: type[ma.Schema]) -> list[str]:
    """The names that `fields` may choose from in answers of `schema`."""
    return [
        field.data_key or name for name, field in find_item_schema(schema)._declared_fields.items()
    ]


def describe_fields(schema: type[ma.Schema]) -> dict[str, Any]:
    """The parameter by which a program chooses fields of answers of `schema`, for the document."""
    return {
        "name": FIELDS,
        "in": "query",
        "required": False,
        "description": "These fields alone, with commas between them; `id` always. "
        "只返回这些字段，用逗号分隔；`id` 总会返回。",
        "schema": {"type": "string", "pattern": make_choice_pattern(list_field_names(schema))},
    }


def read_fields(schema: type[ma.Schema]) -> frozenset[str] | None:
    """The fields that the present request chooses; None for all. Raises FieldsInvalid."""
    if request.method != "GET" or FIELDS not in request.args:
        return None
    wanted = frozenset(",".join(request.args.getlist(FIELDS)).split(","))
    known = list_field_names(schema)
    if not wanted <= set(known):
        refuse_field(f"/{FIELDS}", _("This is none of: %(codes)s.", codes=", ".join(known)))
    return wanted | {"id"}


def write_lines(lines: Lines, schema: type[ma.Schema], wanted: Collection[str] | None) -> Response:
    """`lines` as JSON, each as the item of `schema` has it, with the `wanted` fields alone.

    All are read before the first is sent: an answer that broke off would look like a whole one.
    """
    item = find_writer(find_item_schema(schema))
    written = bytearray()
    for line in lines:
        written += write_json(item.write(line, wanted)).encode() + b"\n"
    response = Response(bytes(written), content_type=LINES)
    if lines.next is not None:
        response.headers["Link"] = f'<{_write_next(lines.next)}>; rel="next"'
    return response


def _write_next(after: str) -> str:
    """The address of the present request, going on after a cursor."""
    args = request.args.copy()
    args["after"] = after
    return f"{request.path}?{urlencode(list(args.items(multi=True)))}"
