"""What a startup could draw, what would pay for an order, and an incubator's totals.

A voucher is reserved with its order, on the page alone: that asks for the password again.
"""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.clock import now
from app.extensions import db
from app.pools.queries import find_incubator
from app.profiles.queries import find_startup
from app.vouchers.api.room import blueprint
from app.vouchers.checking import Eligibility
from app.vouchers.queries.offers import Offer, PurseRow, list_offers, list_rows
from app.vouchers.queries.orders import find_order
from app.vouchers.queries.vouchers import Total, count_totals
from app.web.api import operation, show_list
from app.web.api_fields import PartSchema, make_next
from app.web.lists import Lines, list_ordered, take_ordered
from models.lifecycle import VOUCHER
from models.organisations import Incubator, Startup
from models.verification import VerificationOrder

_VERDICT = ma.validate.OneOf(["pass", "fail", "unknown"])


class ConditionFoundSchema(ma.Schema):
    """What one condition says; `gap` in its own unit. 条件结论。"""

    condition = ma.fields.String(required=True)
    verdict = ma.fields.String(required=True, validate=_VERDICT)
    gap = ma.fields.Integer(required=True, allow_none=True)


class PurseRowSchema(ma.Schema):
    """What one scheme has for a startup, in whole yuan. 可用额度。"""

    scheme = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    is_unverified = ma.fields.Boolean(required=True)
    verdict = ma.fields.String(required=True, validate=_VERDICT)
    findings = ma.fields.List(ma.fields.Nested(ConditionFoundSchema), required=True)
    share_bp = ma.fields.Integer(required=True)
    cap_yuan = ma.fields.Integer(required=True)
    taken_yuan = ma.fields.Integer(required=True)
    left_yuan = ma.fields.Integer(required=True)
    budget_left_yuan = ma.fields.Integer(required=True, allow_none=True)
    apply_until = ma.fields.Date(required=True)
    use_until = ma.fields.Date(required=True)
    claim_until = ma.fields.Date(required=True)


class PurseSchema(ma.Schema):
    """All schemes that stand for a startup. 创新券钱包。"""

    startup = ma.fields.String(required=True)
    items = ma.fields.List(ma.fields.Nested(PurseRowSchema), required=True)
    next = make_next()


class VoucherOfferSchema(ma.Schema):
    """What a scheme would pay of an order. With `hindrances` nothing. 抵扣方案。"""

    row = ma.fields.Nested(PurseRowSchema, required=True)
    fee_yuan = ma.fields.Integer(required=True)
    share_yuan = ma.fields.Integer(required=True)
    own_yuan = ma.fields.Integer(required=True)
    hindrances = ma.fields.List(ma.fields.String(), required=True)
    because = ma.fields.List(ma.fields.String(), required=True)


class VoucherOffersSchema(ma.Schema):
    """What each scheme would pay of an order's quote. 抵扣方案列表。"""

    order = ma.fields.String(required=True)
    items = ma.fields.List(ma.fields.Nested(VoucherOfferSchema), required=True)
    next = make_next()


class VoucherTotalSchema(ma.Schema):
    """What was drawn of one version, by state, in whole yuan. 合计。"""

    scheme = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    yuan = ma.fields.Dict(required=True)
    count = ma.fields.Dict(required=True)
    drawn_yuan = ma.fields.Integer(required=True)
    budget_left_yuan = ma.fields.Integer(required=True, allow_none=True)


@blueprint.get("/startups/<public_id>/purse")
@operation("vouchers:read", "voucher:purse", subject=find_startup)
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, PurseSchema)
def read_purse(startup: Startup, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What each scheme that stands has for a startup."""
    rows = list_rows(db.session, startup, now())
    part = take_ordered(rows, asked, identify=lambda row: row.scheme.public_id, show=_show_row)
    return {"startup": startup.public_id, **part}


@blueprint.get("/orders/<public_id>/voucher-offers")
@operation("vouchers:read", "voucher:choose", subject=find_order)
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, VoucherOffersSchema)
def list_voucher_offers(order: VerificationOrder, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What each scheme would pay of the quote of an order."""
    offers = list_offers(db.session, order, now())
    part = take_ordered(
        offers, asked, identify=lambda offer: offer.row.scheme.public_id, show=_show_offer
    )
    return {"order": order.public_id, **part}


@blueprint.get("/incubators/<public_id>/voucher-totals")
@operation("vouchers:read", "voucher:desk", subject=find_incubator)
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, show_list(VoucherTotalSchema))
def read_voucher_totals(incubator: Incubator, asked: Mapping[str, Any]) -> dict[str, Any] | Lines:
    """What was drawn of the schemes that an incubator administers, from the records."""
    return list_ordered(
        count_totals(db.session, incubator),
        asked,
        identify=lambda total: total.scheme.public_id,
        show=_show_total,
    )


def _show_total(total: Total) -> dict[str, Any]:
    return {
        "scheme": total.scheme.public_id,
        "title": total.scheme.title,
        "number": total.scheme.number,
        "yuan": {state: total.yuan.get(state, 0) for state in VOUCHER.states},
        "count": {state: total.count.get(state, 0) for state in VOUCHER.states},
        "drawn_yuan": total.drawn_yuan,
        "budget_left_yuan": total.budget_left_yuan,
    }


def _show_findings(eligibility: Eligibility) -> list[dict[str, Any]]:
    return [
        {
            "condition": each.condition.value,
            "verdict": each.verdict.value,
            "gap": each.gap,
        }
        for each in eligibility.findings
    ]


def _show_row(row: PurseRow) -> dict[str, Any]:
    return {
        "scheme": row.scheme.public_id,
        "title": row.scheme.title,
        "state": row.scheme.state,
        "is_unverified": row.scheme.is_unverified,
        "verdict": row.eligibility.verdict.value,
        "findings": _show_findings(row.eligibility),
        "share_bp": row.scheme.share_bp,
        "cap_yuan": row.cap_yuan,
        "taken_yuan": row.taken_yuan,
        "left_yuan": row.left_yuan,
        "budget_left_yuan": row.budget_left_yuan,
        "apply_until": row.apply_until,
        "use_until": row.use_until,
        "claim_until": row.claim_until,
    }


def _show_offer(offer: Offer) -> dict[str, Any]:
    return {
        "row": _show_row(offer.row),
        "fee_yuan": offer.fee_yuan,
        "share_yuan": offer.share_yuan,
        "own_yuan": offer.own_yuan,
        "hindrances": [each.value for each in offer.hindrances],
        "because": list(offer.because),
    }
