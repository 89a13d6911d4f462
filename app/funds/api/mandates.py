"""Mandates: listed, read, drafted, changed, published, withdrawn, discarded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import marshmallow as ma
from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_permitted
from app.funds import actions
from app.funds.api.room import blueprint, find_fund
from app.funds.queries.mandates import find_mandate, select_versions
from app.funds.values import MandateValues, read_mandate
from app.web.api import changes_version, operation, show_list
from app.web.api_body import refuse_field
from app.web.api_fields import (
    ApiSchema,
    Code,
    Line,
    Listed,
    Moment,
    NothingSchema,
    PageSchema,
    Place,
    State,
    Whole,
)
from app.web.api_versions import ETAG, Versions
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.limits import MONEY_LIMIT_YUAN, TOPIC_LIMIT, TOPICS_LIMIT
from models.funds import PLACES_LIMIT, WHOLE_BP, Mandate
from models.lifecycle import MANDATE
from models.providers import Provider
from models.vocabulary import Field, FundingStage, Gate, Instrument

_VOCABULARIES: Final = {"fields": Field, "stages": FundingStage, "instruments": Instrument}
_LISTS: Final = ("places", "excluded_topics")


class MandateChangeSchema(ApiSchema):
    """What of a draft is to be changed. Yuan, and hundredths of a percent. 投资要求草稿的更改。"""

    fields_ = Listed(Code(Field), data_key="fields", attribute="fields", most=20)
    stages = Listed(Code(FundingStage), most=4)
    ticket_min_yuan = Whole(low=0, high=MONEY_LIMIT_YUAN, allow_none=True)
    ticket_max_yuan = Whole(low=0, high=MONEY_LIMIT_YUAN, allow_none=True)
    places = Listed(Place(), most=PLACES_LIMIT)
    instruments = Listed(Code(Instrument), most=5)
    holding_limit_bp = Whole(low=1, high=WHOLE_BP, allow_none=True)
    excluded_topics = Listed(Line(least=1, most=TOPIC_LIMIT), most=TOPICS_LIMIT)
    gate = Code(Gate, allow_none=True)


class MandateSchema(ma.Schema):
    """One version of a mandate. `actions` are what can be done with it now. 投资要求。"""

    id = ma.fields.String(required=True)
    provider = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    fields_ = ma.fields.List(
        ma.fields.String(), required=True, data_key="fields", attribute="fields"
    )
    stages = ma.fields.List(ma.fields.String(), required=True)
    ticket_min_yuan = ma.fields.Integer(required=True, allow_none=True)
    ticket_max_yuan = ma.fields.Integer(required=True, allow_none=True)
    places = ma.fields.List(ma.fields.String(), required=True)
    instruments = ma.fields.List(ma.fields.String(), required=True)
    holding_limit_bp = ma.fields.Integer(required=True, allow_none=True)
    excluded_topics = ma.fields.List(ma.fields.String(), required=True)
    gate = ma.fields.String(required=True, allow_none=True)
    published_at = Moment(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class MandateQuerySchema(PageSchema):
    """Which versions."""

    state = State(MANDATE.states, load_default=None)


@blueprint.get("/providers/<public_id>/mandates")
@operation("mandates:read", "provider:view", subject=find_fund, refusals=(409,))
@blueprint.arguments(MandateQuerySchema, location="query")
@blueprint.response(200, show_list(MandateSchema))
def list_mandates(provider: Provider, asked: Mapping[str, Any]) -> Shown | Lines:
    """The versions of a fund's mandate that one may see: the published one, or all of one's own."""
    query = select_versions(get_current_actor(), provider)
    if asked["state"] is not None:
        query = query.where(Mandate.state == asked["state"])
    return list_rows(
        query,
        asked,
        moment=Mandate.created_at,
        key=Mandate.id,
        show=show_mandate,
    )


@blueprint.post("/providers/<public_id>/mandates")
@operation("mandates:write", "mandate:draft", subject=find_fund, refusals=(409,))
@once()
@blueprint.arguments(MandateChangeSchema)
@blueprint.response(201, MandateSchema, headers=ETAG)
def draft_mandate(provider: Provider, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Begin the next version, as a draft."""
    values = _read(MandateValues(), body)
    mandate = carry_out(actions.draft_mandate, provider=provider, values=values)
    path = url_for("funds_api.read_mandate_version", public_id=mandate.public_id)
    return _VERSIONS.answer(mandate, 201), 201, {"Location": path}


