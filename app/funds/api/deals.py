"""Deals: the funnel of a fund and its steps; a deal read, moved, decided, shown, withdrawn."""

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma

from app.engagements.queries import find_engagement
from app.errors import NotFound, expect
from app.extensions import db
from app.funds.actions import dealing
from app.funds.api.room import blueprint, find_fund
from app.funds.queries import deals as queries
from app.funds.queries.deals import DealView, ShownDeal
from app.needs.queries import find_need
from app.web.api import operation, show_list
from app.web.api_fields import (
    ApiSchema,
    Code,
    Id,
    Line,
    Listed,
    Moment,
    NothingSchema,
    PartSchema,
    Text,
    make_next,
)
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_ordered, take_ordered
from app.web.repeats import once
from app.web.steps import carry_out
from models.deals import PASS_WORDS_LIMIT, STEP_LIMIT, STEPS_LIMIT
from models.engagements import Engagement
from models.needs import Need
from models.providers import Provider
from models.vocabulary import PassReason, ShownStatus


class StepsSchema(ApiSchema):
    """The steps of a fund, in its order. 基金自定步骤。"""

    steps = Listed(Line(least=1, most=STEP_LIMIT), required=True, most=STEPS_LIMIT)


class DealStepSchema(ApiSchema):
    """One of the fund's steps; "" for a fund without any. 目标步骤。"""

    step = Line(most=STEP_LIMIT, load_default="")


class DealPassSchema(ApiSchema):
    """Why a fund passes; the words stay with it. 不投原因。"""

    reason = Code(PassReason, required=True)
    words = Text(most=PASS_WORDS_LIMIT, load_default="")


class DealAssignSchema(ApiSchema):
    """Who of the fund looks after a deal, of `assignable`; null is nobody. 负责人。"""

    person = Id(required=True, allow_none=True)


class AssignableSchema(ma.Schema):
    """Somebody of the fund. 可指派的人。"""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class DealStatusSchema(ApiSchema):
    """What the startup sees; null is nothing. 向企业展示的状态。"""

    status = Code(ShownStatus, required=True, allow_none=True)


class DealVisitSchema(ma.Schema):
    """For how long a deal stood in one place. 停留记录。"""

    state = ma.fields.String(required=True)
    step = ma.fields.String(required=True)
    entered_at = Moment(required=True)
    left_at = Moment(required=True, allow_none=True)


