"""Commissioners: listed, offered, applying, answered, ended; how many, and cases in counts."""

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma
from sqlalchemy import Select

from app.access import is_permitted
from app.clock import now
from app.commissioners.actions import appointing
from app.commissioners.api.room import blueprint
from app.commissioners.queries.cares import count_cases
from app.commissioners.queries.commissioners import (
    find_commissioner,
    read_quotas,
    select_known,
    select_of_incubator,
)
from app.commissioners.values import CommissionerValues, find_answer_day, is_too_late
from app.extensions import db
from app.pools.queries import find_incubator
from app.web.api import operation, show_list
from app.web.api_fields import (
    ApiSchema,
    Code,
    Day,
    Line,
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
from models.commissioner_codes import CommissionerKind
from models.commissioner_states import COMMISSIONER
from models.commissioners import (
    CONTACT_LIMIT,
    INSTITUTION_LIMIT,
    MOST_COMPANIES,
    MOST_OF_A_KIND,
    PERSON_NAME_LIMIT,
    WORDS_LIMIT,
    Commissioner,
)
from models.organisations import Incubator


class CommissionerSchema(ma.Schema):
    """Somebody of an institution. `contact` and words: for the two sides alone. 特派员。

    `answer_by` is the last day for an answer, null where nobody is asked.
    """

    id = ma.fields.String(required=True)
    incubator = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    institution = ma.fields.String(required=True)
    contact = ma.fields.String(required=True)
    has_account = ma.fields.Boolean(required=True)
    words = ma.fields.String(required=True)
    end_words = ma.fields.String(required=True)
    last_day = ma.fields.Date(required=True, allow_none=True)
    answer_by = ma.fields.Date(required=True, allow_none=True)
    most_companies = ma.fields.Integer(required=True, allow_none=True)
    created_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class CommissionerQuerySchema(PageSchema):
    """Which commissioners."""

    state = State(COMMISSIONER.states, load_default=None)


class ApplicationSchema(ApiSchema):
    """Whoever would be a commissioner. 申请。"""

    kind = Code(CommissionerKind, required=True)
    institution = Line(least=1, most=INSTITUTION_LIMIT, required=True)
    words = Text(most=WORDS_LIMIT, load_default="")
    last_day = Day(allow_none=True, load_default=None)
    most_companies = Whole(low=1, high=MOST_COMPANIES, allow_none=True, load_default=None)


class CommissionerOfferSchema(ApplicationSchema):
    """Who is asked to be one. 邀请。"""

    name = Line(least=1, most=PERSON_NAME_LIMIT, required=True)
    email = Line(least=3, most=CONTACT_LIMIT, required=True)


class CommissionerReasonSchema(ApiSchema):
    """Why, in words that the other side reads. 原因。"""

    reason = Text(least=1, most=WORDS_LIMIT, required=True)


class CompanyLimitSchema(ApiSchema):
    """How many companies one takes; null: no limit. 服务企业数量上限。"""

    most_companies = Whole(low=1, high=MOST_COMPANIES, allow_none=True, required=True)


class QuotaSchema(ApiSchema):
    """How many of a kind there are at most; null: no limit. 名额。"""

    kind = Code(CommissionerKind, required=True)
    most = Whole(low=0, high=MOST_OF_A_KIND, allow_none=True, required=True)


class QuotasSchema(ma.Schema):
    """Of every kind. 各类名额。"""

    items = ma.fields.List(ma.fields.Nested(QuotaSchema), required=True)


class CaseCountSchema(ma.Schema):
    """Cases of one form of money in each state; `resting`: no step for 30 days. 事项计数。

    `obtained_yuan` is null where it would tell what one company has got.
    """

    kind = ma.fields.String(required=True)
    open = ma.fields.Integer(required=True)
    in_progress = ma.fields.Integer(required=True)
    done = ma.fields.Integer(required=True)
    closed = ma.fields.Integer(required=True)
    resting = ma.fields.Integer(required=True)
    obtained_yuan = ma.fields.Integer(required=True, allow_none=True)


class CaseCountsSchema(ma.Schema):
    """Where money stalls. 资金堵点。"""

    items = ma.fields.List(ma.fields.Nested(CaseCountSchema), required=True)


@blueprint.get("/commissioners")
@operation("commissioners:read", "commissioner:list")
@blueprint.arguments(CommissionerQuerySchema, location="query")
@blueprint.response(200, show_list(CommissionerSchema))
def list_known_commissioners(asked: Mapping[str, Any]) -> Shown | Lines:
    """One's own appointments, those of incubators one operates, and whom one's startups may ask."""
    return _list(select_known(get_current_actor()), asked)


@blueprint.get("/incubators/<public_id>/commissioners")
@operation("commissioners:read", "commissioner:keep", subject=find_incubator)
@blueprint.arguments(CommissionerQuerySchema, location="query")
@blueprint.response(200, show_list(CommissionerSchema))
def list_commissioners(incubator: Incubator, asked: Mapping[str, Any]) -> Shown | Lines:
    """Everybody who is, was or is asked to be a commissioner of an incubator."""
    return _list(select_of_incubator(incubator), asked)


@blueprint.post("/incubators/<public_id>/commissioners")
@operation("commissioners:write", "commissioner:offer", subject=find_incubator)
@once()
@blueprint.arguments(CommissionerOfferSchema)
@blueprint.response(201, CommissionerSchema)
def offer_commissioner(incubator: Incubator, body: Mapping[str, Any]) -> dict[str, Any]:
    """Ask somebody, who has to accept."""
    said = dict(body)
    name, email = said.pop("name"), said.pop("email")
    commissioner = carry_out(
        appointing.offer_commissioner,
        incubator=incubator,
        name=name,
        email=email,
        values=CommissionerValues(**said),
    )
    return show_commissioner(commissioner)


@blueprint.post("/incubators/<public_id>/commissioner-applications")
@operation("commissioners:write", "commissioner:apply", subject=find_incubator)
@once()
@blueprint.arguments(ApplicationSchema)
@blueprint.response(201, CommissionerSchema)
def apply_as_commissioner(incubator: Incubator, body: Mapping[str, Any]) -> dict[str, Any]:
    """Ask an incubator, which has to accept."""
    commissioner = carry_out(
        appointing.apply_as_commissioner, incubator=incubator, values=CommissionerValues(**body)
    )
    return show_commissioner(commissioner)


@blueprint.get("/incubators/<public_id>/commissioner-quotas")
@operation("commissioners:read", "commissioner:keep", subject=find_incubator)
@blueprint.response(200, QuotasSchema)
def read_commissioner_quotas(incubator: Incubator) -> dict[str, Any]:
    """How many of each kind there are at most."""
    quotas = read_quotas(db.session, incubator)
    return {"items": [{"kind": kind, "most": most} for kind, most in quotas.items()]}


@blueprint.post("/incubators/<public_id>/commissioner-quotas")
@operation("commissioners:write", "commissioner:limit", subject=find_incubator)
@once(needs_key=False)
@blueprint.arguments(QuotaSchema)
@blueprint.response(200, QuotasSchema)
def set_commissioner_quota(incubator: Incubator, body: Mapping[str, Any]) -> dict[str, Any]:
    """So many of one kind at most; those who stand stay."""
    carry_out(appointing.set_quotas, incubator=incubator, quotas={body["kind"]: body["most"]})
    quotas = read_quotas(db.session, incubator)
    return {"items": [{"kind": kind, "most": most} for kind, most in quotas.items()]}


@blueprint.get("/incubators/<public_id>/case-counts")
@operation("commissioners:read", "commissioner:keep", subject=find_incubator)
@blueprint.response(200, CaseCountsSchema)
def read_case_counts(incubator: Incubator) -> dict[str, Any]:
    """Where money stalls, in counts: no case itself."""
    return {
        "items": [
            {
                "kind": row.kind.value,
                "resting": row.resting,
                "obtained_yuan": row.obtained_yuan,
                **{
                    state: row.states.get(state, 0)
                    for state in ("open", "in_progress", "done", "closed")
                },
            }
            for row in count_cases(db.session, incubator, now())
        ]
    }


@blueprint.get("/commissioners/<public_id>")
@operation("commissioners:read", "commissioner:view", subject=find_commissioner)
@blueprint.response(200, CommissionerSchema)
def read_commissioner(commissioner: Commissioner) -> dict[str, Any]:
    """One commissioner."""
    return show_commissioner(commissioner)


@blueprint.post("/commissioners/<public_id>/accept")
@operation("commissioners:write", "commissioner:decide", subject=find_commissioner)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, CommissionerSchema)
def accept_commissioner(commissioner: Commissioner, body: Mapping[str, Any]) -> dict[str, Any]:
    """The side that was asked agrees."""
    return _take(commissioner, appointing.accept_commissioner)


