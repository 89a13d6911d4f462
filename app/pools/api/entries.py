"""Where mentors stand in pools: asked in, applying, decided on."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import marshmallow as ma
from flask import url_for
from flask.typing import ResponseReturnValue

from app.access import can_know_of, is_permitted
from app.errors import NotFound
from app.extensions import db
from app.pools.actions import entries as actions
from app.pools.api.incubators import IncubatorSchema, show_incubator
from app.pools.api.room import blueprint
from app.pools.queries import find_entry, find_incubator, select_entries
from app.profiles.api.providers import ProviderSummarySchema, show_known_provider
from app.profiles.queries import find_provider, load_providers
from app.transactions import writing
from app.web.api import operation, show_list
from app.web.api_chosen import require_scopes
from app.web.api_fields import (
    ApiSchema,
    Chosen,
    Id,
    Line,
    Moment,
    NothingSchema,
    PageSchema,
    State,
    Text,
)
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.limits import LINE_LIMIT, TEXT_LIMIT
from models.lifecycle import POOL_ENTRY
from models.organisations import Incubator
from models.pools import PoolEntry

_REASON_LIMIT: Final = 1000

# What can be included, and the scope that it takes.
_INCLUDES: Final = {"provider": "providers:read", "incubator": "incubators:read"}

# Who may take a step is decided by the action; which steps could be meant is said here.
_OPERATORS_STEPS: Final = ("admit", "decline", "invite", "pause", "resume", "retire")
_MENTORS_STEPS: Final = ("accept_invitation", "decline", "apply")


class PoolInvitationSchema(ApiSchema):
    """A mentor who has a profile is asked in. 邀请入库。"""

    provider = Id(required=True)


class PoolApplicationSchema(ApiSchema):
    """A mentor asks for admission. 申请入库。"""

    provider = Id(required=True)
    application = Text(most=TEXT_LIMIT, load_default="")


class PoolReasonSchema(ApiSchema):
    """Why: the other side reads it. 原因。"""

    reason = Text(least=1, most=_REASON_LIMIT, required=True)


class PoolNoteSchema(ApiSchema):
    """A note that operators of the incubator read, and nobody else. 内部备注。"""

    private_note = Text(most=TEXT_LIMIT, required=True)


class PoolEntryIncludedSchema(ma.Schema):
    """What belongs to an entry; null for what the person of the token may not see. 随附内容。"""

    provider = ma.fields.Nested(ProviderSummarySchema, allow_none=True)
    incubator = ma.fields.Nested(IncubatorSchema)


class PoolEntrySchema(ma.Schema):
    """A mentor's standing in a pool. `private_note` is null for the mentor. 导师库条目。"""

    id = ma.fields.String(required=True)
    incubator = ma.fields.String(required=True)
    incubator_name = ma.fields.String(required=True)
    provider = ma.fields.String(required=True)
    provider_name = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    application = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    private_note = ma.fields.String(required=True, allow_none=True)
    created_at = Moment(required=True)
    changed_at = Moment(required=True)
    admitted_at = Moment(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)
    included = ma.fields.Nested(PoolEntryIncludedSchema)


class EntryIncludeSchema(ApiSchema):
    """What is to come with an entry."""

    include = Chosen(*_INCLUDES, description="`provider`, `incubator`. 随附内容。")


class EntryQuerySchema(EntryIncludeSchema, PageSchema):
    """Which entries; `text` are words of the mentor's profile."""

    state = State(POOL_ENTRY.states, load_default=None)
    text = Line(most=LINE_LIMIT, load_default="")


@blueprint.get("/pool-entries")
@operation("pools:read", "home:view")
@blueprint.arguments(EntryQuerySchema, location="query")
@blueprint.response(200, show_list(PoolEntrySchema))
def list_pool_entries(asked: Mapping[str, Any]) -> Shown | Lines:
    """The entries of one's incubators' pools, and those of one's own mentors."""
    return _list(asked, incubator=None)


@blueprint.get("/incubators/<public_id>/pool")
@operation("pools:read", "pool:invite", subject=find_incubator)
@blueprint.arguments(EntryQuerySchema, location="query")
@blueprint.response(200, show_list(PoolEntrySchema))
def list_pool(incubator: Incubator, asked: Mapping[str, Any]) -> Shown | Lines:
    """The pool of an incubator, for its operators."""
    return _list(asked, incubator=incubator)


@blueprint.post("/incubators/<public_id>/invitations")
@operation("pools:write", "pool:invite", subject=find_incubator)
@once()
@blueprint.arguments(PoolInvitationSchema)
@blueprint.response(201, PoolEntrySchema)
def invite_mentor(incubator: Incubator, body: Mapping[str, Any]) -> ResponseReturnValue:
    """A mentor whose profile the operator may see is asked in."""
    provider = find_provider(db.session, body["provider"])
    if provider is None or not can_know_of(get_current_actor(), provider):
        raise NotFound
    entry = carry_out(actions.invite_provider, incubator=incubator, provider=provider)
    return show_made_entry(entry)


@blueprint.post("/incubators/<public_id>/applications")
@operation("pools:write", "incubator:apply", subject=find_incubator)
@once()
@blueprint.arguments(PoolApplicationSchema)
@blueprint.response(201, PoolEntrySchema)
def apply_to_pool(incubator: Incubator, body: Mapping[str, Any]) -> ResponseReturnValue:
    """A mentor asks for admission; the operators are told."""
    provider = find_provider(db.session, body["provider"])
    if provider is None or not can_know_of(get_current_actor(), provider):
        raise NotFound
    entry = carry_out(
        actions.apply_to_pool,
        incubator=incubator,
        provider=provider,
        application=body["application"],
    )
    return show_made_entry(entry)


