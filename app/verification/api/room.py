"""The part of the API that this room has, and how its things are shown."""

from collections.abc import Callable
from typing import Any

import marshmallow as ma

from app.engagements.api.included import EngagementRowSchema
from app.extensions import db
from app.profiles.api.providers import ProviderSummarySchema
from app.profiles.api.startups import StartupSchema
from app.verification.queries.orders import OrderView, view_order
from app.verification.standing import find_answer_day
from app.web.api import VERSION_PATH, ApiBlueprint
from app.web.api_fields import Moment
from app.web.identity import get_current_actor
from app.web.steps import carry_out
from models.verification import Claim, VerificationOrder, VerificationQuote

blueprint = ApiBlueprint(
    "verification_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Claims, orders at centres, results and reports. 指标、委托、结果与报告。",
)


class ClaimSchema(ma.Schema):
    """A claim; measures are decimals written as text. 待证指标。"""

    id = ma.fields.String(required=True)
    startup = ma.fields.String(required=True)
    need = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True)
    metric = ma.fields.String(required=True)
    comparator = ma.fields.String(required=True)
    low = ma.fields.String(required=True, allow_none=True)
    high = ma.fields.String(required=True, allow_none=True)
    unit = ma.fields.String(required=True)
    conditions = ma.fields.String(required=True)
    gate = ma.fields.String(required=True, allow_none=True)
    scale = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)
    is_released = ma.fields.Boolean(required=True)
    created_at = Moment(required=True)
    version = ma.fields.Integer(required=True)


class QuoteSchema(ma.Schema):
    """A plan with price and the six heads of terms. 方案与报价。"""

    number = ma.fields.Integer(required=True)
    service_name = ma.fields.String(required=True)
    method = ma.fields.String(required=True)
    standard = ma.fields.String(required=True)
    sample_spec = ma.fields.String(required=True)
    pass_rule = ma.fields.String(required=True)
    price_yuan = ma.fields.Integer(required=True)
    lead_days = ma.fields.Integer(required=True)
    valid_until = ma.fields.Date(required=True)
    service_terms = ma.fields.String(required=True)
    property_terms = ma.fields.String(required=True)
    secrecy_terms = ma.fields.String(required=True)
    damages_terms = ma.fields.String(required=True)
    breach_terms = ma.fields.String(required=True)
    dispute_terms = ma.fields.String(required=True)
    offered_at = Moment(required=True)
    accepted_at = Moment(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)


class SampleSchema(ma.Schema):
    """A sample under its code. 样品。"""

    code = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    sent_at = Moment(required=True)
    changed_at = Moment(required=True)


class ResultSchema(ma.Schema):
    """What was measured. 检测结果。"""

    number = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    verdict = ma.fields.String(required=True)
    measured = ma.fields.String(required=True, allow_none=True)
    uncertainty = ma.fields.String(required=True)
    measured_on = ma.fields.Date(required=True)
    passes_gate = ma.fields.Boolean(required=True)
    readiness = ma.fields.Integer(required=True, allow_none=True)
    note = ma.fields.String(required=True)


class ReportSchema(ma.Schema):
    """A published result with its file. 检测报告。"""

    number = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    result = ma.fields.Integer(required=True)
    document = ma.fields.String(required=True, allow_none=True)
    document_number = ma.fields.Integer(required=True)
    sha256 = ma.fields.String(required=True)
    valid_until = ma.fields.Date(required=True, allow_none=True)
    published_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)


class StepSchema(ma.Schema):
    """Who did what; `sample` is a code. 留痕。"""

    kind = ma.fields.String(required=True)
    side = ma.fields.String(required=True, allow_none=True)
    sample = ma.fields.String(required=True, allow_none=True)
    note = ma.fields.String(required=True)
    happened_at = Moment(required=True)


class OrderIncludedSchema(ma.Schema):
    """What belongs to an order; null for what the person of the token may not see. 随附内容。"""

    engagement = ma.fields.Nested(EngagementRowSchema)
    startup = ma.fields.Nested(StartupSchema, allow_none=True)
    centre = ma.fields.Nested(ProviderSummarySchema, allow_none=True)


