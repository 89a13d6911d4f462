"""What programs do with webhooks."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.clock import now
from app.extensions import db, get_settings
from app.pools.queries import find_incubator
from app.transactions import writing
from app.web.api import VERSION_PATH, ApiBlueprint, changes_version, operation, show_list
from app.web.api_fields import (
    ApiSchema,
    Code,
    Flag,
    Line,
    Listed,
    Moment,
    NothingSchema,
    PageSchema,
)
from app.web.api_versions import ETAG, require_present, write_content_tag
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.web.typed import get_sealer
from app.webhooks import actions, queries
from app.webhooks.signatures import open_secret
from models.organisations import Incubator
from models.webhooks import ADDRESS_LIMIT, TEST_EVENT, Webhook, WebhookDelivery, WebhookEvent

blueprint = ApiBlueprint(
    "webhooks_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="What an incubator's other systems are told. 向孵化器的其他系统推送事件。",
)


class NewWebhookSchema(ApiSchema):
    """Where is sent to, and what is told. 新的推送地址。"""

    url = Line(least=1, most=ADDRESS_LIMIT, required=True)
    events = Listed(Code(WebhookEvent), least=1, most=len(WebhookEvent), required=True)


class WebhookChangeSchema(ApiSchema):
    """What of a webhook is to be changed; true as `is_paused` pauses it. 推送的更改。"""

    url = Line(least=1, most=ADDRESS_LIMIT)
    events = Listed(Code(WebhookEvent), least=1, most=len(WebhookEvent))
    is_paused = Flag()


class WebhookSchema(ma.Schema):
    """A webhook; `secret` is told when it was made just now, null later. 推送（Webhook）。"""

    id = ma.fields.String(required=True)
    incubator = ma.fields.String(required=True)
    url = ma.fields.String(required=True)
    events = ma.fields.List(ma.fields.String(), required=True)
    secret = ma.fields.String(required=True, allow_none=True)
    created_at = Moment(required=True)
    failing_since = Moment(required=True, allow_none=True)
    paused_at = Moment(required=True, allow_none=True)


class WebhookDeliverySchema(ma.Schema):
    """One event for one webhook, and what came of it. 推送记录。"""

    id = ma.fields.String(required=True)
    webhook = ma.fields.String(required=True)
    event = ma.fields.String(required=True)
    payload = ma.fields.Dict(required=True)
    created_at = Moment(required=True)
    not_before = Moment(required=True)
    attempts = ma.fields.Integer(required=True)
    delivered_at = Moment(required=True, allow_none=True)
    given_up_at = Moment(required=True, allow_none=True)
    status = ma.fields.Integer(required=True, allow_none=True)
    problem = ma.fields.String(required=True)


@blueprint.get("/incubators/<public_id>/webhooks")
@operation("webhooks:read", "webhook:list", subject=find_incubator)
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(WebhookSchema))
def list_webhooks(incubator: Incubator, asked: Mapping[str, Any]) -> Shown | Lines:
    """The webhooks of an incubator, the newest first."""
    return list_rows(
        queries.select_webhooks(incubator),
        asked,
        moment=Webhook.created_at,
        key=Webhook.id,
        show=_show,
    )


@blueprint.post("/incubators/<public_id>/webhooks")
@operation("webhooks:write", "webhook:create", subject=find_incubator, refusals=(409,))
@once()
@blueprint.arguments(NewWebhookSchema)
@blueprint.response(201, WebhookSchema, headers=ETAG)
def create_webhook(incubator: Incubator, body: Mapping[str, Any]) -> ResponseReturnValue:
    """An address is told of events from now on."""
    webhook = carry_out(
        actions.create_webhook,
        incubator=incubator,
        url=body["url"],
        events=body["events"],
        networks=get_settings().webhook_networks,
        sealer=get_sealer(),
    )
    found_at = url_for("webhooks_api.read_webhook", public_id=webhook.public_id)
    headers = {"Location": found_at, "ETag": write_content_tag(_list_set(webhook))}
    return _show(webhook, is_new=True), 201, headers


@blueprint.get("/webhooks/<public_id>")
@operation("webhooks:read", "webhook:view", subject=queries.find_webhook)
@blueprint.response(200, WebhookSchema, headers=ETAG)
def read_webhook(webhook: Webhook) -> ResponseReturnValue:
    """One webhook."""
    return _answer(webhook)


@blueprint.patch("/webhooks/<public_id>")
@operation("webhooks:write", "webhook:edit", subject=queries.find_webhook)
@changes_version
@blueprint.arguments(WebhookChangeSchema)
@blueprint.response(200, WebhookSchema, headers=ETAG)
def change_webhook(webhook: Webhook, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Another address, other events, paused or resumed: only what is given."""
    actor, at = get_current_actor(), now()
    with writing(db.session):
        _lock(webhook)
        require_present(_list_set(webhook), WebhookSchema().dump(_show(webhook)))
        if "url" in body or "events" in body:
            actions.edit_webhook(
                db.session,
                webhook=webhook,
                url=body.get("url", webhook.url),
                events=body.get("events", webhook.events),
                networks=get_settings().webhook_networks,
                actor=actor,
                at=at,
            )
        if "is_paused" in body:
            change = actions.pause_webhook if body["is_paused"] else actions.resume_webhook
            change(db.session, webhook=webhook, actor=actor, at=at)
    return _answer(webhook)


