"""What operations answer is written as the schemas of the document have it."""

import json
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import marshmallow as ma
import pytest
from flask import Flask

from app.web.api import get_answer_schema
from app.web.api_writing import find_writer, write_json
from models.vocabulary import NeedKind

pytestmark = pytest.mark.api


def make_value(field: Any) -> Any:
    """Something that has no other form in JSON than the one that `field` gives it."""
    match field:
        case ma.fields.Nested():
            return make_thing(field.schema)
        case ma.fields.List():
            return [make_value(field.inner)] * 2
        case ma.fields.Dict():
            return {"one": 1 if field.value_field is None else make_value(field.value_field)}
        case ma.fields.DateTime():
            return datetime(2026, 3, 2, 9, 30, 1, 250, tzinfo=UTC)
        case ma.fields.Date():
            return date(2026, 3, 2)
        case ma.fields.Boolean():
            return True
        case ma.fields.Number():
            return 7
        case ma.fields.String():
            return NeedKind.MENTORING
    return {"whatever": [1]}


def make_thing(schema: ma.Schema) -> dict[str, Any]:
    return {
        field.attribute or name: make_value(field) for name, field in schema.dump_fields.items()
    }


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_answer_is_written_as_the_library_has_it(app: Flask) -> None:
    schemas = {get_answer_schema(view) for view in app.view_functions.values()} - {None}
    assert len(schemas) > 100
    for schema in schemas:
        assert schema is not None
        thing = make_thing(schema())
        nulls = dict.fromkeys(thing)
        # The library takes a dictionary's own methods for fields of these names.
        kept = {*list(thing)[::2], *dir(dict)}
        lacking = {name: value for name, value in thing.items() if name in kept}
        for sample in (thing, nulls, lacking, SimpleNamespace(**lacking)):
            by_library = json.loads(json.dumps(schema().dump(sample)))
            assert json.loads(write_json(find_writer(schema).write(sample))) == by_library, schema


def test_chosen_fields_alone_are_written() -> None:
    schema = ma.Schema.from_dict({"id": ma.fields.String(), "title": ma.fields.String()})
    thing = {"id": "a", "title": "Yield", "text": "not in the document"}
    assert find_writer(schema).write(thing, {"title"}) == {"title": "Yield"}
    assert find_writer(schema).write(thing) == {"id": "a", "title": "Yield"}
