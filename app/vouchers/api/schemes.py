"""Schemes: listed, read, drafted, changed, published, and what becomes of a version."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import marshmallow as ma
from flask import Response, url_for
from flask.typing import ResponseReturnValue

from app.access import is_permitted
from app.pools.queries import find_incubator
from app.vouchers.actions import schemes as actions
from app.vouchers.api.room import blueprint
from app.vouchers.api.rules import RulesChangeSchema, RulesSaidSchema, read_sent, show_rules
from app.vouchers.catalogue import list_listed
from app.vouchers.queries.schemes import find_scheme, select_of_incubator
from app.vouchers.values import SchemeValues, read_scheme
from app.web.api import changes_version, operation, show_list
from app.web.api_fields import (
    Code,
    Day,
    Line,
    Listed,
    Moment,
    NothingSchema,
    PageSchema,
    State,
    Whole,
)
from app.web.api_versions import ETAG, Versions
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.limits import MONEY_LIMIT_YUAN
from models.funds import WHOLE_BP
from models.lifecycle import VOUCHER_SCHEME
from models.organisations import Incubator
from models.public_rules import TITLE_LIMIT
from models.voucher_codes import CapBasis, CapFor, VoucherCover, YearBasis
from models.vouchers import CODE_LIMIT, VoucherScheme


class SchemeChangeSchema(RulesChangeSchema):
    """What of a draft is to be changed. Whole yuan, hundredths of a percent. 方案草稿的更改。"""

    covers = Listed(Code(VoucherCover), most=6)
    share_bp = Whole(low=1, high=WHOLE_BP, allow_none=True)
    cap_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, allow_none=True)
    cap_basis = Code(CapBasis)
    year_basis = Code(YearBasis)
    other_cap_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, allow_none=True)
    other_cap_for = Code(CapFor, allow_none=True)
    budget_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, allow_none=True)
    opens_on = Day(allow_none=True)
    apply_until = Day(allow_none=True)
    use_until = Day(allow_none=True)
    claim_until = Day(allow_none=True)


class SchemeDraftSchema(SchemeChangeSchema):
    """A new draft. `code`: of one in the list, or of one that there is already. 新方案草稿。"""

    code = Line(most=CODE_LIMIT, load_default="")
    title = Line(least=1, most=TITLE_LIMIT, required=True)


class SchemeSaidSchema(RulesSaidSchema):
    """What a scheme says. 方案内容。"""

    covers = ma.fields.List(ma.fields.String(), required=True)
    share_bp = ma.fields.Integer(required=True, allow_none=True)
    cap_yuan = ma.fields.Integer(required=True, allow_none=True)
    cap_basis = ma.fields.String(required=True)
    year_basis = ma.fields.String(required=True)
    other_cap_yuan = ma.fields.Integer(required=True, allow_none=True)
    other_cap_for = ma.fields.String(required=True, allow_none=True)
    budget_yuan = ma.fields.Integer(required=True, allow_none=True)
    opens_on = ma.fields.Date(required=True, allow_none=True)
    apply_until = ma.fields.Date(required=True, allow_none=True)
    use_until = ma.fields.Date(required=True, allow_none=True)
    claim_until = ma.fields.Date(required=True, allow_none=True)


class SchemeSchema(SchemeSaidSchema):
    """One version of a scheme. `actions` are what can be done with it now. 创新券方案。"""

    id = ma.fields.String(required=True)
    incubator = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    published_at = Moment(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class ListedSchemesSchema(ma.Schema):
    """The public schemes that come with the product. 随附公开方案。"""

    items = ma.fields.List(ma.fields.Nested(SchemeSaidSchema), required=True)


class SchemeQuerySchema(PageSchema):
    """Which versions."""

    state = State(VOUCHER_SCHEME.states, load_default=None)


@blueprint.get("/incubators/<public_id>/voucher-schemes")
@operation("vouchers:read", "scheme:list", subject=find_incubator)
@blueprint.arguments(SchemeQuerySchema, location="query")
@blueprint.response(200, show_list(SchemeSchema))
def list_voucher_schemes(incubator: Incubator, asked: Mapping[str, Any]) -> Shown | Lines:
    """All versions of the schemes that an incubator administers."""
    query = select_of_incubator(incubator)
    if asked["state"] is not None:
        query = query.where(VoucherScheme.state == asked["state"])
    return list_rows(
        query, asked, moment=VoucherScheme.created_at, key=VoucherScheme.id, show=show_scheme
    )


@blueprint.get("/incubators/<public_id>/voucher-schemes/listed")
@operation("vouchers:read", "scheme:list", subject=find_incubator)
@blueprint.response(200, ListedSchemesSchema)
def list_public_schemes(incubator: Incubator) -> dict[str, Any]:
    """The public schemes that come with the product, to take one up by its `code`."""
    return {
        "items": [
            _show_values(each.values) | {"code": each.code, "is_unverified": each.is_unverified}
            for each in list_listed()
        ]
    }


@blueprint.post("/incubators/<public_id>/voucher-schemes")
@operation("vouchers:write", "scheme:draft", subject=find_incubator)
@once()
@blueprint.arguments(SchemeDraftSchema)
@blueprint.response(201, SchemeSchema, headers=ETAG)
def draft_voucher_scheme(incubator: Incubator, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Begin a scheme, or the next version of one."""
    said = dict(body)
    code = said.pop("code")
    values = _read(SchemeValues(title=said["title"]), said)
    scheme = carry_out(actions.draft_scheme, incubator=incubator, values=values, code=code)
    path = url_for("vouchers_api.read_voucher_scheme", public_id=scheme.public_id)
    return _VERSIONS.answer(scheme, 201), 201, {"Location": path}


