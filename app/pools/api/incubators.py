"""Incubators: listed, read, and changed by their operators."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import marshmallow as ma
from flask import Response

from app.access import is_permitted
from app.clock import now
from app.extensions import db
from app.pools.actions.incubators import IncubatorValues, edit_incubator
from app.pools.api.room import blueprint
from app.pools.queries import find_incubator, select_incubators
from app.profiles.api.room import read_credit_code
from app.transactions import writing
from app.web.api import changes_version, operation, show_list
from app.web.api_fields import ApiSchema, Code, Line, Moment, PageSchema, Place, Text
from app.web.api_versions import ETAG, Versions
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.words.limits import NAME_LIMIT, TEXT_LIMIT
from models.organisations import Incubator
from models.vocabulary import IncubatorKind

_OFFICER_LIMIT = 80


class IncubatorChangeSchema(ApiSchema):
    """What of an incubator is to be changed. 孵化器的更改。"""

    name = Line(least=1, most=NAME_LIMIT)
    kind = Code(IncubatorKind)
    credit_code = Line(most=40, allow_none=True)
    place_code = Place()
    introduction = Text(most=TEXT_LIMIT)
    selection_standard = Text(most=TEXT_LIMIT)
    service_officer = Line(most=_OFFICER_LIMIT)


class IncubatorSchema(ma.Schema):
    """An incubator and its published selection standard. 孵化器。"""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    credit_code = ma.fields.String(required=True, allow_none=True)
    place_code = ma.fields.String(required=True)
    introduction = ma.fields.String(required=True)
    selection_standard = ma.fields.String(required=True)
    service_officer = ma.fields.String(required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


@blueprint.get("/incubators")
@operation("incubators:read", "incubator:view")
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(IncubatorSchema))
def list_incubators(asked: Mapping[str, Any]) -> Shown | Lines:
    """All incubators, the newest first."""
    return list_rows(
        select_incubators(),
        asked,
        moment=Incubator.created_at,
        key=Incubator.id,
        show=show_incubator,
    )


@blueprint.get("/incubators/<public_id>")
@operation("incubators:read", "incubator:view", subject=find_incubator)
@blueprint.response(200, IncubatorSchema, headers=ETAG)
def read_incubator(incubator: Incubator) -> Response:
    """One incubator."""
    return _VERSIONS.answer(incubator)


@blueprint.patch("/incubators/<public_id>")
@operation("incubators:write", "incubator:edit", subject=find_incubator, refusals=(409,))
@changes_version
@blueprint.arguments(IncubatorChangeSchema)
@blueprint.response(200, IncubatorSchema, headers=ETAG)
def change_incubator(incubator: Incubator, body: Mapping[str, Any]) -> Response:
    """Change what the incubator says of itself: only what is given."""
    with _VERSIONS.changing(incubator) as version:
        present = IncubatorValues(
            name=incubator.name,
            kind=incubator.kind,
            place_code=incubator.place_code,
            introduction=incubator.introduction,
            selection_standard=incubator.selection_standard,
            service_officer=incubator.service_officer,
            credit_code=incubator.credit_code,
        )
        given = dict(body)
        if "credit_code" in given:
            given["credit_code"] = read_credit_code(given["credit_code"])
        with writing(db.session):
            edit_incubator(
                db.session,
                incubator=incubator,
                values=replace(present, **given),
                version=version,
                actor=get_current_actor(),
                at=now(),
            )
    return _VERSIONS.answer(incubator)


def show_incubator(incubator: Incubator) -> dict[str, Any]:
    """An incubator as everybody who has an account may see it."""
    viewer = get_current_actor()
    possible = [
        action
        for action, permission in (
            ("edit", "incubator:edit"),
            ("invite_mentor", "pool:invite"),
            ("apply", "incubator:apply"),
        )
        if is_permitted(viewer, permission, incubator)
    ]
    return {
        "id": incubator.public_id,
        "name": incubator.name,
        "kind": incubator.kind.value,
        "credit_code": str(incubator.credit_code) if incubator.credit_code else None,
        "place_code": incubator.place_code,
        "introduction": incubator.introduction,
        "selection_standard": incubator.selection_standard,
        "service_officer": incubator.service_officer,
        "created_at": incubator.created_at,
        "updated_at": incubator.updated_at,
        "actions": possible,
    }


_VERSIONS = Versions(IncubatorSchema, find_incubator, show_incubator)
