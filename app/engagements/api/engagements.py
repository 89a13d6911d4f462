"""Engagements: listed, asked for, answered, ended."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import url_for
from flask.typing import ResponseReturnValue

from app.access import Actor, can_know_of
from app.clock import now
from app.engagements import queries
from app.engagements.actions import engagements as actions
from app.engagements.api.asked import NewAskSchema, read_ask
from app.engagements.api.included import (
    ENGAGEMENT_INCLUDES,
    EngagementSummarySchema,
    Included,
    show_engagement_row,
)
from app.engagements.api.room import EngagementSchema, blueprint, show_engagement
from app.engagements.forms import REASON_LIMIT
from app.engagements.queries.lists import select_engagements
from app.engagements.request_forms import MESSAGE_LIMIT
from app.errors import NotFound
from app.extensions import db
from app.needs.queries import find_need
from app.profiles.queries import find_provider
from app.transactions import writing
from app.vault.queries.documents import find_document
from app.web.api import operation, show_list
from app.web.api_chosen import require_scopes
from app.web.api_fields import (
    ApiSchema,
    Chosen,
    Code,
    Id,
    Listed,
    NothingSchema,
    PageSchema,
    State,
    Text,
)
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.limits import TEXT_LIMIT
from models.documents import Document
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT
from models.vocabulary import DeclineReason, Release, Side

_INCLUDE = "`need`, `startup`, `provider`, `sessions`, `times`. 随附内容。"


class EngagementIncludeSchema(ApiSchema):
    """What is to come with an engagement."""

    include = Chosen(*ENGAGEMENT_INCLUDES, description=_INCLUDE)


class EngagementQuerySchema(PageSchema):
    """Which engagements."""

    state = State(ENGAGEMENT.states, load_default=None)
    side = Code(Side, load_default=None)
    include = Chosen(*ENGAGEMENT_INCLUDES, description=_INCLUDE)


class NewEngagementSchema(ApiSchema):
    """Ask a provider about a need. `released` may be seen before it is accepted. 发起对接。

    `asked` says what for, by the provider's kind. `background` is the story where it differs from
    the need's text, and `documents` of the startup can be opened until the engagement is over.
    """

    need = Id(required=True)
    provider = Id(required=True)
    message = Text(most=MESSAGE_LIMIT, load_default="")
    asked = ma.fields.Nested(NewAskSchema, load_default=None, allow_none=True)
    background = Text(most=TEXT_LIMIT, load_default="")
    documents = Listed(Id(), load_default=(), most=20)
    released = Listed(Code(Release), load_default=(Release.STARTUP_NAME, Release.NEED_TEXT), most=8)


class ReasonSchema(ApiSchema):
    """Why not, or no longer: the other side reads it. 原因。"""

    reason = Text(least=1, most=REASON_LIMIT, required=True)


class DeclineSchema(ReasonSchema):
    """Why not, by a code and in words. 谢绝原因。"""

    code = Code(DeclineReason, load_default=DeclineReason.OTHER)


class AcceptSchema(ApiSchema):
    """A few words that go with it. 附言。"""

    words = Text(most=REASON_LIMIT, load_default="")


class OptionalReasonSchema(ApiSchema):
    """Why, if that is to be said. 原因（可选）。"""

    reason = Text(most=REASON_LIMIT, load_default="")


@blueprint.get("/engagements")
@operation("engagements:read", "engagement:list")
@blueprint.arguments(EngagementQuerySchema, location="query")
@blueprint.response(200, show_list(EngagementSummarySchema))
def list_engagements(asked: Mapping[str, Any]) -> Shown | Lines:
    """Every engagement that the person of the token may know of, the newest request first."""
    viewer = get_current_actor()
    require_scopes(asked["include"], ENGAGEMENT_INCLUDES)
    included = Included(asked["include"])
    return list_rows(
        select_engagements(viewer, state=asked["state"], side=asked["side"]),
        asked,
        moment=Engagement.requested_at,
        key=Engagement.id,
        show=lambda row: show_engagement_row(row, viewer) | included.show(row),
        load=included.load,
    )


@blueprint.post("/engagements")
@operation("engagements:write", "need:state", refusals=(404,))
@once()
@blueprint.arguments(NewEngagementSchema)
@blueprint.response(201, EngagementSchema)
def request_engagement(body: Mapping[str, Any]) -> ResponseReturnValue:
    """Ask a provider about a need; its people are told, and the request expires unanswered."""
    actor = get_current_actor()
    need = find_need(db.session, body["need"])
    provider = find_provider(db.session, body["provider"])
    if need is None or provider is None or not can_know_of(actor, need):
        raise NotFound
    if not can_know_of(actor, provider):
        raise NotFound
    ask = read_ask(provider.kind, body["asked"])
    documents = [_find_own_document(each, actor) for each in dict.fromkeys(body["documents"])]
    with writing(db.session):
        engagement = actions.request(
            db.session,
            need=need,
            provider=provider,
            match=queries.find_latest_match(db.session, need, provider),
            message=body["message"],
            released=[each for each in Release if each in body["released"]],
            actor=actor,
            at=now(),
            ask=ask,
            background=body["background"],
            documents=documents,
        )
    path = url_for("engagements_api.read_engagement", public_id=engagement.public_id)
    return show_engagement(engagement), 201, {"Location": path}


@blueprint.get("/engagements/<public_id>")
@operation("engagements:read", "engagement:view", subject=queries.find_engagement)
@blueprint.arguments(EngagementIncludeSchema, location="query")
@blueprint.response(200, EngagementSchema)
def read_engagement(engagement: Engagement, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Both sides, times, feedback, the trace, and what can be done now."""
    require_scopes(asked["include"], ENGAGEMENT_INCLUDES)
    included = Included(asked["include"])
    included.load([engagement])
    return show_engagement(engagement) | included.show(engagement)