@blueprint.post("/commissioners/<public_id>/decline")
@operation("commissioners:write", "commissioner:decide", subject=find_commissioner)
@once(needs_key=False)
@blueprint.arguments(CommissionerReasonSchema)
@blueprint.response(200, CommissionerSchema)
def decline_commissioner(commissioner: Commissioner, body: Mapping[str, Any]) -> dict[str, Any]:
    """The side that was asked does not agree."""
    return _take(commissioner, appointing.decline_commissioner, words=body["reason"])


@blueprint.post("/commissioners/<public_id>/withdraw")
@operation("commissioners:write", "commissioner:withdraw", subject=find_commissioner)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, CommissionerSchema)
def withdraw_commissioner(commissioner: Commissioner, body: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever asked takes it back."""
    return _take(commissioner, appointing.withdraw_commissioner)


@blueprint.post("/commissioners/<public_id>/end")
@operation("commissioners:write", "commissioner:end", subject=find_commissioner)
@once(needs_key=False)
@blueprint.arguments(CommissionerReasonSchema)
@blueprint.response(200, CommissionerSchema)
def end_commissioner(commissioner: Commissioner, body: Mapping[str, Any]) -> dict[str, Any]:
    """One of the two sides ends it, and with it the care of every company."""
    return _take(commissioner, appointing.end_commissioner, words=body["reason"])


@blueprint.post("/commissioners/<public_id>/limit")
@operation("commissioners:write", "commissioner:take", subject=find_commissioner)
@once(needs_key=False)
@blueprint.arguments(CompanyLimitSchema)
@blueprint.response(200, CommissionerSchema)
def limit_companies(commissioner: Commissioner, body: Mapping[str, Any]) -> dict[str, Any]:
    """How many companies one takes; those in care stay."""
    return _take(commissioner, appointing.take_companies, most_companies=body["most_companies"])


def show_commissioner(commissioner: Commissioner) -> dict[str, Any]:
    """A commissioner as the present viewer may see it."""
    viewer = get_current_actor()
    is_side = is_permitted(viewer, "commissioner:end", commissioner)
    possible = [
        action
        for action, permission in (
            ("accept", "commissioner:decide"),
            ("decline", "commissioner:decide"),
            ("withdraw", "commissioner:withdraw"),
            ("end", "commissioner:end"),
        )
        if COMMISSIONER.is_allowed(action, commissioner.state)
        and is_permitted(viewer, permission, commissioner)
        and not (action == "accept" and is_too_late(commissioner, now()))
    ]
    return {
        "id": commissioner.public_id,
        "incubator": commissioner.incubator.public_id,
        "state": commissioner.state,
        "kind": commissioner.kind.value,
        "name": commissioner.name,
        "institution": commissioner.institution,
        "contact": commissioner.contact if is_side else "",
        "has_account": commissioner.person_id is not None,
        "words": commissioner.words if is_side else "",
        "end_words": commissioner.end_words if is_side else "",
        "last_day": commissioner.last_day,
        "answer_by": find_answer_day(commissioner),
        "most_companies": commissioner.most_companies,
        "created_at": commissioner.created_at,
        "answered_at": commissioner.answered_at,
        "ended_at": commissioner.ended_at,
        "actions": possible,
    }


def _take(
    commissioner: Commissioner, action: Callable[..., object], **values: Any
) -> dict[str, Any]:
    carry_out(action, commissioner=commissioner, **values)
    return show_commissioner(commissioner)


def _list(query: Select[Commissioner], asked: Mapping[str, Any]) -> Shown | Lines:
    if asked["state"] is not None:
        query = query.where(Commissioner.state == asked["state"])
    return list_rows(
        query,
        asked,
        moment=Commissioner.created_at,
        key=Commissioner.id,
        show=show_commissioner,
    )