@blueprint.get("/voucher-schemes/<public_id>")
@operation("vouchers:read", "scheme:view", subject=find_scheme)
@blueprint.response(200, SchemeSchema, headers=ETAG)
def read_voucher_scheme(scheme: VoucherScheme) -> Response:
    """One version of a scheme."""
    return _VERSIONS.answer(scheme)


@blueprint.patch("/voucher-schemes/<public_id>")
@operation("vouchers:write", "scheme:edit", subject=find_scheme, refusals=(409,))
@changes_version
@blueprint.arguments(SchemeChangeSchema)
@blueprint.response(200, SchemeSchema, headers=ETAG)
def change_voucher_scheme(scheme: VoucherScheme, body: Mapping[str, Any]) -> Response:
    """Change what a draft says: only what is given."""
    with _VERSIONS.changing(scheme) as version:
        values = _read(read_scheme(scheme), body)
        carry_out(actions.edit_scheme, scheme=scheme, values=values, version=version)
    return _VERSIONS.answer(scheme)


@blueprint.post("/voucher-schemes/<public_id>/publish")
@operation("vouchers:write", "scheme:publish", subject=find_scheme)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, SchemeSchema, headers=ETAG)
def publish_voucher_scheme(scheme: VoucherScheme, body: Mapping[str, Any]) -> Response:
    """Startups draw by this version from now on; it replaces the one before."""
    version = scheme.version
    carry_out(actions.publish_scheme, scheme=scheme, version=version)
    return _VERSIONS.answer(scheme)


@blueprint.post("/voucher-schemes/<public_id>/pause")
@operation("vouchers:write", "scheme:publish", subject=find_scheme)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, SchemeSchema, headers=ETAG)
def pause_voucher_scheme(scheme: VoucherScheme, body: Mapping[str, Any]) -> Response:
    """Nothing is reserved until the next round."""
    return _take(scheme, actions.pause_scheme)


@blueprint.post("/voucher-schemes/<public_id>/resume")
@operation("vouchers:write", "scheme:publish", subject=find_scheme)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, SchemeSchema, headers=ETAG)
def resume_voucher_scheme(scheme: VoucherScheme, body: Mapping[str, Any]) -> Response:
    """It is drawn of again."""
    return _take(scheme, actions.resume_scheme)


@blueprint.post("/voucher-schemes/<public_id>/close")
@operation("vouchers:write", "scheme:publish", subject=find_scheme)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, SchemeSchema, headers=ETAG)
def close_voucher_scheme(scheme: VoucherScheme, body: Mapping[str, Any]) -> Response:
    """Nothing more is reserved; what was goes on to its end."""
    return _take(scheme, actions.close_scheme)


@blueprint.post("/voucher-schemes/<public_id>/discard")
@operation("vouchers:write", "scheme:edit", subject=find_scheme)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, NothingSchema)
def discard_voucher_scheme(scheme: VoucherScheme, body: Mapping[str, Any]) -> dict[str, Any]:
    """The draft is gone."""
    carry_out(actions.discard_scheme, scheme=scheme)
    return {}


def show_scheme(scheme: VoucherScheme) -> dict[str, Any]:
    """A version as the present viewer may see it."""
    possible: list[str] = []
    if is_permitted(get_current_actor(), "scheme:publish", scheme):
        # What replaces a version is the next one.
        possible = [s for s in VOUCHER_SCHEME.list_actions(scheme.state) if s != "replace"]
        possible += ["edit", "discard"] if scheme.state == "draft" else []
    return _show_values(read_scheme(scheme)) | {
        "id": scheme.public_id,
        "incubator": scheme.incubator.public_id,
        "code": scheme.code,
        "number": scheme.number,
        "state": scheme.state,
        "is_unverified": scheme.is_unverified,
        "published_at": scheme.published_at,
        "ended_at": scheme.ended_at,
        "actions": possible,
    }


def _show_values(values: SchemeValues) -> dict[str, Any]:
    return show_rules(values) | {"covers": [code.value for code in values.covers]}


def _read(values: SchemeValues, body: Mapping[str, Any]) -> SchemeValues:
    """`values` with what was sent."""
    return replace(values, **read_sent(body))


def _take(scheme: VoucherScheme, action: Callable[..., object]) -> Response:
    carry_out(action, scheme=scheme)
    return _VERSIONS.answer(scheme)


_VERSIONS = Versions(SchemeSchema, find_scheme, show_scheme)