@blueprint.post("/engagements/<public_id>/accept")
@operation("engagements:write", "engagement:accept", subject=queries.find_engagement)
@once(needs_key=False)
@blueprint.arguments(AcceptSchema, required=False)
@blueprint.response(200, EngagementSchema)
def accept_engagement(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The provider takes the request on."""
    carry_out(actions.accept, engagement=engagement, words=body["words"])
    return show_engagement(engagement)


@blueprint.post("/engagements/<public_id>/decline")
@operation("engagements:write", "engagement:decline", subject=queries.find_engagement)
@once(needs_key=False)
@blueprint.arguments(DeclineSchema)
@blueprint.response(200, EngagementSchema)
def decline_engagement(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The provider says no, and why."""
    carry_out(actions.decline, engagement=engagement, code=body["code"], reason=body["reason"])
    return show_engagement(engagement)


@blueprint.post("/engagements/<public_id>/withdraw")
@operation("engagements:write", "engagement:withdraw", subject=queries.find_engagement)
@once(needs_key=False)
@blueprint.arguments(OptionalReasonSchema, required=False)
@blueprint.response(200, EngagementSchema)
def withdraw_engagement(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The startup takes its request back."""
    carry_out(actions.withdraw, engagement=engagement, reason=body["reason"])
    return show_engagement(engagement)


@blueprint.post("/engagements/<public_id>/cancel")
@operation("engagements:write", "engagement:cancel", subject=queries.find_engagement)
@once(needs_key=False)
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, EngagementSchema)
def cancel_engagement(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """One side ends what was accepted, and says why."""
    carry_out(
        actions.cancel,
        engagement=engagement,
        reason=body["reason"],
    )
    return show_engagement(engagement)


@blueprint.post("/engagements/<public_id>/complete")
@operation("engagements:write", "engagement:complete", subject=queries.find_engagement)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, EngagementSchema)
def complete_engagement(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The engagement has done what it was for."""
    carry_out(actions.complete, engagement=engagement)
    return show_engagement(engagement)


def _find_own_document(public_id: str, actor: Actor) -> Document:
    """A document that `actor` may know of. Raises NotFound."""
    document = find_document(db.session, public_id)
    if document is None or not can_know_of(actor, document):
        raise NotFound
    return document
