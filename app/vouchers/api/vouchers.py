"""Vouchers: listed, read, used, claimed, given back; and what officers decide."""

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma

from app.errors import NotFound
from app.extensions import db
from app.vault.queries.documents import find_document
from app.vouchers.actions import claiming, reserving, reviewing
from app.vouchers.api.room import blueprint
from app.vouchers.queries.vouchers import find_voucher, list_actions, select_known
from app.vouchers.values import UseValues
from app.web.api import operation, show_list
from app.web.api_fields import (
    ApiSchema,
    Day,
    Id,
    Line,
    Listed,
    Moment,
    NothingSchema,
    PageSchema,
    State,
    Text,
    Whole,
)
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.limits import MONEY_LIMIT_YUAN
from models.lifecycle import VOUCHER
from models.vouchers import EVIDENCE_LIMIT, INVOICE_LIMIT, NOTE_LIMIT, REFERENCE_LIMIT, Voucher


class VoucherEvidenceSchema(ma.Schema):
    """A document that was claimed with. 凭证。"""

    document = ma.fields.String(required=True, allow_none=True)
    number = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    sha256 = ma.fields.String(required=True)


class VoucherStepSchema(ma.Schema):
    """What happened when. 留痕。"""

    kind = ma.fields.String(required=True)
    note = ma.fields.String(required=True)
    happened_at = Moment(required=True)


class VoucherSchema(ma.Schema):
    """A part of an order's fee. Whole yuan; `actions` are what one can do now. 创新券。"""

    id = ma.fields.String(required=True)
    scheme = ma.fields.String(required=True)
    startup = ma.fields.String(required=True, allow_none=True)
    order = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True)
    year = ma.fields.Integer(required=True)
    fee_yuan = ma.fields.Integer(required=True)
    reserved_yuan = ma.fields.Integer(required=True)
    amount_yuan = ma.fields.Integer(required=True)
    paid_fee_yuan = ma.fields.Integer(required=True, allow_none=True)
    invoice = ma.fields.String(required=True)
    invoiced_on = ma.fields.Date(required=True, allow_none=True)
    claim_by = ma.fields.Date(required=True)
    report_number = ma.fields.Integer(required=True, allow_none=True)
    report_sha256 = ma.fields.String(required=True)
    report_fell_at = Moment(required=True, allow_none=True)
    held_because = ma.fields.List(ma.fields.String(), required=True)
    reference = ma.fields.String(required=True)
    reserved_at = Moment(required=True)
    claimed_at = Moment(required=True, allow_none=True)
    reviewed_at = Moment(required=True, allow_none=True)
    paid_at = Moment(required=True, allow_none=True)
    evidence = ma.fields.List(ma.fields.Nested(VoucherEvidenceSchema), required=True)
    steps = ma.fields.List(ma.fields.Nested(VoucherStepSchema), required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class VoucherQuerySchema(PageSchema):
    """Which vouchers."""

    state = State(VOUCHER.states, load_default=None)


class VoucherUseSchema(ApiSchema):
    """The invoice for an order, with tax. 发票。"""

    invoice = Line(least=1, most=INVOICE_LIMIT, required=True)
    invoiced_on = Day(required=True)
    paid_fee_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, required=True)


class VoucherClaimSchema(ApiSchema):
    """The evidence: documents of the startup. 凭证文件。"""

    documents = Listed(Id(), least=1, most=EVIDENCE_LIMIT, required=True)


class VoucherReasonSchema(ApiSchema):
    """Why, in words that the startup reads. 原因。"""

    reason = Text(least=1, most=NOTE_LIMIT, required=True)


class VoucherPaymentSchema(ApiSchema):
    """How it was paid. 付款编号。"""

    reference = Line(least=1, most=REFERENCE_LIMIT, required=True)


@blueprint.get("/vouchers")
@operation("vouchers:read", "voucher:list")
@blueprint.arguments(VoucherQuerySchema, location="query")
@blueprint.response(200, show_list(VoucherSchema))
def list_vouchers(asked: Mapping[str, Any]) -> Shown | Lines:
    """The vouchers of the startups for which one acts, and of schemes that one administers."""
    return _list(asked)


@blueprint.get("/vouchers/<public_id>")
@operation("vouchers:read", "voucher:view", subject=find_voucher)
@blueprint.response(200, VoucherSchema)
def read_voucher(voucher: Voucher) -> dict[str, Any]:
    """One voucher with its evidence and its story."""
    return show_voucher(voucher)


@blueprint.post("/vouchers/<public_id>/use")
@operation("vouchers:write", "voucher:use", subject=find_voucher)
@once(needs_key=False)
@blueprint.arguments(VoucherUseSchema)
@blueprint.response(200, VoucherSchema)
def use_voucher(voucher: Voucher, body: Mapping[str, Any]) -> dict[str, Any]:
    """The report is there and the invoice paid."""
    return _take(voucher, claiming.use_voucher, values=UseValues(**body))