@blueprint.get("/mandates/<public_id>")
@operation("mandates:read", "mandate:view", subject=find_mandate)
@blueprint.response(200, MandateSchema, headers=ETAG)
def read_mandate_version(mandate: Mandate) -> Response:
    """One version of a mandate."""
    return _VERSIONS.answer(mandate)


@blueprint.patch("/mandates/<public_id>")
@operation("mandates:write", "mandate:edit", subject=find_mandate, refusals=(409,))
@changes_version
@blueprint.arguments(MandateChangeSchema)
@blueprint.response(200, MandateSchema, headers=ETAG)
def change_mandate(mandate: Mandate, body: Mapping[str, Any]) -> Response:
    """Change what a draft says: only what is given."""
    with _VERSIONS.changing(mandate) as version:
        values = _read(read_mandate(mandate), body)
        carry_out(actions.edit_mandate, mandate=mandate, values=values, version=version)
    return _VERSIONS.answer(mandate)


@blueprint.post("/mandates/<public_id>/publish")
@operation("mandates:write", "mandate:publish", subject=find_mandate)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, MandateSchema, headers=ETAG)
def publish_mandate_version(mandate: Mandate, body: Mapping[str, Any]) -> Response:
    """Needs are judged by this version from now on; it replaces the one before."""
    version = mandate.version
    carry_out(actions.publish_mandate, mandate=mandate, version=version)
    return _VERSIONS.answer(mandate)


@blueprint.post("/mandates/<public_id>/withdraw")
@operation("mandates:write", "mandate:publish", subject=find_mandate)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, MandateSchema, headers=ETAG)
def withdraw_mandate_version(mandate: Mandate, body: Mapping[str, Any]) -> Response:
    """No need is judged by this mandate any more."""
    carry_out(actions.withdraw_mandate, mandate=mandate)
    return _VERSIONS.answer(mandate)


@blueprint.post("/mandates/<public_id>/discard")
@operation("mandates:write", "mandate:edit", subject=find_mandate)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, NothingSchema)
def discard_mandate_draft(mandate: Mandate, body: Mapping[str, Any]) -> dict[str, Any]:
    """The draft is gone."""
    carry_out(actions.discard_mandate, mandate=mandate)
    return {}


def show_mandate(mandate: Mandate) -> dict[str, Any]:
    """A version as the present viewer may see it."""
    possible: Sequence[str] = ()
    if is_permitted(get_current_actor(), "mandate:publish", mandate):
        # What replaces a version is the next one.
        steps = [step for step in MANDATE.list_actions(mandate.state) if step != "replace"]
        possible = [*steps, "edit", "discard"] if mandate.state == "draft" else steps
    return {
        "id": mandate.public_id,
        "provider": mandate.provider.public_id,
        "number": mandate.number,
        "state": mandate.state,
        "fields": [code.value for code in mandate.fields],
        "stages": [code.value for code in mandate.stages],
        "ticket_min_yuan": mandate.ticket_min_yuan,
        "ticket_max_yuan": mandate.ticket_max_yuan,
        "places": list(mandate.places),
        "instruments": [code.value for code in mandate.instruments],
        "holding_limit_bp": mandate.holding_limit_bp,
        "excluded_topics": list(mandate.excluded_topics),
        "gate": None if mandate.gate is None else mandate.gate.value,
        "published_at": mandate.published_at,
        "ended_at": mandate.ended_at,
        "actions": list(possible),
    }


def _read(values: MandateValues, body: Mapping[str, Any]) -> MandateValues:
    """`values` with what was sent. Raises FieldsInvalid."""
    given = dict(body)
    for name, vocabulary in _VOCABULARIES.items():
        if name in given:
            given[name] = tuple(code for code in vocabulary if code in set(given[name]))
    for name in _LISTS:
        if name in given:
            given[name] = tuple(dict.fromkeys(given[name]))
    read = replace(values, **given)
    if read.is_reversed:
        refuse_field("/ticket_max_yuan", _("This is smaller than the smallest ticket."))
    return read


_VERSIONS = Versions(MandateSchema, find_mandate, show_mandate)
