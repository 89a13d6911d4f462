"""Startups: listed, read, made, changed, published, paused."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import marshmallow as ma
from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_permitted
from app.profiles import actions
from app.profiles.api.room import (
    PROFILE_INCLUDES,
    WEBSITE_LIMIT,
    CodeListField,
    ProfileIncludedSchema,
    ProfileIncludeSchema,
    blueprint,
    in_order,
    include_people,
    organisations,
    read_credit_code,
    show_codes,
    take_given,
    topics,
)
from app.profiles.queries import find_startup, select_startups
from app.profiles.values import StartupValues, read_startup
from app.web.api import changes_version, operation, show_list
from app.web.api_body import refuse_field
from app.web.api_chosen import require_scopes
from app.web.api_fields import (
    NAME_ORDER,
    NEWEST,
    OLDEST,
    ApiSchema,
    Code,
    Flag,
    Line,
    Listed,
    Moment,
    NothingSchema,
    PageSchema,
    Place,
    State,
    Text,
    Whole,
)
from app.web.api_versions import ETAG, Versions
from app.web.identity import get_current_actor, get_current_person, renew_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.web.uploads import PROFILE_BYTES, takes_much
from app.words.limits import LINE_LIMIT, NAME_LIMIT, TEXT_LIMIT
from app.words.links import is_web_address
from models.lifecycle import PROFILE
from models.organisations import Startup
from models.vocabulary import Field, FundingStage, Gate, Ladder, Language, Title

_CODES: Final = {"fields": Field, "titles": Title, "languages": Language}


class StartupChangeSchema(ApiSchema):
    """What of a startup's profile is to be changed. 企业档案的更改。"""

    name = Line(least=1, most=NAME_LIMIT)
    credit_code = Line(most=40, allow_none=True)
    one_line = Line(most=LINE_LIMIT)
    description = Text(most=TEXT_LIMIT)
    fields_ = Listed(Code(Field), data_key="fields", attribute="fields")
    topics = topics()
    ladder = Code(Ladder, allow_none=True)
    titles = Listed(Code(Title))
    funding_stage = Code(FundingStage, allow_none=True)
    readiness = Whole(low=1, high=9, allow_none=True)
    gate = Code(Gate, allow_none=True)
    place_code = Place(allow_none=True)
    remote = Flag()
    languages = Listed(Code(Language))
    website = Line(most=WEBSITE_LIMIT, allow_none=True)
    shareholders = organisations()
    employers = organisations()
    competitors = organisations()
    affiliations = organisations()


class NewStartupSchema(StartupChangeSchema):
    """A startup of which the person of the token becomes the founder. 新企业档案。"""

    name = Line(least=1, most=NAME_LIMIT, required=True)


class StartupSchema(ma.Schema):
    """A startup's profile. `actions` are what can be done with it now. 企业档案。"""

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    incubator = ma.fields.String(required=True, allow_none=True)
    name = ma.fields.String(required=True)
    credit_code = ma.fields.String(required=True, allow_none=True)
    one_line = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    fields_ = ma.fields.List(
        ma.fields.String(), required=True, data_key="fields", attribute="fields"
    )
    topics = ma.fields.List(ma.fields.String(), required=True)
    ladder = ma.fields.String(required=True, allow_none=True)
    titles = CodeListField()
    funding_stage = ma.fields.String(required=True, allow_none=True)
    readiness = ma.fields.Integer(required=True, allow_none=True)
    gate = ma.fields.String(required=True, allow_none=True)
    place_code = ma.fields.String(required=True, allow_none=True)
    remote = ma.fields.Boolean(required=True)
    languages = CodeListField()
    website = ma.fields.String(required=True, allow_none=True)
    shareholders = ma.fields.List(ma.fields.String(), required=True)
    employers = ma.fields.List(ma.fields.String(), required=True)
    competitors = ma.fields.List(ma.fields.String(), required=True)
    affiliations = ma.fields.List(ma.fields.String(), required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)
    included = ma.fields.Nested(ProfileIncludedSchema)


class StartupQuerySchema(PageSchema):
    """Which startups; `text` are words of the profile."""

    state = State(PROFILE.states, load_default=None)
    text = Line(most=LINE_LIMIT, load_default="")
    sort = State(
        (NEWEST, OLDEST, NAME_ORDER),
        load_default=NEWEST,
        metadata={"description": "What comes first. 排序。"},
    )


@blueprint.get("/startups")
@operation("startups:read", "home:view")
@blueprint.arguments(StartupQuerySchema, location="query")
@blueprint.response(200, show_list(StartupSchema))
def list_startups(asked: Mapping[str, Any]) -> Shown | Lines:
    """The startups that one founds, or that one's incubators host, the newest first."""
    return list_rows(
        select_startups(get_current_actor(), state=asked["state"], text=asked["text"]),
        asked,
        moment=Startup.created_at,
        key=Startup.id,
        name=Startup.name,
        show=show_startup,
    )


