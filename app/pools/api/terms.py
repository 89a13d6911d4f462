"""Terms of an incubator, for programs."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from app.pools.actions.terms import TermValues, add_term, take_back_term
from app.pools.api.room import blueprint
from app.pools.queries import find_incubator, select_terms
from app.web.api import operation, show_list
from app.web.api_fields import ApiSchema, Line, Listed, Moment, NothingSchema, PageSchema
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from matching.text.own_terms import FORM_LIMIT, FORMS_LIMIT, list_shipped
from models.incubator_terms import IncubatorTerm
from models.organisations import Incubator


def _forms() -> Listed:
    return Listed(Line(least=1, most=FORM_LIMIT), most=FORMS_LIMIT, load_default=())


class ShippedFormSchema(ma.Schema):
    """A form that the shipped table knows, and what it means there. 内置术语表中的含义。"""

    form = ma.fields.String(required=True)
    means = ma.fields.List(ma.fields.String(), required=True)


class TermSchema(ma.Schema):
    """What means the same to the startups of an incubator; `shipped` are its forms that the
    shipped table knows too. `taken_back_version` is null while it counts. 自有术语。"""

    id = ma.fields.String(required=True)
    chinese = ma.fields.List(ma.fields.String(), required=True)
    english = ma.fields.List(ma.fields.String(), required=True)
    abbreviations = ma.fields.List(ma.fields.String(), required=True)
    added_version = ma.fields.Integer(required=True)
    taken_back_version = ma.fields.Integer(required=True, allow_none=True)
    added_at = Moment(required=True)
    shipped = ma.fields.List(ma.fields.Nested(ShippedFormSchema), required=True)


class NewTermSchema(ApiSchema):
    """At least two forms of one thing, the preferred ones first. 新术语。"""

    chinese = _forms()
    english = _forms()
    abbreviations = _forms()


@blueprint.get("/incubators/<public_id>/terms")
@operation("incubators:read", "incubator:edit", subject=find_incubator)
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(TermSchema))
def list_own_terms(incubator: Incubator, asked: Mapping[str, Any]) -> Shown | Lines:
    """All terms that an incubator ever had, the newest first."""
    return list_rows(
        select_terms(incubator),
        asked,
        moment=IncubatorTerm.added_at,
        key=IncubatorTerm.id,
        show=_show,
    )


@blueprint.post("/incubators/<public_id>/terms")
@operation("incubators:write", "incubator:edit", subject=find_incubator, refusals=(409, 422))
@once()
@blueprint.arguments(NewTermSchema)
@blueprint.response(201, TermSchema)
def add_own_term(incubator: Incubator, body: Mapping[str, Any]) -> Response:
    """Needs of the incubator's startups that say one form say the others too."""
    values = TermValues(**{name: tuple(dict.fromkeys(forms)) for name, forms in body.items()})
    term = carry_out(add_term, incubator=incubator, values=values)
    response = jsonify(TermSchema().dump(_show(term)))
    response.status_code = 201
    return response


@blueprint.post("/incubators/<public_id>/terms/<term_id>/take-back")
@operation("incubators:write", "incubator:edit", subject=find_incubator)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, TermSchema)
def take_back_own_term(incubator: Incubator, body: Mapping[str, Any], term_id: str) -> Response:
    """The term counts no more from the next match on."""
    term = carry_out(take_back_term, incubator=incubator, public_id=term_id)
    return jsonify(TermSchema().dump(_show(term)))


def _show(term: IncubatorTerm) -> dict[str, Any]:
    return {
        "id": term.public_id,
        "chinese": list(term.chinese),
        "english": list(term.english),
        "abbreviations": list(term.abbreviations),
        "added_version": term.added_version,
        "taken_back_version": term.taken_back_version,
        "added_at": term.added_at,
        "shipped": [
            {"form": form, "means": list(means)} for form, means in list_shipped(term.forms)
        ],
    }