@blueprint.post("/webhooks/<public_id>/secret")
@operation("webhooks:write", "webhook:edit", subject=queries.find_webhook)
@once()
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WebhookSchema)
def renew_webhook_secret(webhook: Webhook, body: Mapping[str, Any]) -> dict[str, Any]:
    """A new secret; the former one still signs for a day."""
    carry_out(actions.renew_secret, webhook=webhook, sealer=get_sealer())
    return _show(webhook, is_new=True)


@blueprint.post("/webhooks/<public_id>/test")
@operation("webhooks:write", "webhook:edit", subject=queries.find_webhook)
@once()
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WebhookDeliverySchema)
def send_test_event(webhook: Webhook, body: Mapping[str, Any]) -> dict[str, Any]:
    """An event that means nothing is sent."""
    delivery = carry_out(actions.send_test, webhook=webhook)
    return _show_delivery(delivery)


@blueprint.post("/webhooks/<public_id>/remove")
@operation("webhooks:write", "webhook:edit", subject=queries.find_webhook)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WebhookSchema)
def remove_webhook(webhook: Webhook, body: Mapping[str, Any]) -> dict[str, Any]:
    """It is gone, with its deliveries; the answer is what it was."""
    shown = _show(webhook)
    carry_out(actions.remove_webhook, webhook=webhook)
    return shown


@blueprint.get("/webhooks/<public_id>/deliveries")
@operation("webhooks:read", "webhook:view", subject=queries.find_webhook)
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(WebhookDeliverySchema))
def list_webhook_deliveries(webhook: Webhook, asked: Mapping[str, Any]) -> Shown | Lines:
    """The deliveries of the last thirty days, the newest first."""
    return list_rows(
        queries.select_deliveries(webhook),
        asked,
        moment=WebhookDelivery.created_at,
        key=WebhookDelivery.id,
        show=_show_delivery,
    )


@blueprint.get("/webhook-deliveries/<public_id>")
@operation("webhooks:read", "webhook_delivery:view", subject=queries.find_delivery)
@blueprint.response(200, WebhookDeliverySchema)
def read_webhook_delivery(delivery: WebhookDelivery) -> dict[str, Any]:
    """One delivery."""
    return _show_delivery(delivery)


@blueprint.post("/webhook-deliveries/<public_id>/replay")
@operation("webhooks:write", "webhook_delivery:replay", subject=queries.find_delivery)
@once()
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WebhookDeliverySchema)
def replay_webhook_delivery(delivery: WebhookDelivery, body: Mapping[str, Any]) -> dict[str, Any]:
    """The same is sent once more, under the same id."""
    carry_out(actions.replay_delivery, delivery=delivery)
    return _show_delivery(delivery)


def _answer(webhook: Webhook) -> ResponseReturnValue:
    return _show(webhook), {"ETag": write_content_tag(_list_set(webhook))}


def _list_set(webhook: Webhook) -> dict[str, Any]:
    """What a change can be about: whether deliveries fail changes by itself."""
    shown = _show(webhook)
    return {name: shown[name] for name in ("id", "url", "events", "paused_at")}


def _show(webhook: Webhook, *, is_new: bool = False) -> dict[str, Any]:
    return {
        "id": webhook.public_id,
        "incubator": webhook.incubator.public_id,
        "url": webhook.url,
        "events": [event.value for event in webhook.events],
        "secret": open_secret(webhook.sealed_secret, get_sealer()) if is_new else None,
        "created_at": webhook.created_at,
        "failing_since": webhook.failing_since,
        "paused_at": webhook.paused_at,
    }


def _show_delivery(delivery: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": delivery.public_id,
        "webhook": delivery.webhook.public_id,
        "event": delivery.event.value if delivery.event else TEST_EVENT,
        "payload": delivery.payload,
        "created_at": delivery.created_at,
        "not_before": delivery.not_before,
        "attempts": delivery.attempts,
        "delivered_at": delivery.delivered_at,
        "given_up_at": delivery.given_up_at,
        "status": delivery.status,
        "problem": delivery.problem,
    }


def _lock(webhook: Webhook) -> None:
    """Whoever else changes it waits for the commit; it is read afresh."""
    # Apart from the refresh, which joins tables that cannot be locked.
    chosen = select(Webhook.id).where(Webhook.id == webhook.id)
    db.session.execute(chosen.with_for_update(key_share=True))
    db.session.refresh(webhook)
