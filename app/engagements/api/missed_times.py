"""Times that were not kept, appealing and deciding, for programs."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.clock import now
from app.engagements.actions import missed_times as actions
from app.engagements.api.room import blueprint
from app.engagements.forms import REASON_LIMIT
from app.engagements.queries import missed_times
from app.extensions import db
from app.pools.queries import find_incubator
from app.web.api import operation, show_list
from app.web.api_fields import ApiSchema, Flag, Moment, PageSchema, Text
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from models.missed_times import MissedTime
from models.organisations import Incubator


class MissedTimeSchema(ma.Schema):
    """A confirmed time to which one side did not come, or which it gave up late. 失约记录。

    `appeal_until` is null where it cannot be appealed any more.
    """

    id = ma.fields.String(required=True)
    engagement = ma.fields.String(required=True)
    side = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    counts = ma.fields.Boolean(required=True)
    planned_at = Moment(required=True)
    window_hours = ma.fields.Integer(required=True)
    counted_at = Moment(required=True)
    appeal = ma.fields.String(required=True)
    appealed_at = Moment(required=True, allow_none=True)
    appeal_until = Moment(required=True, allow_none=True)
    decision = ma.fields.String(required=True)
    decided_at = Moment(required=True, allow_none=True)


class NewAppealSchema(ApiSchema):
    """Why it should not be counted. 申诉。"""

    words = Text(least=1, most=REASON_LIMIT, required=True)


class NewDecisionSchema(ApiSchema):
    """Whether it is taken back, and why. 申诉决定。"""

    takes_back = Flag(required=True)
    words = Text(least=1, most=REASON_LIMIT, required=True)


def _show(row: MissedTime) -> dict[str, Any]:
    view = missed_times.view_missed_time(db.session, row, get_current_actor(), at=now())
    return {
        "id": view.public_id,
        "engagement": view.engagement_public_id,
        "side": view.side.value,
        "kind": view.kind.value,
        "state": view.state,
        "counts": view.counts,
        "planned_at": view.planned_at,
        "window_hours": view.window_hours,
        "counted_at": view.counted_at,
        "appeal": view.appeal,
        "appealed_at": view.appealed_at,
        "appeal_until": view.appeal_until,
        "decision": view.decision,
        "decided_at": view.decided_at,
    }


@blueprint.get("/missed-times")
@operation("engagements:read", "missed_time:list")
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(MissedTimeSchema))
def list_missed_times(asked: Mapping[str, Any]) -> Shown | Lines:
    """What was counted on the sides for which the person acts, the latest first."""
    condition = missed_times.is_own(get_current_actor())
    return list_rows(
        missed_times.select_missed_times(condition),
        asked,
        moment=MissedTime.counted_at,
        key=MissedTime.id,
        show=_show,
    )


@blueprint.get("/incubators/<public_id>/missed-times")
@operation("incubators:read", "missed_time:list_all", subject=find_incubator)
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(MissedTimeSchema))
def list_missed_times_of_incubator(incubator: Incubator, asked: Mapping[str, Any]) -> Shown | Lines:
    """What was counted in engagements of the startups of an incubator, the latest first."""
    return list_rows(
        missed_times.select_missed_times(missed_times.is_of(incubator)),
        asked,
        moment=MissedTime.counted_at,
        key=MissedTime.id,
        show=_show,
    )


@blueprint.get("/missed-times/<public_id>")
@operation("engagements:read", "missed_time:view", subject=missed_times.find_missed_time)
@blueprint.response(200, MissedTimeSchema)
def read_missed_time(missed_time: MissedTime) -> dict[str, Any]:
    """What was counted, what its side says to it, and what was decided."""
    return _show(missed_time)


@blueprint.post("/missed-times/<public_id>/appeal")
@operation("engagements:write", "missed_time:appeal", subject=missed_times.find_missed_time)
@once(needs_key=False)
@blueprint.arguments(NewAppealSchema)
@blueprint.response(200, MissedTimeSchema)
def appeal(missed_time: MissedTime, body: Mapping[str, Any]) -> dict[str, Any]:
    """Say why it should not be counted, once; until the operators have decided it does not."""
    carry_out(actions.appeal, missed_time=missed_time, words=body["words"])
    return _show(missed_time)


@blueprint.post("/missed-times/<public_id>/decision")
@operation("engagements:write", "missed_time:decide", subject=missed_times.find_missed_time)
@once(needs_key=False)
@blueprint.arguments(NewDecisionSchema)
@blueprint.response(200, MissedTimeSchema)
def decide(missed_time: MissedTime, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take it back, or let it stand; the side that appealed is told."""
    carry_out(
        actions.decide, missed_time=missed_time, takes_back=body["takes_back"], words=body["words"]
    )
    return _show(missed_time)
