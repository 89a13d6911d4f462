"""Waiting for a place with a provider, for programs."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import url_for
from flask.typing import ResponseReturnValue

from app.access import can_know_of
from app.clock import now
from app.engagements.actions import queue as actions
from app.engagements.api.room import blueprint
from app.engagements.queries import queue
from app.errors import NotFound
from app.extensions import db
from app.needs.queries import find_need
from app.profiles.queries import find_provider
from app.transactions import writing
from app.web.api import operation, show_list
from app.web.api_fields import ApiSchema, Id, Moment, NothingSchema, PageSchema, State
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from models.lifecycle import QUEUE_PLACE
from models.needs import Need
from models.queues import QueuePlace


class QueueQuerySchema(PageSchema):
    """Which of them."""

    state = State(QUEUE_PLACE.states, load_default=None)


class NewQueuePlaceSchema(ApiSchema):
    """With whom. 哪一家支持方。"""

    provider = Id(required=True)


class QueuePlaceSchema(ma.Schema):
    """A need that waits for a place with a provider. 候补。

    `number` counts from 1, requests that wait for an answer included, and is null once it is over;
    while `state` is offered, the provider can be asked until `offer_due_at`.
    """

    id = ma.fields.String(required=True)
    need = ma.fields.String(required=True)
    provider = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True, allow_none=True)
    joined_at = Moment(required=True)
    offer_due_at = Moment(required=True, allow_none=True)


def _show(place: QueuePlace, numbers: Mapping[int, int]) -> dict[str, Any]:
    view = queue.view_place(place, numbers)
    return {
        "id": view.public_id,
        "need": view.need_public_id,
        "provider": view.provider_public_id,
        "state": view.state,
        "number": view.number,
        "joined_at": view.joined_at,
        "offer_due_at": view.offer_due_at,
    }


def _show_one(place: QueuePlace) -> dict[str, Any]:
    return _show(place, queue.number_places(db.session, [place]))


@blueprint.get("/queue-places")
@operation("engagements:read", "queue_place:list")
@blueprint.arguments(QueueQuerySchema, location="query")
@blueprint.response(200, show_list(QueuePlaceSchema))
def list_queue_places(asked: Mapping[str, Any]) -> Shown | Lines:
    """Where the startups of the person wait for a place, the last that was joined first."""
    numbers: dict[int, int] = {}
    return list_rows(
        queue.select_places(get_current_actor(), state=asked["state"]),
        asked,
        moment=QueuePlace.joined_at,
        key=QueuePlace.id,
        show=lambda row: _show(row, numbers),
        load=lambda rows: numbers.update(queue.number_places(db.session, rows)),
    )


@blueprint.post("/needs/<public_id>/queue-places")
@operation("engagements:write", "engagement:request", subject=find_need)
@once()
@blueprint.arguments(NewQueuePlaceSchema)
@blueprint.response(201, QueuePlaceSchema)
def join_queue(need: Need, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Wait for a place with a provider whose places are all taken."""
    actor = get_current_actor()
    provider = find_provider(db.session, body["provider"])
    if provider is None or not can_know_of(actor, provider):
        raise NotFound
    with writing(db.session):
        place = actions.join_queue(db.session, need=need, provider=provider, actor=actor, at=now())
    path = url_for("engagements_api.read_queue_place", public_id=place.public_id)
    return _show_one(place), 201, {"Location": path}


@blueprint.get("/queue-places/<public_id>")
@operation("engagements:read", "queue_place:view", subject=queue.find_queue_place)
@blueprint.response(200, QueuePlaceSchema)
def read_queue_place(place: QueuePlace) -> dict[str, Any]:
    """Which number it has, and whether a place is offered."""
    return _show_one(place)


@blueprint.post("/queue-places/<public_id>/leave")
@operation("engagements:write", "queue_place:leave", subject=queue.find_queue_place)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, QueuePlaceSchema)
def leave_queue(place: QueuePlace, body: Mapping[str, Any]) -> dict[str, Any]:
    """Wait no longer."""
    with writing(db.session):
        actions.leave_queue(db.session, place=place, actor=get_current_actor(), at=now())
    return _show_one(place)