class DealSchema(ma.Schema):
    """A deal as its fund sees it. 投资项目。"""

    engagement = ma.fields.String(required=True)
    startup_name = ma.fields.String(required=True)
    need_title = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    step = ma.fields.String(required=True)
    assignee = ma.fields.String(required=True, allow_none=True)
    pass_reason = ma.fields.String(required=True, allow_none=True)
    pass_words = ma.fields.String(required=True)
    shown = ma.fields.String(required=True, allow_none=True)
    received_at = Moment(required=True)
    changed_at = Moment(required=True)
    visits = ma.fields.List(ma.fields.Nested(DealVisitSchema), required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class WorkedDealSchema(DealSchema):
    """A deal, and who of the fund can look after it. 投资项目。"""

    assignable = ma.fields.List(ma.fields.Nested(AssignableSchema), required=True)


class FunnelSchema(ma.Schema):
    """The deals of a fund, by state and step. 项目漏斗。"""

    steps = ma.fields.List(ma.fields.String(), required=True)
    deals = ma.fields.List(ma.fields.Nested(DealSchema), required=True)
    next = make_next()


class ShownDealSchema(ma.Schema):
    """What a startup sees of a deal. 企业可见的项目状态。"""

    engagement = ma.fields.String(required=True)
    fund = ma.fields.String(required=True)
    fund_name = ma.fields.String(required=True)
    status = ma.fields.String(required=True, allow_none=True)
    shown_at = Moment(required=True, allow_none=True)
    can_withdraw = ma.fields.Boolean(required=True)


class ShownDealsSchema(ma.Schema):
    """What a startup sees of all deals for a need. 企业可见的项目列表。"""

    items = ma.fields.List(ma.fields.Nested(ShownDealSchema), required=True)


@blueprint.get("/providers/<public_id>/deals")
@operation("deals:read", "deal:list", subject=find_fund, refusals=(409,))
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, FunnelSchema)
def read_funnel(provider: Provider, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Every accepted request for money to a fund, by the fund's own steps."""
    return _show_funnel(provider, asked)


@blueprint.post("/providers/<public_id>/deals/steps")
@operation("deals:write", "deal:set_steps", subject=find_fund, refusals=(409,))
@once(needs_key=False)
@blueprint.arguments(StepsSchema)
@blueprint.response(200, FunnelSchema)
def set_steps(provider: Provider, body: Mapping[str, Any]) -> dict[str, Any]:
    """The fund's steps are these; deals stay where they stand."""
    carry_out(dealing.set_steps, provider=provider, steps=body["steps"])
    return _show_funnel(provider, {"limit": 50, "after": None})


@blueprint.get("/engagements/<public_id>/deal")
@operation("deals:read", "deal:work", subject=find_engagement)
@blueprint.response(200, WorkedDealSchema)
def read_deal(engagement: Engagement) -> dict[str, Any]:
    """Where a deal stands, since when, and what can be done with it."""
    return _show(engagement)


@blueprint.post("/engagements/<public_id>/deal/advance")
@operation("deals:write", "deal:work", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(DealStepSchema)
@blueprint.response(200, WorkedDealSchema)
def advance_deal(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The deal goes to another of the fund's steps."""
    return _take(engagement, dealing.advance_deal, step=body["step"])


@blueprint.post("/engagements/<public_id>/deal/pass")
@operation("deals:write", "deal:work", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(DealPassSchema)
@blueprint.response(200, WorkedDealSchema)
def pass_deal(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The fund passes on it; the startup is not told."""
    return _take(engagement, dealing.pass_deal, reason=body["reason"], words=body["words"])


@blueprint.post("/engagements/<public_id>/deal/show")
@operation("deals:write", "deal:work", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(DealStatusSchema)
@blueprint.response(200, WorkedDealSchema)
def show_deal_status(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The startup sees this status, and is told."""
    return _take(engagement, dealing.show_status, status=body["status"])


@blueprint.post("/engagements/<public_id>/deal/agree")
@operation("deals:write", "deal:work", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WorkedDealSchema)
def agree_deal(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The fund has decided yes."""
    return _take(engagement, dealing.agree_deal)


@blueprint.post("/engagements/<public_id>/deal/complete")
@operation("deals:write", "deal:work", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WorkedDealSchema)
def complete_deal(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """Everything is done."""
    return _take(engagement, dealing.complete_deal)


@blueprint.post("/engagements/<public_id>/deal/reopen")
@operation("deals:write", "deal:work", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WorkedDealSchema)
def reopen_deal(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """What was passed on is looked at again."""
    return _take(engagement, dealing.reopen_deal)


@blueprint.post("/engagements/<public_id>/deal/assign")
@operation("deals:write", "deal:work", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(DealAssignSchema)
@blueprint.response(200, WorkedDealSchema)
def assign_deal(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody of the fund looks after it, or nobody in particular."""
    wanted = body["person"]
    people = queries.list_assignable(db.session, engagement.provider)
    person = next((each for each in people if each.public_id == wanted), None)
    if wanted is not None and person is None:
        raise NotFound
    return _take(engagement, dealing.assign_deal, person=person)


@blueprint.get("/needs/<public_id>/deals")
@operation("deals:read", "fund:compare", subject=find_need)
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, show_list(ShownDealSchema))
def list_shown_deals(need: Need, asked: Mapping[str, Any]) -> Shown | Lines:
    """The funds that have accepted a request for a need, with what each shows."""
    return list_ordered(
        queries.list_shown(db.session, get_current_actor(), need),
        asked,
        identify=lambda shown: shown.engagement_public_id,
        show=_show_shown,
    )


@blueprint.post("/engagements/<public_id>/deal/withdraw")
@operation("deals:write", "deal:withdraw", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ShownDealsSchema)
def withdraw_deal(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The startup no longer seeks money of this fund, which is told."""
    carry_out(dealing.withdraw_deal, engagement=engagement)
    shown = queries.list_shown(db.session, get_current_actor(), engagement.need)
    return {"items": [_show_shown(each) for each in shown]}


def _take(
    engagement: Engagement, action: Callable[..., object], **values: object
) -> dict[str, Any]:
    """What a deal is after a step of the fund."""
    carry_out(action, engagement=engagement, **values)
    return _show(engagement)


def _show(engagement: Engagement) -> dict[str, Any]:
    deal = expect(queries.read_deal(db.session, engagement))
    people = queries.list_assignable(db.session, engagement.provider)
    return _show_deal(deal) | {
        "assignable": [{"id": each.public_id, "name": each.name} for each in people]
    }


def _show_funnel(provider: Provider, asked: Mapping[str, Any]) -> dict[str, Any]:
    columns = queries.read_funnel(db.session, provider)
    part = take_ordered(
        [deal for column in columns for deal in column.deals],
        asked,
        identify=lambda deal: deal.engagement.public_id,
        show=_show_deal,
    )
    return {
        "steps": list(queries.list_steps(db.session, provider)),
        "deals": part["items"],
        "next": part["next"],
    }


def _show_deal(deal: DealView) -> dict[str, Any]:
    return {
        "engagement": deal.engagement.public_id,
        "startup_name": deal.engagement.startup.name,
        "need_title": deal.engagement.need.title,
        "state": deal.state,
        "step": deal.step,
        "assignee": None if deal.assignee is None else deal.assignee.name,
        "pass_reason": None if deal.pass_reason is None else deal.pass_reason.value,
        "pass_words": deal.pass_words,
        "shown": None if deal.shown is None else deal.shown.value,
        "received_at": deal.received_at,
        "changed_at": deal.changed_at,
        "visits": [
            {
                "state": visit.state,
                "step": visit.step,
                "entered_at": visit.entered_at,
                "left_at": visit.left_at,
            }
            for visit in deal.visits
        ],
        "actions": list(deal.actions),
    }


def _show_shown(shown: ShownDeal) -> dict[str, Any]:
    return {
        "engagement": shown.engagement_public_id,
        "fund": shown.fund_public_id,
        "fund_name": shown.fund,
        "status": None if shown.status is None else shown.status.value,
        "shown_at": shown.shown_at,
        "can_withdraw": shown.can_withdraw,
    }
