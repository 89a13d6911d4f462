"""The cheapest proof for a need, and why not more."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.needs.queries import find_need
from app.vouchers.api.room import blueprint
from app.vouchers.forms.cheapest import MOST_DAYS
from app.vouchers.queries.cheapest import PlannedTest, Shut, plan_proof
from app.web.api import operation
from app.web.api_fields import ApiSchema, Count, State
from models.needs import Need
from models.vocabulary import NeedKind


class CheapestQuerySchema(ApiSchema):
    """Limits of the plan, in days and whole yuan; `every_gate`: each on its own, in turn."""

    lead_days = Count(low=1, high=MOST_DAYS, load_default=None)
    own_yuan = Count(low=0, high=999_999_999, load_default=None)
    every_gate = State(("yes", "no"), load_default="no")


class PlannedTestSchema(ma.Schema):
    """A test of the plan; `order` where a quote of one's own is meant. 计划检测。"""

    gate = ma.fields.String(required=True)
    centre = ma.fields.String(required=True)
    service = ma.fields.String(required=True)
    order = ma.fields.String(required=True, allow_none=True)
    fee_yuan = ma.fields.Integer(required=True)
    share_yuan = ma.fields.Integer(required=True)
    own_yuan = ma.fields.Integer(required=True)
    scheme = ma.fields.String(required=True, allow_none=True)
    lead_days = ma.fields.Integer(required=True)


class ShutFundSchema(ma.Schema):
    """A fund that stays shut: by `clauses`, or with what tests would open it. 未打开的基金。"""

    provider = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    clauses = ma.fields.List(ma.fields.String(), required=True)
    closed = ma.fields.Boolean(required=True)
    needs_days = ma.fields.Integer(required=True, allow_none=True)
    needs_yuan = ma.fields.Integer(required=True, allow_none=True)


class ProofPlanSchema(ma.Schema):
    """The cheapest proof. `proven`: there is none better within the limits. 最省验证方案。"""

    need = ma.fields.String(required=True)
    proven = ma.fields.Boolean(required=True)
    fee_yuan = ma.fields.Integer(required=True)
    own_yuan = ma.fields.Integer(required=True)
    lead_days = ma.fields.Integer(required=True)
    tests = ma.fields.List(ma.fields.Nested(PlannedTestSchema), required=True)
    opens = ma.fields.List(ma.fields.String(), required=True)
    open_now = ma.fields.Integer(required=True)
    shut = ma.fields.List(ma.fields.Nested(ShutFundSchema), required=True)
    offered = ma.fields.Integer(required=True)
    unpriced = ma.fields.Integer(required=True)


@blueprint.get("/needs/<public_id>/cheapest-proof")
@operation("vouchers:read", "proof:plan", subject=find_need)
@blueprint.arguments(CheapestQuerySchema, location="query")
@blueprint.response(200, ProofPlanSchema)
def read_cheapest_proof(need: Need, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Which tests open most funds for the least money, and why not more."""
    if need.kind is not NeedKind.FUNDING:
        raise NotFound
    found = plan_proof(
        db.session,
        need,
        lead_days=asked["lead_days"],
        own_yuan=asked["own_yuan"],
        every_gate=asked["every_gate"] == "yes",
        at=now(),
    )
    return {
        "need": need.public_id,
        "proven": found.plan.is_proven,
        "fee_yuan": found.plan.fee_yuan,
        "own_yuan": found.plan.own_yuan,
        "lead_days": found.plan.lead_days,
        "tests": [_show_test(test) for test in found.tests],
        "opens": [fund.provider_public_id for fund in found.opens],
        "open_now": found.open_now,
        "shut": [_show_shut(each) for each in found.shut],
        "offered": found.offered,
        "unpriced": found.unpriced,
    }


def _show_test(test: PlannedTest) -> dict[str, Any]:
    return {
        "gate": test.offered.gate.value,
        "centre": test.offered.centre.public_id,
        "service": test.offered.service,
        "order": test.offered.order_public_id,
        "fee_yuan": test.offered.fee_yuan,
        "share_yuan": test.share_yuan,
        "own_yuan": test.own_yuan,
        "scheme": test.scheme,
        "lead_days": test.offered.lead_days,
    }


def _show_shut(each: Shut) -> dict[str, Any]:
    return {
        "provider": each.fund.provider_public_id,
        "name": each.fund.name,
        "clauses": [finding.clause.value for finding in each.judgement.list_open()],
        "closed": each.judgement.is_closed,
        "needs_days": each.needs_days,
        "needs_yuan": each.needs_yuan,
    }
