"""Claims: listed, stated, read, released, withdrawn; what a fund may see of them."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

import marshmallow as ma
from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app.clock import now
from app.engagements.queries import find_engagement
from app.errors import NotFound
from app.extensions import db
from app.needs.queries import find_need
from app.profiles.queries import find_startup
from app.transactions import writing
from app.verification.actions import claims as actions
from app.verification.api.room import ClaimSchema, blueprint, show_claim
from app.verification.queries import claims as queries
from app.verification.values import ClaimValues, is_measure
from app.verification.values import read_claim as read_values
from app.web.api import changes_version, operation, show_list
from app.web.api_body import refuse_field
from app.web.api_fields import (
    ApiSchema,
    Code,
    Flag,
    Id,
    Line,
    Moment,
    NothingSchema,
    PageSchema,
    PartSchema,
    State,
    Text,
    make_next,
)
from app.web.api_versions import ETAG, Versions
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows, take_ordered
from app.web.repeats import once
from app.web.steps import carry_out
from models.engagements import Engagement
from models.lifecycle import CLAIM
from models.organisations import Startup
from models.verification import (
    CONDITIONS_LIMIT,
    METRIC_LIMIT,
    SENTENCE_LIMIT,
    UNIT_LIMIT,
    Claim,
)
from models.vocabulary import ClaimComparator, Gate, ReadinessScale

_NUMBER_LIMIT = 30


class ClaimValuesSchema(ApiSchema):
    """What a claim says; values are decimals written as text, "1200" or "0.5". 指标内容。"""

    metric = Line(least=1, most=METRIC_LIMIT, required=True)
    comparator = Code(ClaimComparator, required=True)
    low = Line(most=_NUMBER_LIMIT, load_default=None, allow_none=True)
    high = Line(most=_NUMBER_LIMIT, load_default=None, allow_none=True)
    unit = Line(most=UNIT_LIMIT, load_default="")
    conditions = Text(most=CONDITIONS_LIMIT, load_default="")
    gate = Code(Gate, load_default=None, allow_none=True)
    scale = Code(ReadinessScale, load_default=ReadinessScale.TECHNOLOGY)
    sentence = Text(most=SENTENCE_LIMIT, load_default="")
    need = Id(load_default=None, allow_none=True)


class ClaimChangeSchema(ApiSchema):
    """What of a claim is to be changed, as long as nobody has quoted for it. 指标的更改。"""

    metric = Line(least=1, most=METRIC_LIMIT)
    comparator = Code(ClaimComparator)
    low = Line(most=_NUMBER_LIMIT, allow_none=True)
    high = Line(most=_NUMBER_LIMIT, allow_none=True)
    unit = Line(most=UNIT_LIMIT)
    conditions = Text(most=CONDITIONS_LIMIT)
    gate = Code(Gate, allow_none=True)
    scale = Code(ReadinessScale)
    sentence = Text(most=SENTENCE_LIMIT)


class ClaimReleaseSchema(ApiSchema):
    """Whether funds may see a confirmed result. 是否披露。"""

    is_released = Flag(required=True)


class ClaimQuerySchema(PageSchema):
    """Which claims."""

    state = State(CLAIM.states, load_default=None)


class ReleasedClaimSchema(ma.Schema):
    """A confirmed claim as a fund may see it. 已披露的结论。"""

    metric = ma.fields.String(required=True)
    comparator = ma.fields.String(required=True)
    low = ma.fields.String(required=True, allow_none=True)
    high = ma.fields.String(required=True, allow_none=True)
    unit = ma.fields.String(required=True)
    conditions = ma.fields.String(required=True)
    measured = ma.fields.String(required=True, allow_none=True)
    uncertainty = ma.fields.String(required=True)
    gate = ma.fields.String(required=True, allow_none=True)
    readiness = ma.fields.Integer(required=True, allow_none=True)
    centre = ma.fields.String(required=True)
    published_at = Moment(required=True)
    sha256 = ma.fields.String(required=True)


class ReleasedClaimsSchema(ma.Schema):
    """What is released; `others` is always "not_released". 已披露结论列表。"""

    items = ma.fields.List(ma.fields.Nested(ReleasedClaimSchema), required=True)
    next = make_next()
    others = ma.fields.String(required=True)


@blueprint.get("/claims")
@operation("claims:read", "claim:list")
@blueprint.arguments(ClaimQuerySchema, location="query")
@blueprint.response(200, show_list(ClaimSchema))
def list_claims(asked: Mapping[str, Any]) -> Shown | Lines:
    """The claims of the startups for which one acts, the newest first."""
    query = queries.select_own(get_current_actor()).options(joinedload(Claim.need))
    if asked["state"] is not None:
        query = query.where(Claim.state == asked["state"])
    return list_rows(query, asked, moment=Claim.created_at, key=Claim.id, show=show_claim)


@blueprint.post("/startups/<public_id>/claims")
@operation("claims:write", "claim:state", subject=find_startup)
@once()
@blueprint.arguments(ClaimValuesSchema)
@blueprint.response(201, ClaimSchema)
def state_claim(startup: Startup, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Say what could be measured."""
    values = _read(body)
    with writing(db.session):
        need = None if body["need"] is None else find_need(db.session, body["need"])
        if body["need"] is not None and need is None:
            raise NotFound
        claim = actions.state_claim(
            db.session,
            startup=startup,
            values=values,
            need=need,
            actor=get_current_actor(),
            at=now(),
        )
    path = url_for("verification_api.read_claim", public_id=claim.public_id)
    return show_claim(claim), 201, {"Location": path}


