"""What programs do with needs: list them, state one, change it, open it, close it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import marshmallow as ma
from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import can_know_of, is_permitted
from app.errors import NotFound
from app.extensions import db
from app.needs import actions
from app.needs.actions import StatedCondition, StatedNeed
from app.needs.queries import NeedFilter, find_need, select_needs
from app.needs.values import is_condition
from app.profiles.api.startups import StartupSchema, show_known_startup
from app.profiles.queries import find_startup, load_startups
from app.web.api import (
    VERSION_PATH,
    ApiBlueprint,
    changes_version,
    operation,
    show_list,
)
from app.web.api_body import refuse_field
from app.web.api_chosen import require_scopes
from app.web.api_fields import (
    ApiSchema,
    Chosen,
    Code,
    Flag,
    Id,
    Line,
    Listed,
    Moment,
    NothingSchema,
    PageSchema,
    State,
    Text,
)
from app.web.api_versions import ETAG, Versions
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.limits import LINE_LIMIT, NAME_LIMIT, TEXT_LIMIT
from models.lifecycle import NEED
from models.needs import Need
from models.vocabulary import ConditionAttribute, NeedKind

blueprint = ApiBlueprint(
    "needs_api", __name__, url_prefix=VERSION_PATH, description="What startups ask for. 需求。"
)

# What can be included, and the scope that it takes.
_INCLUDES: Final = {"startup": "startups:read"}


class ConditionSchema(ApiSchema):
    """What is wanted, and whether it is required or only preferred. 条件。"""

    attribute = Code(ConditionAttribute, required=True)
    values = Listed(
        Line(most=40),
        required=True,
        most=30,
        metadata={
            "description": "Codes, a place code (and `remote`), a number of yuan, days or hours, "
            "or `true`. 代码、地区代码、数值或 true。"
        },
    )
    required = Flag(load_default=False)


class NewNeedSchema(ApiSchema):
    """A need to be stated. 新需求。"""

    startup = Id(required=True)
    title = Line(least=1, most=NAME_LIMIT, required=True)
    kind = Code(NeedKind, required=True)
    text = Text(most=TEXT_LIMIT, required=True)
    conditions = Listed(ma.fields.Nested(ConditionSchema), load_default=(), most=12)
    state = State(("open", "draft"), load_default="open")


class NeedChangeSchema(ApiSchema):
    """What of a need is to be changed. 需求的更改。"""

    title = Line(least=1, most=NAME_LIMIT)
    kind = Code(NeedKind)
    text = Text(most=TEXT_LIMIT)
    conditions = Listed(ma.fields.Nested(ConditionSchema), most=12)


class NeedIncludedSchema(ma.Schema):
    """What belongs to a need; null for what the person of the token may not see. 随附内容。"""

    startup = ma.fields.Nested(StartupSchema, allow_none=True)


class NeedSchema(ma.Schema):
    """A need. `actions` are what the person of the token can do with it now. 需求。"""

    id = ma.fields.String(required=True)
    startup = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    conditions = ma.fields.List(ma.fields.Nested(ConditionSchema), required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)
    corrections_ended = ma.fields.Integer(
        metadata={
            "description": "After a change: how many sentences of which the reading was corrected "
            "are no longer said. 更改后失效的理解更正数。"
        }
    )
    included = ma.fields.Nested(NeedIncludedSchema)


class NeedIncludeSchema(ApiSchema):
    """What is to come with a need."""

    include = Chosen(*_INCLUDES, description="`startup`. 随附内容。")


class NeedQuerySchema(PageSchema):
    """Which needs; `text` are words of the need, or the startup's name."""

    state = State(NEED.states, load_default=None)
    kind = Code(NeedKind, load_default=None)
    text = Line(most=LINE_LIMIT, load_default="")
    include = Chosen(*_INCLUDES, description="`startup`. 随附内容。")


@blueprint.get("/needs")
@operation("needs:read", "need:list")
@blueprint.arguments(NeedQuerySchema, location="query")
@blueprint.response(200, show_list(NeedSchema))
def list_needs(asked: Mapping[str, Any]) -> Shown | Lines:
    """The needs of one's startups, or of those that one's incubators host, the newest first."""
    viewer = get_current_actor()
    chosen = NeedFilter(state=asked["state"], kind=asked["kind"], text=asked["text"])
    include = asked["include"]
    require_scopes(include, _INCLUDES)
    return list_rows(
        select_needs(viewer, chosen),
        asked,
        moment=Need.created_at,
        key=Need.id,
        show=lambda need: show_need(need, include),
        load=lambda needs: (
            load_startups(db.session, [need.startup_id for need in needs]) if include else None
        ),
    )


