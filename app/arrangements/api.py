"""Arrangements for programs. Offers, consents and ends ask for the password: pages' alone."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import marshmallow as ma
from flask import Response, url_for
from flask.typing import ResponseReturnValue

from app.arrangements.actions import agreeing, ending
from app.arrangements.queries import find_arrangement, select_own, view_arrangement
from app.arrangements.values import (
    TERMS,
    ArrangementValues,
    TrancheValues,
    find_answer_day,
    read_arrangement,
)
from app.clock import now, today
from app.engagements.queries import find_engagement
from app.web.api import (
    VERSION_PATH,
    ApiBlueprint,
    changes_version,
    operation,
    show_list,
)
from app.web.api_body import refuse_field
from app.web.api_fields import (
    ApiSchema,
    Code,
    Day,
    Flag,
    Line,
    Moment,
    NothingSchema,
    PageSchema,
    State,
    Text,
    Whole,
)
from app.web.api_versions import ETAG, Versions
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.limits import MONEY_LIMIT_YUAN
from models.arrangement_states import ARRANGEMENT
from models.arrangements import (
    ARRANGEMENT_WORDS_LIMIT,
    PARTNER_LIMIT,
    REASON_LIMIT,
    TRANCHES_LIMIT,
    WHOLE_BP,
    Arrangement,
)
from models.engagements import Engagement
from models.vocabulary import Gate, Instrument

blueprint = ApiBlueprint(
    "arrangements_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="In which form a fund's money comes. 投资安排。",
)


def _share() -> Whole:
    return Whole(low=1, high=WHOLE_BP, allow_none=True)


class TrancheValuesSchema(ApiSchema):
    """A part of the money; without a gate it can be paid once both have agreed. 分期。"""

    amount_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, required=True)
    gate = Code(Gate, load_default=None, allow_none=True)


class ArrangementChangeSchema(ApiSchema):
    """What of a draft is to be changed. Shares and rates in basis points. 安排草稿的更改。"""

    form = Code(Instrument)
    tranches = ma.fields.List(
        ma.fields.Nested(TrancheValuesSchema),
        validate=ma.validate.Length(1, TRANCHES_LIMIT),
    )
    words = Text(least=1, most=ARRANGEMENT_WORDS_LIMIT)
    partner = Line(most=PARTNER_LIMIT)
    trigger_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, allow_none=True)
    due_on = Day(allow_none=True)
    converts_when_due = Flag()
    holding_bp = _share()
    discount_bp = _share()
    yearly_bp = _share()
    bank_bp = _share()
    fund_bp = _share()
    guarantor_bp = _share()
    fee_bp = _share()


class ArrangementValuesSchema(ArrangementChangeSchema):
    """What an arrangement says. Shares and rates in basis points. 安排内容。"""

    form = Code(Instrument, required=True)
    tranches = ma.fields.List(
        ma.fields.Nested(TrancheValuesSchema),
        required=True,
        validate=ma.validate.Length(1, TRANCHES_LIMIT),
    )
    words = Text(least=1, most=ARRANGEMENT_WORDS_LIMIT, required=True)


class ArrangementReasonSchema(ApiSchema):
    """Why an offer is declined, or an end refused. 原因。"""

    words = Text(least=1, most=REASON_LIMIT, required=True)


class TranchePaymentSchema(ApiSchema):
    """Which tranche was paid, by its number, and on which day. 付款的分期与日期。"""

    tranche = Whole(low=1, high=TRANCHES_LIMIT, required=True)
    paid_on = Day(required=True)


class ArrangementQuerySchema(PageSchema):
    """Which arrangements."""

    state = State(ARRANGEMENT.states, load_default=None)


class TrancheSchema(ma.Schema):
    """A part of the money, and how far it is. 分期。"""

    number = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    amount_yuan = ma.fields.Integer(required=True)
    gate = ma.fields.String(required=True, allow_none=True)
    released_at = Moment(required=True, allow_none=True)
    paid_on = ma.fields.Date(required=True, allow_none=True)
    fell_at = Moment(required=True, allow_none=True)


class ArrangementEndSchema(ma.Schema):
    """How it ends, as one side proposes it, or how it ended. 退出或转股。"""

    outcome = ma.fields.String(required=True)
    side = ma.fields.String(required=True, allow_none=True)
    valuation_yuan = ma.fields.Integer(required=True, allow_none=True)
    holding_bp = ma.fields.Integer(required=True, allow_none=True)
    repaid_yuan = ma.fields.Integer(required=True, allow_none=True)
    words = ma.fields.String(required=True)


class ArrangementSchema(ma.Schema):
    """In which form the money of one fund comes. 投资安排。

    `answer_by` is the last day for an answer to the offer or the end, null where nobody is asked.
    Offering it, agreeing and ending it are done on its page, which asks for the password.
    发出、同意与结束须在页面上再次输入密码。
    """

    id = ma.fields.String(required=True)
    engagement = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    form = ma.fields.String(required=True)
    amount_yuan = ma.fields.Integer(required=True)
    paid_yuan = ma.fields.Integer(required=True)
    tranches = ma.fields.List(ma.fields.Nested(TrancheSchema), required=True)
    words = ma.fields.String(required=True)
    partner = ma.fields.String(required=True)
    trigger_yuan = ma.fields.Integer(required=True, allow_none=True)
    due_on = ma.fields.Date(required=True, allow_none=True)
    converts_when_due = ma.fields.Boolean(required=True)
    holding_bp = ma.fields.Integer(required=True, allow_none=True)
    discount_bp = ma.fields.Integer(required=True, allow_none=True)
    yearly_bp = ma.fields.Integer(required=True, allow_none=True)
    bank_bp = ma.fields.Integer(required=True, allow_none=True)
    fund_bp = ma.fields.Integer(required=True, allow_none=True)
    guarantor_bp = ma.fields.Integer(required=True, allow_none=True)
    fee_bp = ma.fields.Integer(required=True, allow_none=True)
    offered_at = Moment(required=True, allow_none=True)
    answer_by = ma.fields.Date(required=True, allow_none=True)
    agreed_at = Moment(required=True, allow_none=True)
    triggered_at = Moment(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)
    end = ma.fields.Nested(ArrangementEndSchema, required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


@blueprint.get("/arrangements")
@operation("financings:read", "arrangement:list")
@blueprint.arguments(ArrangementQuerySchema, location="query")
@blueprint.response(200, show_list(ArrangementSchema))
def list_arrangements(asked: Mapping[str, Any]) -> Shown | Lines:
    """The arrangements of one's startups and funds, the newest first."""
    query = select_own(get_current_actor())
    if asked["state"] is not None:
        query = query.where(Arrangement.state == asked["state"])
    return list_rows(query, asked, moment=Arrangement.created_at, key=Arrangement.id, show=_show)


