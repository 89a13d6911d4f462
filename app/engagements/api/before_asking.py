"""What programs read before they ask, and the rules that hold for asking."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import marshmallow as ma
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.access import can_know_of
from app.clock import now
from app.engagements.actions.request_rules import set_rules
from app.engagements.api.room import blueprint
from app.engagements.queries import get_outlook
from app.engagements.queries.request_rules import Rules, get_rules
from app.errors import NotFound
from app.extensions import db
from app.needs.queries import find_need
from app.pools.queries import find_incubator
from app.profiles.queries import find_provider
from app.transactions import writing
from app.web.api import changes_version, operation
from app.web.api_fields import ApiSchema, Id, Moment, Whole
from app.web.api_versions import ETAG, require_present, write_content_tag
from app.web.identity import get_current_actor
from app.web.repeats import once
from models.answers import ANSWER_HOURS_RANGE, OPEN_REQUESTS_RANGE, SILENCES_RANGE
from models.missed_times import APPEAL_DAYS_RANGE, LATE_HOURS_RANGE
from models.needs import Need
from models.organisations import Incubator
from models.queues import OFFER_HOURS_RANGE


class OutlookQuerySchema(ApiSchema):
    """Of whom. 哪一家支持方。"""

    provider = Id(required=True)


class OutlookSchema(ma.Schema):
    """What to expect of a provider before asking. 请求之前的预期。

    `answer_hours` is the median of `answers` answers, null for who is new; `place_in_queue` is that
    of whoever joins now, null while a place is free; `own_place` is that in which the need waits
    already; without an account the way goes through the incubator's operator.
    """

    answer_hours = ma.fields.Float(required=True, allow_none=True)
    answers = ma.fields.Integer(required=True)
    free_places = ma.fields.Integer(required=True)
    capacity = ma.fields.Integer(required=True)
    waiting = ma.fields.Integer(required=True)
    place_in_queue = ma.fields.Integer(required=True, allow_none=True)
    own_place = ma.fields.String(required=True, allow_none=True)
    has_account = ma.fields.Boolean(required=True)
    answer_due_at = Moment(required=True)


class RulesSchema(ma.Schema):
    """The rules for requests by the startups of an incubator and for their times. 请求与约定规则。

    Cancelling and moving are late from so many hours before a time on; 0: never.
    """

    answer_hours = ma.fields.Integer(required=True)
    silences = ma.fields.Integer(required=True)
    open_requests = ma.fields.Integer(required=True)
    late_cancel_hours = ma.fields.Integer(required=True)
    late_move_hours = ma.fields.Integer(required=True)
    appeal_days = ma.fields.Integer(required=True)
    offer_hours = ma.fields.Integer(required=True)


class RulesChangeSchema(ApiSchema):
    """Which rules change. `answer_hours` are hours of working days in mainland China. 请求规则。"""

    answer_hours = Whole(low=ANSWER_HOURS_RANGE[0], high=ANSWER_HOURS_RANGE[1])
    silences = Whole(low=SILENCES_RANGE[0], high=SILENCES_RANGE[1])
    open_requests = Whole(low=OPEN_REQUESTS_RANGE[0], high=OPEN_REQUESTS_RANGE[1])
    late_cancel_hours = Whole(low=LATE_HOURS_RANGE[0], high=LATE_HOURS_RANGE[1])
    late_move_hours = Whole(low=LATE_HOURS_RANGE[0], high=LATE_HOURS_RANGE[1])
    appeal_days = Whole(low=APPEAL_DAYS_RANGE[0], high=APPEAL_DAYS_RANGE[1])
    offer_hours = Whole(low=OFFER_HOURS_RANGE[0], high=OFFER_HOURS_RANGE[1])


@blueprint.get("/needs/<public_id>/outlook")
@operation("engagements:read", "engagement:request", subject=find_need)
@blueprint.arguments(OutlookQuerySchema, location="query")
@blueprint.response(200, OutlookSchema)
def read_outlook(need: Need, asked: Mapping[str, Any]) -> dict[str, Any]:
    """How soon a provider answers, what is free, and whether it has an account, before asking."""
    provider = find_provider(db.session, asked["provider"])
    if provider is None or not can_know_of(get_current_actor(), provider):
        raise NotFound
    outlook = get_outlook(db.session, provider=provider, startup=need.startup, need=need, at=now())
    return {
        "answer_hours": outlook.answer_hours,
        "answers": outlook.answers,
        "free_places": outlook.free,
        "capacity": outlook.capacity,
        "waiting": outlook.waiting,
        "place_in_queue": outlook.place_in_queue,
        "own_place": outlook.own_place.public_id if outlook.own_place else None,
        "has_account": outlook.has_account,
        "answer_due_at": outlook.due_at,
    }


@blueprint.get("/incubators/<public_id>/request-rules")
@operation("incubators:read", "incubator:view", subject=find_incubator)
@blueprint.response(200, RulesSchema, headers=ETAG)
def read_request_rules(incubator: Incubator) -> ResponseReturnValue:
    """The rules that hold for requests by the startups of this incubator."""
    return _answer(incubator)


@blueprint.patch("/incubators/<public_id>/request-rules")
@operation("incubators:write", "incubator:edit", subject=find_incubator)
@changes_version
@once(needs_key=False)
@blueprint.arguments(RulesChangeSchema)
@blueprint.response(200, RulesSchema, headers=ETAG)
def change_request_rules(incubator: Incubator, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Change the rules that are given; they hold for what is asked from now on."""
    with writing(db.session):
        _lock(incubator)
        present = _show(get_rules(db.session, incubator.id))
        require_present(present, present)
        set_rules(
            db.session,
            incubator=incubator,
            rules=replace(get_rules(db.session, incubator.id), **body),
            actor=get_current_actor(),
            at=now(),
        )
    return _answer(incubator)


def _answer(incubator: Incubator) -> ResponseReturnValue:
    shown = _show(get_rules(db.session, incubator.id))
    return shown, {"ETag": write_content_tag(shown)}


def _show(rules: Rules) -> dict[str, Any]:
    return {
        "answer_hours": rules.answer_hours,
        "silences": rules.silences,
        "open_requests": rules.open_requests,
        "late_cancel_hours": rules.late_cancel_hours,
        "late_move_hours": rules.late_move_hours,
        "appeal_days": rules.appeal_days,
        "offer_hours": rules.offer_hours,
    }


def _lock(incubator: Incubator) -> None:
    """Whoever else changes it waits for the commit; it is read afresh."""
    # Apart from the refresh, which joins tables that cannot be locked.
    chosen = select(Incubator.id).where(Incubator.id == incubator.id)
    db.session.execute(chosen.with_for_update(key_share=True))
    db.session.refresh(incubator)