class OrderSchema(ma.Schema):
    """An order as one side sees it; `actions` are what that side can do now. 委托。

    `answer_by` is the last day for a quote, or for an answer to it; null where neither is asked.
    """

    id = ma.fields.String(required=True)
    engagement = ma.fields.String(required=True)
    startup = ma.fields.String(required=True)
    centre = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    side = ma.fields.String(required=True)
    claim = ma.fields.Nested(ClaimSchema, required=True)
    quotes = ma.fields.List(ma.fields.Nested(QuoteSchema), required=True)
    samples = ma.fields.List(ma.fields.Nested(SampleSchema), required=True)
    results = ma.fields.List(ma.fields.Nested(ResultSchema), required=True)
    reports = ma.fields.List(ma.fields.Nested(ReportSchema), required=True)
    steps = ma.fields.List(ma.fields.Nested(StepSchema), required=True)
    invoice = ma.fields.String(required=True)
    asked_at = Moment(required=True)
    changed_at = Moment(required=True)
    answer_by = ma.fields.Date(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)
    included = ma.fields.Nested(OrderIncludedSchema)


def take(order: VerificationOrder, action: Callable[..., object], **values: Any) -> dict[str, Any]:
    """What an order is after a step."""
    carry_out(action, order=order, **values)
    return show_order(order)


def show_claim(claim: Claim) -> dict[str, Any]:
    """A claim as programs read it."""
    return {
        "id": claim.public_id,
        "startup": claim.startup.public_id,
        "need": None if claim.need is None else claim.need.public_id,
        "state": claim.state,
        "metric": claim.metric,
        "comparator": claim.comparator.value,
        "low": None if claim.low is None else f"{claim.low:f}",
        "high": None if claim.high is None else f"{claim.high:f}",
        "unit": claim.unit,
        "conditions": claim.conditions,
        "gate": None if claim.gate is None else claim.gate.value,
        "scale": claim.scale.value,
        "sentence": claim.sentence,
        "is_released": claim.is_released,
        "created_at": claim.created_at,
        "version": claim.version,
    }


def show_order(order: VerificationOrder) -> dict[str, Any]:
    """An order as the side that looks at it reads it."""
    view = view_order(db.session, order, get_current_actor())
    engagement = order.engagement
    claim = show_claim(order.claim)
    if view.is_centre:
        # Whom else the startup lets see it, and for which need, is the startup's own.
        claim |= {"is_released": False, "need": None}
    return {
        "id": order.public_id,
        "engagement": engagement.public_id,
        "startup": engagement.startup.public_id,
        "centre": engagement.provider.public_id,
        "state": order.state,
        "side": view.side.value,
        "claim": claim,
        "quotes": [_show_quote(quote) for quote in order.quotes],
        "samples": [
            {
                "code": sample.code,
                "state": sample.state,
                "description": sample.description,
                "sent_at": sample.sent_at,
                "changed_at": sample.changed_at,
            }
            for sample in order.samples
        ],
        "results": _show_results(view),
        "reports": _show_reports(view),
        "steps": _show_steps(view),
        "invoice": order.invoice,
        "asked_at": order.asked_at,
        "changed_at": order.changed_at,
        "answer_by": find_answer_day(order),
        "actions": sorted(view.actions),
    }


def _show_quote(quote: VerificationQuote) -> dict[str, Any]:
    return {name: getattr(quote, name) for name in QuoteSchema().fields}


def _show_results(view: OrderView) -> list[dict[str, Any]]:
    return [
        {
            "number": result.number,
            "state": result.state,
            "verdict": result.verdict.value,
            "measured": None if result.measured is None else f"{result.measured:f}",
            "uncertainty": result.uncertainty,
            "measured_on": result.measured_on,
            "passes_gate": result.passes_gate,
            "readiness": result.readiness,
            "note": result.note,
        }
        for result in view.results
    ]


def _show_reports(view: OrderView) -> list[dict[str, Any]]:
    return [
        {
            "number": report.number,
            "state": report.state,
            "result": report.result.number,
            "document": None if report.document is None else report.document.public_id,
            "document_number": report.document_number,
            "sha256": report.sha256,
            "valid_until": report.valid_until,
            "published_at": report.published_at,
            "ended_at": report.ended_at,
        }
        for report in view.reports
    ]


def _show_steps(view: OrderView) -> list[dict[str, Any]]:
    codes = {sample.id: sample.code for sample in view.order.samples}
    return [
        {
            "kind": step.kind,
            "side": None if step.side is None else step.side.value,
            "sample": None if step.sample_id is None else codes.get(step.sample_id),
            "note": step.note,
            "happened_at": step.happened_at,
        }
        for step in view.steps
    ]