@blueprint.get("/pool-entries/<public_id>")
@operation("pools:read", "pool_entry:view", subject=find_entry)
@blueprint.arguments(EntryIncludeSchema, location="query")
@blueprint.response(200, PoolEntrySchema)
def read_pool_entry(entry: PoolEntry, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Where a mentor stands in a pool, and what can be done about it."""
    require_scopes(asked["include"], _INCLUDES)
    return _show(entry, asked["include"])


@blueprint.post("/pool-entries/<public_id>/admit")
@operation("pools:write", "pool_entry:decide", subject=find_entry)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, PoolEntrySchema)
def admit_mentor(entry: PoolEntry, body: Mapping[str, Any]) -> dict[str, Any]:
    """Who applied is admitted: startups of the incubator can be matched with them."""
    return _take_step(entry, "admit")


@blueprint.post("/pool-entries/<public_id>/accept")
@operation("pools:write", "pool_entry:answer", subject=find_entry)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, PoolEntrySchema)
def accept_pool_invitation(entry: PoolEntry, body: Mapping[str, Any]) -> dict[str, Any]:
    """The mentor takes the invitation up."""
    return _take_step(entry, "accept_invitation")


@blueprint.post("/pool-entries/<public_id>/decline")
@operation("pools:write", "pool_entry:decline", subject=find_entry)
@once(needs_key=False)
@blueprint.arguments(PoolReasonSchema)
@blueprint.response(200, PoolEntrySchema)
def decline_pool_entry(entry: PoolEntry, body: Mapping[str, Any]) -> dict[str, Any]:
    """An application or an invitation is declined, and the other side is told why."""
    return _take_step(entry, "decline", body["reason"])


@blueprint.post("/pool-entries/<public_id>/pause")
@operation("pools:write", "pool_entry:decide", subject=find_entry)
@once(needs_key=False)
@blueprint.arguments(PoolReasonSchema)
@blueprint.response(200, PoolEntrySchema)
def pause_mentor(entry: PoolEntry, body: Mapping[str, Any]) -> dict[str, Any]:
    """The mentor is not suggested to startups of the incubator until they are resumed."""
    return _take_step(entry, "pause", body["reason"])


@blueprint.post("/pool-entries/<public_id>/resume")
@operation("pools:write", "pool_entry:decide", subject=find_entry)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, PoolEntrySchema)
def resume_mentor(entry: PoolEntry, body: Mapping[str, Any]) -> dict[str, Any]:
    """Who was paused is suggested again."""
    return _take_step(entry, "resume")


@blueprint.post("/pool-entries/<public_id>/retire")
@operation("pools:write", "pool_entry:decide", subject=find_entry)
@once(needs_key=False)
@blueprint.arguments(PoolReasonSchema)
@blueprint.response(200, PoolEntrySchema)
def retire_mentor(entry: PoolEntry, body: Mapping[str, Any]) -> dict[str, Any]:
    """The mentor leaves the pool, and is told why."""
    return _take_step(entry, "retire", body["reason"])


@blueprint.post("/pool-entries/<public_id>/note")
@operation("pools:write", "pool_entry:decide", subject=find_entry)
@once(needs_key=False)
@blueprint.arguments(PoolNoteSchema)
@blueprint.response(200, PoolEntrySchema)
def note_privately(entry: PoolEntry, body: Mapping[str, Any]) -> dict[str, Any]:
    """The note that operators of the incubator keep is this one."""
    with writing(db.session):
        actions.note_privately(
            db.session, entry=entry, note=body["private_note"], actor=get_current_actor()
        )
    return _show(entry)


def _list(asked: Mapping[str, Any], *, incubator: Incubator | None) -> Shown | Lines:
    include = asked["include"]
    require_scopes(include, _INCLUDES)
    return list_rows(
        select_entries(
            get_current_actor(), incubator=incubator, state=asked["state"], text=asked["text"]
        ),
        asked,
        moment=PoolEntry.created_at,
        key=PoolEntry.id,
        show=lambda entry: _show(entry, include),
        load=lambda entries: (
            load_providers(db.session, [each.provider_id for each in entries])
            if "provider" in include
            else None
        ),
    )


def _take_step(entry: PoolEntry, action: str, reason: str = "") -> dict[str, Any]:
    carry_out(actions.change_entry, entry=entry, action=action, reason=reason)
    return _show(entry)


def show_made_entry(entry: PoolEntry) -> ResponseReturnValue:
    """A new entry, and where it is found."""
    path = url_for("pools_api.read_pool_entry", public_id=entry.public_id)
    return _show(entry), 201, {"Location": path}


def _show(entry: PoolEntry, include: Collection[str] = ()) -> dict[str, Any]:
    operates = is_permitted(get_current_actor(), "pool_entry:decide", entry)
    included: dict[str, Any] = {}
    if "provider" in include:
        included["provider"] = show_known_provider(entry.provider)
    if "incubator" in include:
        included["incubator"] = show_incubator(entry.incubator)
    mine = _OPERATORS_STEPS if operates else _MENTORS_STEPS
    return {
        "id": entry.public_id,
        "incubator": entry.incubator.public_id,
        "incubator_name": entry.incubator.name,
        "provider": entry.provider.public_id,
        "provider_name": entry.provider.name,
        "state": entry.state,
        "application": entry.application,
        "reason": entry.reason,
        "private_note": entry.private_note if operates else None,
        "created_at": entry.created_at,
        "changed_at": entry.changed_at,
        "admitted_at": entry.admitted_at,
        "actions": [each for each in POOL_ENTRY.list_actions(entry.state) if each in mine],
        **({"included": included} if include else {}),
    }
