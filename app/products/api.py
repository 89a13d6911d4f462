"""Programs read and keep the catalogue, and ask which products fit a startup. 金融产品目录。"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import marshmallow as ma
from flask import Response, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from app.access import is_permitted
from app.clock import now
from app.extensions import db
from app.pools.queries import find_incubator
from app.products.actions import keeping
from app.products.catalogue import list_listed
from app.products.queries.products import (
    Fitting,
    find_product,
    list_fitting,
    select_known,
    select_of_incubator,
)
from app.products.values import ProductValues, read_product
from app.profiles.queries import find_startup
from app.vouchers.api.purse import ConditionFoundSchema
from app.vouchers.api.rules import RulesChangeSchema, RulesSaidSchema, read_sent, show_rules
from app.web.api import VERSION_PATH, ApiBlueprint, changes_version, operation, show_list
from app.web.api_fields import (
    Code,
    Day,
    Line,
    Moment,
    NothingSchema,
    PageSchema,
    PartSchema,
    State,
    Whole,
    make_next,
)
from app.web.api_versions import ETAG, Versions
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows, take_ordered
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.limits import MONEY_LIMIT_YUAN
from models.funds import WHOLE_BP
from models.lifecycle import FINANCE_PRODUCT
from models.organisations import Incubator, Startup
from models.product_codes import ProductKind
from models.products import CODE_LIMIT, MONTHS_LIMIT, OFFERER_LIMIT, FinanceProduct
from models.public_rules import TITLE_LIMIT

blueprint = ApiBlueprint(
    "products_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Finance products of incubators, and which fit a startup. 科技金融产品目录。",
)


class ProductChangeSchema(RulesChangeSchema):
    """What of a draft is to be changed. Whole yuan, hundredths of a percent. 产品草稿的更改。"""

    kind = Code(ProductKind, allow_none=True)
    offered_by = Line(most=OFFERER_LIMIT)
    least_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, allow_none=True)
    most_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, allow_none=True)
    months_most = Whole(low=1, high=MONTHS_LIMIT, allow_none=True)
    yearly_bp_from = Whole(low=1, high=WHOLE_BP, allow_none=True)
    yearly_bp_to = Whole(low=1, high=WHOLE_BP, allow_none=True)
    fee_bp = Whole(low=1, high=WHOLE_BP, allow_none=True)
    share_bp = Whole(low=1, high=WHOLE_BP, allow_none=True)
    valid_from = Day(allow_none=True)
    valid_until = Day(allow_none=True)


class ProductDraftSchema(ProductChangeSchema):
    """A new draft. `code`: of one in the list, or of one that there is already. 新产品草稿。"""

    code = Line(most=CODE_LIMIT, load_default="")
    title = Line(least=1, most=TITLE_LIMIT, required=True)


class ProductSaidSchema(RulesSaidSchema):
    """What a product says. 产品内容。"""

    kind = ma.fields.String(required=True, allow_none=True)
    offered_by = ma.fields.String(required=True)
    least_yuan = ma.fields.Integer(required=True, allow_none=True)
    most_yuan = ma.fields.Integer(required=True, allow_none=True)
    months_most = ma.fields.Integer(required=True, allow_none=True)
    yearly_bp_from = ma.fields.Integer(required=True, allow_none=True)
    yearly_bp_to = ma.fields.Integer(required=True, allow_none=True)
    fee_bp = ma.fields.Integer(required=True, allow_none=True)
    share_bp = ma.fields.Integer(required=True, allow_none=True)
    valid_from = ma.fields.Date(required=True, allow_none=True)
    valid_until = ma.fields.Date(required=True, allow_none=True)


class ProductSchema(ProductSaidSchema):
    """One version of a product. `actions` are what can be done with it now. 金融产品。"""

    id = ma.fields.String(required=True)
    incubator = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    published_at = Moment(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class ListedProductsSchema(ma.Schema):
    """The products that come with the house. 随附公开产品。"""

    items = ma.fields.List(ma.fields.Nested(ProductSaidSchema), required=True)


class ProductQuerySchema(PageSchema):
    """Which versions."""

    state = State(FINANCE_PRODUCT.states, load_default=None)


class FittingProductSchema(ma.Schema):
    """Whether a product fits a startup, condition by condition. 产品是否适用。"""

    product = ma.fields.Nested(ProductSchema, required=True)
    verdict = ma.fields.String(
        required=True, validate=ma.validate.OneOf(["pass", "fail", "unknown"])
    )
    findings = ma.fields.List(ma.fields.Nested(ConditionFoundSchema), required=True)
    days_left = ma.fields.Integer(required=True)


class FittingProductsSchema(ma.Schema):
    """Every product that stands for a startup, those that fit first. 适用产品列表。"""

    items = ma.fields.List(ma.fields.Nested(FittingProductSchema), required=True)
    next = make_next()


@blueprint.get("/products")
@operation("products:read", "product:list")
@blueprint.arguments(ProductQuerySchema, location="query")
@blueprint.response(200, show_list(ProductSchema))
def list_known_products(asked: Mapping[str, Any]) -> Shown | Lines:
    """All versions that one keeps, or that the incubator of one's startup shows."""
    return _list_versions(select_known(get_current_actor()), asked)