@blueprint.post("/startups")
@operation("startups:write", "startup:create")
@once()
@takes_much(PROFILE_BYTES)
@blueprint.arguments(NewStartupSchema)
@blueprint.response(201, StartupSchema, headers=ETAG)
def create_startup(body: Mapping[str, Any]) -> ResponseReturnValue:
    """A draft, of which the person of the token is the founder."""
    values = _read(StartupValues(name=body["name"]), body)
    startup = carry_out(actions.create_startup, values=values, founder=get_current_person())
    renew_actor()
    path = url_for("profiles_api.read_startup_profile", public_id=startup.public_id)
    return _answer(startup, 201), 201, {"Location": path}


@blueprint.get("/startups/<public_id>")
@operation("startups:read", "startup:view", subject=find_startup)
@blueprint.arguments(ProfileIncludeSchema, location="query")
@blueprint.response(200, StartupSchema, headers=ETAG)
def read_startup_profile(startup: Startup, asked: Mapping[str, Any]) -> Response:
    """One startup."""
    require_scopes(asked["include"], PROFILE_INCLUDES)
    return _answer(startup, included=include_people(asked["include"], startup=startup))


@blueprint.patch("/startups/<public_id>")
@operation("startups:write", "startup:edit", subject=find_startup, refusals=(409,))
@changes_version
@takes_much(PROFILE_BYTES)
@blueprint.arguments(StartupChangeSchema)
@blueprint.response(200, StartupSchema, headers=ETAG)
def change_startup(startup: Startup, body: Mapping[str, Any]) -> Response:
    """Change what the profile says: only what is given."""
    with _VERSIONS.changing(startup) as version:
        values = _read(read_startup(startup), body)
        carry_out(actions.edit_startup, startup=startup, values=values, version=version)
    return _answer(startup)


@blueprint.post("/startups/<public_id>/publish")
@operation("startups:write", "startup:publish", subject=find_startup)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, StartupSchema, headers=ETAG)
def publish_startup(startup: Startup, body: Mapping[str, Any]) -> Response:
    """The profile is published, for the first time or again."""
    carry_out(actions.publish_startup, startup=startup)
    return _answer(startup)


@blueprint.post("/startups/<public_id>/pause")
@operation("startups:write", "startup:publish", subject=find_startup)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, StartupSchema, headers=ETAG)
def pause_startup(startup: Startup, body: Mapping[str, Any]) -> Response:
    """The profile is paused; publishing resumes it."""
    carry_out(actions.pause_startup, startup=startup)
    return _answer(startup)


def show_known_startup(startup: Startup) -> dict[str, Any] | None:
    """A startup that belongs to something else; None where the present viewer may not see it."""
    known = is_permitted(get_current_actor(), "startup:view", startup)
    return show_startup(startup) if known else None


def show_startup(startup: Startup) -> dict[str, Any]:
    """A startup as its founders and the operators of its incubator see it."""
    possible: tuple[str, ...] = ()
    if is_permitted(get_current_actor(), "startup:publish", startup):
        possible = PROFILE.list_actions(startup.state)
    values = read_startup(startup)
    shown = {name: getattr(values, name) for name in StartupValues.__dataclass_fields__}
    return shown | {
        "id": startup.public_id,
        "state": startup.state,
        "incubator": startup.incubator.public_id if startup.incubator else None,
        "credit_code": str(values.credit_code) if values.credit_code else None,
        "fields": show_codes(values.fields),
        "titles": show_codes(values.titles),
        "languages": show_codes(values.languages),
        "created_at": startup.created_at,
        "updated_at": startup.updated_at,
        "actions": list(possible),
    }


def _read(values: StartupValues, body: Mapping[str, Any]) -> StartupValues:
    """`values` with what was sent. Raises FieldsInvalid."""
    given = in_order(take_given(body, but=("credit_code",)), _CODES)
    if website := given.get("website"):
        if not is_web_address(website):
            refuse_field("/website", _("Give a whole address, beginning with https://"))
    elif "website" in given:
        given["website"] = None
    if "credit_code" in body:
        given["credit_code"] = read_credit_code(body["credit_code"])
    return replace(values, **given)


def _answer(
    startup: Startup, status: int = 200, included: Mapping[str, Any] = MappingProxyType({})
) -> Response:
    return _VERSIONS.answer(startup, status, shown=show_startup(startup) | dict(included))


_VERSIONS = Versions(StartupSchema, find_startup, show_startup)