@blueprint.get("/claims/<public_id>")
@operation("claims:read", "claim:view", subject=queries.find_claim)
@blueprint.response(200, ClaimSchema, headers=ETAG)
def read_claim(claim: Claim) -> Response:
    """One claim."""
    return _VERSIONS.answer(claim)


@blueprint.patch("/claims/<public_id>")
@operation("claims:write", "claim:edit", subject=queries.find_claim, refusals=(409,))
@changes_version
@blueprint.arguments(ClaimChangeSchema)
@blueprint.response(200, ClaimSchema, headers=ETAG)
def change_claim(claim: Claim, body: Mapping[str, Any]) -> Response:
    """Change what a claim says, as long as nobody has quoted for it: only what is given."""
    with _VERSIONS.changing(claim) as version:
        given: dict[str, Any] = {
            name: _read_number(value, name) if name in ("low", "high") else value
            for name, value in body.items()
        }
        with writing(db.session):
            actions.edit_claim(
                db.session,
                claim=claim,
                values=replace(read_values(claim), **given),
                version=version,
                actor=get_current_actor(),
                at=now(),
            )
    return _VERSIONS.answer(claim)


@blueprint.post("/claims/<public_id>/release")
@operation("claims:write", "claim:release", subject=queries.find_claim)
@once(needs_key=False)
@blueprint.arguments(ClaimReleaseSchema)
@blueprint.response(200, ClaimSchema)
def release_claim(claim: Claim, body: Mapping[str, Any]) -> dict[str, Any]:
    """Funds that accepted a request see a confirmed result of it, or no longer."""
    carry_out(actions.release_claim, claim=claim, is_released=body["is_released"])
    return show_claim(claim)


@blueprint.post("/claims/<public_id>/withdraw")
@operation("claims:write", "claim:edit", subject=queries.find_claim)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ClaimSchema)
def withdraw_claim(claim: Claim, body: Mapping[str, Any]) -> dict[str, Any]:
    """The startup says so no more; what reports showed meanwhile stays."""
    carry_out(actions.withdraw_claim, claim=claim)
    return show_claim(claim)


@blueprint.get("/engagements/<public_id>/proof")
@operation("deals:read", "claim:view_released", subject=find_engagement)
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, ReleasedClaimsSchema)
def read_released(engagement: Engagement, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a fund that has accepted a request may see of the startup's proof."""
    if not queries.can_see_released(engagement):
        raise NotFound
    released = queries.list_released(
        db.session, engagement.startup, until=queries.get_end(engagement)
    )
    part = take_ordered(
        released, asked, identify=lambda each: each.claim.public_id, show=_show_released
    )
    return {**part, "others": "not_released"}


def _show_released(released: queries.ReleasedClaim) -> dict[str, Any]:
    shown = show_claim(released.claim)
    of_claim = ("metric", "comparator", "low", "high", "unit", "conditions")
    return {name: shown[name] for name in of_claim} | {
        "measured": None if released.measured is None else f"{released.measured:f}",
        "uncertainty": released.uncertainty,
        "gate": None if released.gate is None else released.gate.value,
        "readiness": released.readiness,
        "centre": released.centre,
        "published_at": released.published_at,
        "sha256": released.sha256,
    }


def _read(body: Mapping[str, Any]) -> ClaimValues:
    return ClaimValues(
        low=_read_number(body["low"], "low"),
        high=_read_number(body["high"], "high"),
        **{
            name: body[name]
            for name in ("metric", "comparator", "unit", "conditions", "gate", "scale", "sentence")
        },
    )


def _read_number(said: str | None, field: str) -> Decimal | None:
    """A decimal as it is written. Refuses the field for anything else."""
    if said is None:
        return None
    try:
        number = Decimal(said)
    except InvalidOperation:
        number = Decimal("nan")
    if not is_measure(number):
        refuse_field(f"/{field}", _('Give a decimal with at most six places, such as "12.5".'))
    return number


_VERSIONS = Versions(ClaimSchema, queries.find_claim, show_claim)