@blueprint.get("/startups/<public_id>/products")
@operation("products:read", "product:fit", subject=find_startup)
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, FittingProductsSchema)
def list_fitting_products(startup: Startup, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Every product that a startup's incubator has, and what its conditions say of it."""
    return take_ordered(
        list_fitting(db.session, startup, now()),
        asked,
        identify=lambda each: each.product.public_id,
        show=_show_fitting,
    )


@blueprint.get("/incubators/<public_id>/products")
@operation("products:read", "product:keep", subject=find_incubator)
@blueprint.arguments(ProductQuerySchema, location="query")
@blueprint.response(200, show_list(ProductSchema))
def list_finance_products(incubator: Incubator, asked: Mapping[str, Any]) -> Shown | Lines:
    """All versions of the products in the catalogue of an incubator."""
    return _list_versions(select_of_incubator(incubator), asked)


@blueprint.get("/incubators/<public_id>/products/listed")
@operation("products:read", "product:keep", subject=find_incubator)
@blueprint.response(200, ListedProductsSchema)
def list_public_products(incubator: Incubator) -> dict[str, Any]:
    """The products that come with the house, to take one up by its `code`."""
    return {
        "items": [
            show_rules(each.values)
            | {"code": each.code, "is_unverified": each.values.is_unverified}
            for each in list_listed()
        ]
    }


@blueprint.post("/incubators/<public_id>/products")
@operation("products:write", "product:draft", subject=find_incubator)
@once()
@blueprint.arguments(ProductDraftSchema)
@blueprint.response(201, ProductSchema, headers=ETAG)
def draft_finance_product(incubator: Incubator, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Begin a product, or the next version of one."""
    said = read_sent(body)
    code = said.pop("code")
    product = carry_out(
        keeping.draft_product, incubator=incubator, values=ProductValues(**said), code=code
    )
    path = url_for("products_api.read_finance_product", public_id=product.public_id)
    return _VERSIONS.answer(product, 201), 201, {"Location": path}


@blueprint.get("/products/<public_id>")
@operation("products:read", "product:view", subject=find_product)
@blueprint.response(200, ProductSchema, headers=ETAG)
def read_finance_product(product: FinanceProduct) -> Response:
    """One version of a product."""
    return _VERSIONS.answer(product)


@blueprint.patch("/products/<public_id>")
@operation("products:write", "product:edit", subject=find_product, refusals=(409,))
@changes_version
@blueprint.arguments(ProductChangeSchema)
@blueprint.response(200, ProductSchema, headers=ETAG)
def change_finance_product(product: FinanceProduct, body: Mapping[str, Any]) -> Response:
    """Change what a draft says: only what is given."""
    with _VERSIONS.changing(product) as version:
        values = replace(read_product(product), **read_sent(body))
        carry_out(keeping.edit_product, product=product, values=values, version=version)
    return _VERSIONS.answer(product)


@blueprint.post("/products/<public_id>/publish")
@operation("products:write", "product:publish", subject=find_product)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ProductSchema, headers=ETAG)
def publish_finance_product(product: FinanceProduct, body: Mapping[str, Any]) -> Response:
    """Founders are shown this version from now on; it takes the place of the one before."""
    version = product.version
    carry_out(keeping.publish_product, product=product, version=version)
    return _VERSIONS.answer(product)


@blueprint.post("/products/<public_id>/withdraw")
@operation("products:write", "product:publish", subject=find_product)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ProductSchema, headers=ETAG)
def withdraw_finance_product(product: FinanceProduct, body: Mapping[str, Any]) -> Response:
    """Founders are shown it no more."""
    carry_out(keeping.withdraw_product, product=product)
    return _VERSIONS.answer(product)


@blueprint.post("/products/<public_id>/discard")
@operation("products:write", "product:edit", subject=find_product)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, NothingSchema)
def discard_finance_product(product: FinanceProduct, body: Mapping[str, Any]) -> dict[str, Any]:
    """The draft is gone."""
    carry_out(keeping.discard_product, product=product)
    return {}


def show_product(product: FinanceProduct) -> dict[str, Any]:
    """A version as the present viewer may see it."""
    possible: list[str] = []
    if is_permitted(get_current_actor(), "product:publish", product):
        possible = {"draft": ["publish", "edit", "discard"], "current": ["withdraw"]}.get(
            product.state, []
        )
    return show_rules(read_product(product)) | {
        "id": product.public_id,
        "incubator": product.incubator.public_id,
        "code": product.code,
        "number": product.number,
        "state": product.state,
        "is_unverified": product.is_unverified,
        "published_at": product.published_at,
        "ended_at": product.ended_at,
        "actions": possible,
    }


def _list_versions(query: Select[FinanceProduct], asked: Mapping[str, Any]) -> Shown | Lines:
    if asked["state"] is not None:
        query = query.where(FinanceProduct.state == asked["state"])
    return list_rows(
        query, asked, moment=FinanceProduct.created_at, key=FinanceProduct.id, show=show_product
    )


def _show_fitting(each: Fitting) -> dict[str, Any]:
    return {
        "product": show_product(each.product),
        "verdict": each.eligibility.verdict.value,
        "findings": [
            {
                "condition": finding.condition.value,
                "verdict": finding.verdict.value,
                "gap": finding.gap,
            }
            for finding in each.eligibility.findings
        ],
        "days_left": each.days_left,
    }


_VERSIONS = Versions(ProductSchema, find_product, show_product)
