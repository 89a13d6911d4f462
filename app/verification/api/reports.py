"""Reports: published, disputed, upheld, tested again, invalidated; orders settled."""

from collections.abc import Mapping
from typing import Any

from app.errors import NotFound
from app.extensions import db
from app.vault.queries.documents import find_document
from app.verification.actions import reporting
from app.verification.api.orders import OrderReasonSchema
from app.verification.api.room import OrderSchema, blueprint, take
from app.verification.queries.orders import find_order
from app.web.api import operation
from app.web.api_fields import ApiSchema, Day, Id, Line
from app.web.repeats import once
from models.verification import INVOICE_LIMIT, VerificationOrder


class ReportValuesSchema(ApiSchema):
    """Which document of the centre says the result, and until when it counts. 报告文件与有效期。"""

    document = Id(required=True)
    valid_until = Day(load_default=None, allow_none=True)


class InvoiceSchema(ApiSchema):
    """By which invoice the order was settled. 发票号。"""

    invoice = Line(least=1, most=INVOICE_LIMIT, required=True)


@blueprint.post("/orders/<public_id>/reports")
@operation("orders:write", "order:report", subject=find_order)
@once()
@blueprint.arguments(ReportValuesSchema)
@blueprint.response(200, OrderSchema)
def publish_report(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """The verified result stands in a document; facts and mandates follow it."""
    document = find_document(db.session, body["document"])
    if document is None or document.provider_id != order.engagement.provider_id:
        raise NotFound
    return take(order, reporting.publish_report, document=document, valid_until=body["valid_until"])


@blueprint.post("/orders/<public_id>/reports/dispute")
@operation("orders:write", "order:dispute", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(OrderReasonSchema)
@blueprint.response(200, OrderSchema)
def dispute_report(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """The startup does not agree; the report stands until the centre has decided."""
    return take(order, reporting.dispute_report, reason=body["reason"])


@blueprint.post("/orders/<public_id>/reports/uphold")
@operation("orders:write", "order:report", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(OrderReasonSchema)
@blueprint.response(200, OrderSchema)
def uphold_report(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """The centre stands by a disputed report."""
    return take(order, reporting.uphold_report, reason=body["reason"])


@blueprint.post("/orders/<public_id>/reports/retest")
@operation("orders:write", "order:report", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(OrderReasonSchema)
@blueprint.response(200, OrderSchema)
def retest_order(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """It is measured again; a report that stands gives way at once."""
    return take(order, reporting.retest_order, reason=body["reason"])


@blueprint.post("/orders/<public_id>/reports/invalidate")
@operation("orders:write", "order:report", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(OrderReasonSchema)
@blueprint.response(200, OrderSchema)
def invalidate_report(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """The report was wrong; what rests on it is withdrawn, and all concerned are told."""
    return take(order, reporting.invalidate_report, reason=body["reason"])


@blueprint.post("/orders/<public_id>/settle")
@operation("orders:write", "order:report", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(InvoiceSchema)
@blueprint.response(200, OrderSchema)
def settle_order(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """The invoice is paid, and nothing is open."""
    return take(order, reporting.settle_order, invoice=body["invoice"])