@blueprint.post("/engagements/<public_id>/arrangements")
@operation("financings:write", "arrangement:draft", subject=find_engagement)
@once()
@blueprint.arguments(ArrangementValuesSchema)
@blueprint.response(201, ArrangementSchema, headers=ETAG)
def draft_arrangement(engagement: Engagement, body: Mapping[str, Any]) -> ResponseReturnValue:
    """A fund sets down how its money would come; the startup sees nothing of it yet."""
    values = ArrangementValues(**_read(body))
    _check(values)
    arrangement = carry_out(agreeing.draft_arrangement, engagement=engagement, values=values)
    path = url_for("arrangements_api.read_one_arrangement", public_id=arrangement.public_id)
    return _VERSIONS.answer(arrangement, 201), 201, {"Location": path}


@blueprint.get("/arrangements/<public_id>")
@operation("financings:read", "arrangement:view", subject=find_arrangement)
@blueprint.response(200, ArrangementSchema, headers=ETAG)
def read_one_arrangement(arrangement: Arrangement) -> Response:
    """One arrangement with its tranches."""
    return _VERSIONS.answer(arrangement)


@blueprint.patch("/arrangements/<public_id>")
@operation("financings:write", "arrangement:edit", subject=find_arrangement, refusals=(409,))
@changes_version
@blueprint.arguments(ArrangementChangeSchema)
@blueprint.response(200, ArrangementSchema, headers=ETAG)
def change_arrangement(arrangement: Arrangement, body: Mapping[str, Any]) -> Response:
    """Change what a draft says: only what is given; tranches are given whole."""
    with _VERSIONS.changing(arrangement) as version:
        values = replace(read_arrangement(arrangement), **_read(body))
        _check(values)
        carry_out(
            agreeing.edit_arrangement, arrangement=arrangement, values=values, version=version
        )
    return _VERSIONS.answer(arrangement)