@blueprint.post("/vouchers/<public_id>/claim")
@operation("vouchers:write", "voucher:use", subject=find_voucher)
@once(needs_key=False)
@blueprint.arguments(VoucherClaimSchema)
@blueprint.response(200, VoucherSchema)
def claim_voucher(voucher: Voucher, body: Mapping[str, Any]) -> dict[str, Any]:
    """Claim it with evidence, which the officers may open."""
    documents = []
    for public_id in dict.fromkeys(body["documents"]):
        document = find_document(db.session, public_id)
        if document is None or document.startup_id != voucher.startup_id:
            raise NotFound
        documents.append(document)
    return _take(voucher, claiming.claim_voucher, documents=documents)


@blueprint.post("/vouchers/<public_id>/release")
@operation("vouchers:write", "voucher:release", subject=find_voucher)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, VoucherSchema)
def release_voucher(voucher: Voucher, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give it back before it is claimed."""
    return _take(voucher, reserving.release_voucher, reason="")


@blueprint.post("/vouchers/<public_id>/allow")
@operation("vouchers:write", "voucher:review", subject=find_voucher)
@once(needs_key=False)
@blueprint.arguments(VoucherReasonSchema)
@blueprint.response(200, VoucherSchema)
def allow_voucher(voucher: Voucher, body: Mapping[str, Any]) -> dict[str, Any]:
    """Let a held claim go on, with words."""
    return _take(voucher, reviewing.allow_voucher, reason=body["reason"])


@blueprint.post("/vouchers/<public_id>/return")
@operation("vouchers:write", "voucher:review", subject=find_voucher)
@once(needs_key=False)
@blueprint.arguments(VoucherReasonSchema)
@blueprint.response(200, VoucherSchema)
def return_voucher(voucher: Voucher, body: Mapping[str, Any]) -> dict[str, Any]:
    """Something is missing."""
    return _take(voucher, reviewing.return_voucher, reason=body["reason"])


@blueprint.post("/vouchers/<public_id>/accept")
@operation("vouchers:write", "voucher:review", subject=find_voucher)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, VoucherSchema)
def accept_voucher(voucher: Voucher, body: Mapping[str, Any]) -> dict[str, Any]:
    """The claim is right, and is to be paid."""
    return _take(voucher, reviewing.accept_voucher)


@blueprint.post("/vouchers/<public_id>/refuse")
@operation("vouchers:write", "voucher:review", subject=find_voucher)
@once(needs_key=False)
@blueprint.arguments(VoucherReasonSchema)
@blueprint.response(200, VoucherSchema)
def refuse_voucher(voucher: Voucher, body: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing is paid."""
    return _take(voucher, reviewing.refuse_voucher, reason=body["reason"])


@blueprint.post("/vouchers/<public_id>/pay")
@operation("vouchers:write", "voucher:pay", subject=find_voucher)
@once(needs_key=False)
@blueprint.arguments(VoucherPaymentSchema)
@blueprint.response(200, VoucherSchema)
def pay_voucher(voucher: Voucher, body: Mapping[str, Any]) -> dict[str, Any]:
    """The money has gone."""
    return _take(voucher, reviewing.pay_voucher, reference=body["reference"])


@blueprint.post("/vouchers/<public_id>/recover")
@operation("vouchers:write", "voucher:pay", subject=find_voucher)
@once(needs_key=False)
@blueprint.arguments(VoucherReasonSchema)
@blueprint.response(200, VoucherSchema)
def recover_voucher(voucher: Voucher, body: Mapping[str, Any]) -> dict[str, Any]:
    """The money has come back."""
    return _take(voucher, reviewing.recover_voucher, reason=body["reason"])


def _list(asked: Mapping[str, Any]) -> Shown | Lines:
    query = select_known(get_current_actor())
    if asked["state"] is not None:
        query = query.where(Voucher.state == asked["state"])
    return list_rows(query, asked, moment=Voucher.reserved_at, key=Voucher.id, show=show_voucher)


def _take(voucher: Voucher, action: Callable[..., object], **values: Any) -> dict[str, Any]:
    carry_out(action, voucher=voucher, **values)
    return show_voucher(voucher)


def show_voucher(voucher: Voucher) -> dict[str, Any]:
    """A voucher as programs read it."""
    copied = (
        "state",
        "year",
        "fee_yuan",
        "reserved_yuan",
        "amount_yuan",
        "paid_fee_yuan",
        "invoice",
        "invoiced_on",
        "claim_by",
        "report_number",
        "report_sha256",
        "report_fell_at",
        "reference",
        "reserved_at",
        "claimed_at",
        "reviewed_at",
        "paid_at",
    )
    return {name: getattr(voucher, name) for name in copied} | {
        "id": voucher.public_id,
        "scheme": voucher.scheme.public_id,
        "startup": None if voucher.startup is None else voucher.startup.public_id,
        "order": None if voucher.order is None else voucher.order.public_id,
        "held_because": list(voucher.held_because),
        "evidence": [
            {
                "document": None if each.document is None else each.document.public_id,
                "number": each.document_number,
                "kind": each.kind.value,
                "sha256": each.sha256,
            }
            for each in voucher.evidence
        ],
        "steps": [
            {"kind": step.kind, "note": step.note, "happened_at": step.happened_at}
            for step in voucher.steps
        ],
        "actions": sorted(list_actions(get_current_actor(), voucher)),
    }