@blueprint.post("/needs")
@operation("needs:write", "need:state", refusals=(404,))
@once()
@blueprint.arguments(NewNeedSchema)
@blueprint.response(201, NeedSchema, headers=ETAG)
def state_need(body: Mapping[str, Any]) -> ResponseReturnValue:
    """State a need, which is then open, or keep a draft of it."""
    startup = find_startup(db.session, body["startup"])
    if startup is None or not can_know_of(get_current_actor(), startup):
        raise NotFound
    conditions = _read_conditions(body["conditions"])
    need = carry_out(
        actions.state_need,
        startup=startup,
        stated=StatedNeed(body["kind"], body["title"], body["text"], conditions),
        opens=body["state"] == "open",
    )
    path = url_for("needs_api.read_need", public_id=need.public_id)
    return _answer(need, 201), 201, {"Location": path}


@blueprint.get("/needs/<public_id>")
@operation("needs:read", "need:view", subject=find_need)
@blueprint.arguments(NeedIncludeSchema, location="query")
@blueprint.response(200, NeedSchema, headers=ETAG)
def read_need(need: Need, asked: Mapping[str, Any]) -> Response:
    """One need."""
    require_scopes(asked["include"], _INCLUDES)
    return _answer(need, include=asked["include"])


@blueprint.patch("/needs/<public_id>")
@operation("needs:write", "need:edit", subject=find_need, refusals=(409,))
@changes_version
@blueprint.arguments(NeedChangeSchema)
@blueprint.response(200, NeedSchema, headers=ETAG)
def change_need(need: Need, body: Mapping[str, Any]) -> Response:
    """Change what a need says: only what is given."""
    with VERSIONS.changing(need) as version:
        kept = tuple(
            StatedCondition(c.attribute, tuple(c.values), c.is_hard) for c in need.conditions
        )
        stated = StatedNeed(
            kind=body.get("kind", need.kind),
            title=body.get("title", need.title),
            text=body.get("text", need.text),
            conditions=_read_conditions(body["conditions"]) if "conditions" in body else kept,
        )
        ended = carry_out(actions.edit_need, need=need, stated=stated, version=version, opens=False)
    return _answer(need, ended=ended)


@blueprint.post("/needs/<public_id>/open")
@operation("needs:write", "need:edit", subject=find_need)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, NeedSchema, headers=ETAG)
def open_need(need: Need, body: Mapping[str, Any]) -> Response:
    """The need is open, and matches can be looked for."""
    carry_out(actions.open_need, need=need)
    return _answer(need)


@blueprint.post("/needs/<public_id>/close")
@operation("needs:write", "need:edit", subject=find_need)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, NeedSchema, headers=ETAG)
def close_need(need: Need, body: Mapping[str, Any]) -> Response:
    """The need is closed: nobody is looked for any more."""
    carry_out(actions.close_need, need=need)
    return _answer(need)


def show_need(need: Need, include: Collection[str] = ()) -> dict[str, Any]:
    """A need as the present viewer may see it."""
    viewer = get_current_actor()
    possible: Sequence[str] = ()
    if is_permitted(viewer, "need:edit", need):
        possible = NEED.list_actions(need.state)
    if need.state == "open" and is_permitted(viewer, "need:match", need):
        possible = (*possible, "match")
    return {
        "id": need.public_id,
        "startup": need.startup.public_id,
        "kind": need.kind.value,
        "state": need.state,
        "title": need.title,
        "text": need.text,
        "conditions": [
            {"attribute": c.attribute.value, "values": list(c.values), "required": c.is_hard}
            for c in need.conditions
        ],
        "created_at": need.created_at,
        "updated_at": need.updated_at,
        "actions": list(possible),
        **({"included": {"startup": show_known_startup(need.startup)}} if include else {}),
    }


def show_known_need(need: Need) -> dict[str, Any] | None:
    """A need that belongs to something else; None where the present viewer may not see it."""
    return show_need(need) if is_permitted(get_current_actor(), "need:view", need) else None


def _answer(
    need: Need, status: int = 200, include: Collection[str] = (), ended: int | None = None
) -> Response:
    shown = show_need(need, include)
    if ended is not None:
        shown["corrections_ended"] = ended
    return VERSIONS.answer(need, status, shown=shown)


def _read_conditions(sent: Sequence[Mapping[str, Any]]) -> tuple[StatedCondition, ...]:
    """What was sent, as it is stored. Raises FieldsInvalid."""
    read: dict[ConditionAttribute, StatedCondition] = {}
    for number, each in enumerate(sent):
        attribute = each["attribute"]
        if attribute in read:
            refuse_field(f"/conditions/{number}/attribute", _("This stands here twice."))
        values = tuple(dict.fromkeys(each["values"]))
        if not is_condition(attribute, values):
            refuse_field(
                f"/conditions/{number}/values", _("These values do not fit the attribute.")
            )
        read[attribute] = StatedCondition(attribute, values, each["required"])
    return tuple(read.values())


VERSIONS = Versions(NeedSchema, find_need, show_need)