@blueprint.post("/arrangements/<public_id>/discard")
@operation("financings:write", "arrangement:edit", subject=find_arrangement)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, NothingSchema)
def discard_arrangement(arrangement: Arrangement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The draft is gone."""
    carry_out(agreeing.discard_arrangement, arrangement=arrangement)
    return {}


@blueprint.post("/arrangements/<public_id>/take-back")
@operation("financings:write", "arrangement:edit", subject=find_arrangement)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ArrangementSchema, headers=ETAG)
def take_back_offer(arrangement: Arrangement, body: Mapping[str, Any]) -> Response:
    """An offer that nobody has agreed to is a draft again."""
    return _take(arrangement, agreeing.take_back_offer)


@blueprint.post("/arrangements/<public_id>/decline")
@operation("financings:write", "arrangement:decline", subject=find_arrangement)
@once(needs_key=False)
@blueprint.arguments(ArrangementReasonSchema)
@blueprint.response(200, ArrangementSchema, headers=ETAG)
def decline_arrangement(arrangement: Arrangement, body: Mapping[str, Any]) -> Response:
    """The startup does not agree, and says why."""
    return _take(arrangement, agreeing.decline_arrangement, words=body["words"])


@blueprint.post("/arrangements/<public_id>/pay")
@operation("financings:write", "arrangement:pay", subject=find_arrangement)
@once(needs_key=False)
@blueprint.arguments(TranchePaymentSchema)
@blueprint.response(200, ArrangementSchema, headers=ETAG)
def pay_tranche(arrangement: Arrangement, body: Mapping[str, Any]) -> Response:
    """The fund has paid a tranche whose gate is verified now."""
    return _take(arrangement, ending.pay_tranche, number=body["tranche"], paid_on=body["paid_on"])


@blueprint.post("/arrangements/<public_id>/end/refuse")
@operation("financings:write", "arrangement:refuse_end", subject=find_arrangement)
@once(needs_key=False)
@blueprint.arguments(ArrangementReasonSchema)
@blueprint.response(200, ArrangementSchema, headers=ETAG)
def refuse_end(arrangement: Arrangement, body: Mapping[str, Any]) -> Response:
    """The side that was asked does not agree to the end, and says why."""
    return _take(arrangement, ending.refuse_end, words=body["words"])


@blueprint.post("/arrangements/<public_id>/end/withdraw")
@operation("financings:write", "arrangement:refuse_end", subject=find_arrangement)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ArrangementSchema, headers=ETAG)
def withdraw_end(arrangement: Arrangement, body: Mapping[str, Any]) -> Response:
    """The side that proposed the end does so no longer."""
    return _take(arrangement, ending.withdraw_end)


def _read(body: Mapping[str, Any]) -> dict[str, Any]:
    said = dict(body)
    if "tranches" in said:
        said["tranches"] = tuple(TrancheValues(**each) for each in said["tranches"])
    return said


def _check(values: ArrangementValues) -> None:
    """Raise FieldsInvalid for the first field for which it cannot be offered."""
    problem = values.find_problem(today(now()))
    if problem is not None:
        refuse_field(f"/{problem.field}", str(problem.sentence))


def _take(arrangement: Arrangement, action: Callable[..., object], **values: object) -> Response:
    carry_out(action, arrangement=arrangement, **values)
    return _VERSIONS.answer(arrangement)


def _show(arrangement: Arrangement) -> dict[str, Any]:
    view = view_arrangement(arrangement, get_current_actor(), now())
    said = {name: getattr(arrangement, name) for name in ("words", *TERMS)}
    end = None
    if arrangement.end_outcome is not None:
        end = {
            "outcome": arrangement.end_outcome.value,
            "side": None if arrangement.end_side is None else arrangement.end_side.value,
            "valuation_yuan": arrangement.end_valuation_yuan,
            "holding_bp": arrangement.end_holding_bp,
            "repaid_yuan": arrangement.end_repaid_yuan,
            "words": arrangement.end_words,
        }
    return said | {
        "id": arrangement.public_id,
        "engagement": arrangement.engagement.public_id,
        "state": arrangement.state,
        "form": arrangement.form.value,
        "amount_yuan": arrangement.amount_yuan,
        "paid_yuan": arrangement.paid_yuan,
        "tranches": [
            {
                "number": each.number,
                "state": each.state,
                "amount_yuan": each.amount_yuan,
                "gate": None if each.gate is None else each.gate.value,
                "released_at": each.released_at,
                "paid_on": each.paid_on,
                "fell_at": each.fell_at,
            }
            for each in arrangement.tranches
        ],
        "offered_at": arrangement.offered_at,
        "answer_by": find_answer_day(arrangement),
        "agreed_at": arrangement.agreed_at,
        "triggered_at": arrangement.triggered_at,
        "ended_at": arrangement.ended_at,
        "end": end,
        "actions": sorted(view.actions),
    }


_VERSIONS = Versions(ArrangementSchema, find_arrangement, _show)
