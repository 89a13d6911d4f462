"""Reading what a program sends: JSON in UTF-8, checked by a schema, or a problem."""

import json
from typing import Any, Final, NoReturn

import marshmallow as ma
from flask import Request, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from webargs.flaskparser import FlaskParser

from app.errors import DomainError
from app.web.api_fields import FileContent, Flag
from app.web.problem_details import FieldError, list_field_errors
from app.web.uploads import is_upload

# More digits than any number here has.
_MOST_DIGITS: Final = 18


class BodyUnreadable(DomainError):
    """The body is no JSON text, not in UTF-8, or nested deeper than can be read."""

    code = "body_unreadable"
    status = 400
    sentence = _l("The body is not JSON in UTF-8.")


class BodyNotJson(DomainError):
    """The body is said to be something else than JSON."""

    code = "body_not_json"
    status = 415
    sentence = _l("Send the body as application/json in UTF-8.")


class FieldsInvalid(DomainError):
    """Some fields are not as they have to be. `errors` says which."""

    code = "fields_invalid"
    status = 422
    sentence = _l("What was sent is not allowed: see “errors”.")

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__()
        self.errors = errors


def refuse_field(pointer: str, detail: str) -> NoReturn:
    """Raise FieldsInvalid for one field, named by its JSON pointer."""
    raise FieldsInvalid([FieldError(pointer, detail)])


class BodyParser(FlaskParser):
    """Hands to a view what its schema makes of the body or the address."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": None, "query": ma.RAISE}

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The value of the body. Raises BodyNotJson, BodyUnreadable, FieldsInvalid."""
        return read_form(schema) if is_upload() else read_json()

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """The parameters of the address, but for `fields`, which every reading takes."""
        args = req.args.copy()
        args.poplist("fields")
        return self._makeproxy(args, schema)

    def handle_error(
        self, error: ma.ValidationError, req: Request, schema: ma.Schema, **options: Any
    ) -> NoReturn:
        """Raise FieldsInvalid."""
        raise FieldsInvalid(list_field_errors(error.messages)) from error


def read_json() -> Any:
    """The value of the body of the present request; an empty body is an empty object.

    Raises BodyNotJson, BodyUnreadable.
    """
    raw = request.get_data()
    if not raw:
        return {}
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
        raise BodyNotJson
    try:
        return json.loads(raw.decode(), parse_int=_read_number, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BodyUnreadable from error


def read_form(schema: ma.Schema) -> dict[str, Any]:
    """The form of the present request, as JSON would have it; a file is called as it was sent.

    Raises FieldsInvalid, RequestEntityTooLarge.
    """
    sent: dict[str, Any] = {}
    for name, texts in request.form.lists():
        field = schema.fields.get(name)
        if len(texts) > 1:
            _refuse_named(name, _("This stands here twice."))
        if isinstance(field, FileContent):
            _refuse_named(name, _("This has to be a file."))
        (text,) = texts
        said = {"true": True, "false": False}.get(text, text)
        sent[name] = said if isinstance(field, Flag) else text
    for name, files in request.files.lists():
        if len(files) > 1 or name in sent:
            _refuse_named(name, _("This stands here twice."))
        if not isinstance(schema.fields.get(name), FileContent):
            _refuse_named(name, _("There is no such field."))
        sent[name] = files[0].stream.read()
        sent.setdefault("filename", files[0].filename or "")
    return sent


def _refuse_named(name: str, detail: str) -> NoReturn:
    raise FieldsInvalid(list_field_errors({name: [detail]}))


def _read_number(digits: str) -> int:
    # Beyond it no field takes a number, and a long one takes long to read.
    return int(digits[: _MOST_DIGITS + 2])


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
